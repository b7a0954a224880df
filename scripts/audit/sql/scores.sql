-- What speaks against each cell, together. Given: `unfit` (position, code, confidence), values
-- that do not fit what their column is taken for, and `placeholders`, likewise.

create temp table evidence as
select position, code, 'misspelt' as reason, confidence from misspelt
union all
select position, code, 'odd shape', confidence from misshapen
union all
select position, code, 'does not fit the attribute', confidence from unfit
union all
select position, code, 'placeholder', confidence from placeholders;

-- Each reason leaves a cell some chance of being right, and all of them the product. Where the
-- other rows bear a cell out, its looks count for less.
create temp table suspects as
with
weighed as (
    select
        coded.line,
        coded.position,
        evidence.reason,
        evidence.confidence * (1 + least(0, coalesce(opinions.opinion, 0))) as confidence
    from coded
    inner join evidence using (position, code)
    left join opinions using (line, position)
    union all
    select line, position, 'contradicts other rows', opinion
    from opinions
    where opinion > 0
)
select
    line,
    position,
    1 - product(1 - confidence) as score,
    list(reason order by confidence desc, reason) filter (where confidence >= 0.25) as reasons
from weighed
group by line, position
having score > 0.5;
