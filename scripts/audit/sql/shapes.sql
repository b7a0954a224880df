-- Values written unlike the rest of a column that is otherwise written alike: a letter among
-- digits, a digit in a word. How many letters there are does not matter, how many digits does.

create temp table written as
select
    position,
    code,
    cells,
    regexp_replace(regexp_replace(left(value, 80), '\p{L}+', 'a', 'g'), '\p{N}', '9', 'g') as shape
from found_values;

create temp table shapes as
select
    written.position,
    shape,
    sum(cells) / any_value(filled) as share,
    regexp_matches(shape, 'a9|9a') as is_mixed,
    contains(shape, '9') as has_digits,
    contains(shape, 'a') as has_letters
from written
inner join found_columns using (position)
group by written.position, shape;

create temp table regular as
select
    position,
    sum(share) as regularity
from shapes
where share >= 0.05
group by position
having sum(share) >= 0.8;

create temp table misshapen as
with
odd as (
    select
        rare.position,
        rare.shape,
        any_value(regularity) as confidence
    from shapes as rare
    inner join regular using (position)
    inner join shapes as usual on rare.position = usual.position and usual.share >= 0.05
    where rare.share <= 0.02
    group by rare.position, rare.shape
    having bool_and(
        (rare.is_mixed and not usual.is_mixed)
        or rare.has_digits <> usual.has_digits
        or rare.has_letters <> usual.has_letters
    )
)
select
    written.position,
    written.code,
    odd.confidence
from written
inner join odd using (position, shape);
