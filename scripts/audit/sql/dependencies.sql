-- Which columns depend on which others, found in the data. A row is judged by the other rows that
-- have the same value in the determining columns: these tell what its value should be.

-- A determinant is a column, or two; `first` and `second` are then different.
create temp table determinants as
select
    position as determinant,
    position as first,
    position as second
from related_columns;

create temp table keyed as
select
    determinants.determinant,
    coded.line,
    coded.code as key
from determinants
inner join coded on determinants.first = coded.position;

-- Of each group of rows with the same key: how many have a value, and how many its strongest
-- rival among the others.
create temp macro groups_of(candidates) as table
with
counted as (
    select
        candidate.determinant,
        candidate.dependent,
        keyed.key,
        coded.code,
        count(*) as cells
    from query_table(candidates) as candidate
    inner join keyed using (determinant)
    inner join coded on candidate.dependent = coded.position and keyed.line = coded.line
    group by all
),
sized as (
    select
        determinant,
        dependent,
        key,
        sum(cells) as size,
        max(cells, 2) as most
    from counted
    group by all
    having sum(cells) > 1
)
select
    counted.*,
    sized.size,
    case
        when counted.cells = sized.most[1] then coalesce(sized.most[2], 0)
        else sized.most[1]
    end as rival
from counted
inner join sized using (determinant, dependent, key);

-- How often the others foretell the value of a row, and whether they do better than the column's
-- commonest value would, by more than chance (McNemar's test; 15 is p < 0.0001).
create temp macro strengths_of(candidates) as table
with
judged as (
    select
        grouped.determinant,
        grouped.dependent,
        any_value(found_columns.filled) as filled,
        sum(cells) as support,
        coalesce(sum(cells) filter (where cells - 1 > rival), 0) as foretold,
        coalesce(sum(cells) filter (where cells - 1 > rival and code <> commonest), 0) as gained,
        coalesce(sum(cells) filter (where cells - 1 <= rival and code = commonest), 0) as lost
    from groups_of(candidates) as grouped
    inner join found_columns on grouped.dependent = found_columns.position
    group by grouped.determinant, grouped.dependent
)
select
    determinant,
    dependent,
    support,
    support / filled as coverage,
    foretold / support as accuracy
from judged
where gained > lost and power(gained - lost, 2) / (gained + lost) >= 15;

create temp table single_candidates as
select
    determinants.determinant,
    related_columns.position as dependent
from determinants
inner join related_columns on determinants.determinant <> related_columns.position;

create temp table strengths as
from strengths_of('single_candidates');

-- Pairs are tried where single columns say something, but not (nearly) all.
create temp table pair_candidates as
with
promising as (
    select *
    from strengths
    qualify
        max(accuracy) over (partition by dependent) < 0.99
        and row_number() over (partition by dependent order by accuracy desc, determinant) <= 2
),
pairs as (
    select
        least(promising.determinant, related_columns.position) as first,
        greatest(promising.determinant, related_columns.position) as second,
        promising.dependent,
        max(promising.accuracy) as accuracy
    from promising
    inner join related_columns
        on related_columns.position not in (promising.determinant, promising.dependent)
    group by all
)
select
    -- beyond the positions of columns, which are those of the single determinants
    1000000 + dense_rank() over (order by first, second) as determinant,
    first,
    second,
    dependent
from pairs
qualify
    row_number() over (order by accuracy desc, dependent, first, second) <= getvariable('pairs');

insert into determinants
select distinct determinant, first, second from pair_candidates;

insert into keyed
select
    determinants.determinant,
    one.line,
    one.code * 4294967296 + two.code as key
from determinants
inner join coded as one on determinants.first = one.position
inner join coded as two on determinants.second = two.position and one.line = two.line
where determinants.first <> determinants.second;

insert into strengths
from strengths_of('pair_candidates');

-- A pair has to tell more than each of its columns does, by more than chance.
create temp table dependencies as
select
    strengths.*,
    determinants.first,
    determinants.second
from strengths
inner join determinants using (determinant)
anti join strengths as singles
    on
        strengths.dependent = singles.dependent
        and strengths.determinant <> singles.determinant
        and singles.determinant in (determinants.first, determinants.second)
        and not (
            strengths.accuracy > singles.accuracy
            and power((strengths.accuracy - singles.accuracy) * strengths.support, 2)
            >= 15 * (2 - strengths.accuracy - singles.accuracy) * strengths.support
        )
where strengths.accuracy >= 0.9 and strengths.coverage >= 0.3
qualify
    row_number() over (
        partition by strengths.dependent order by strengths.accuracy desc, strengths.determinant
    ) <= 8;

-- What each dependency says of each cell: from 1, all the others have one other value, to -1, they
-- all have its own. Divided by the group with the row itself, so that few others say less.
create temp table votes as
select
    coded.line,
    grouped.dependent,
    grouped.determinant,
    (grouped.rival - (grouped.cells - 1)) / grouped.size as vote,
    grouped.cells - 1 > grouped.rival as is_foretold
from groups_of('dependencies') as grouped
inner join keyed
    on grouped.determinant = keyed.determinant and grouped.key = keyed.key
inner join coded
    on
        grouped.dependent = coded.position
        and grouped.code = coded.code
        and keyed.line = coded.line;

-- A dependency that another one of its column outdoes has no vote: where a state and a product
-- give the discount, the product alone is often wrong.
create temp table best as
select
    dependent,
    determinant
from dependencies
qualify row_number() over (partition by dependent order by accuracy desc, determinant) = 1;

create temp table outdone as
select
    votes.dependent,
    votes.determinant
from votes
inner join best on votes.dependent = best.dependent and votes.determinant <> best.determinant
inner join votes as best_votes
    on
        best.determinant = best_votes.determinant
        and votes.dependent = best_votes.dependent
        and votes.line = best_votes.line
where votes.is_foretold <> best_votes.is_foretold
group by votes.dependent, votes.determinant
having
    count(*) filter (where best_votes.is_foretold) > count(*) filter (where votes.is_foretold)
    and power(
        count(*) filter (where best_votes.is_foretold) - count(*) filter (where votes.is_foretold),
        2
    ) / count(*) >= 15;

-- What is said of a cell, on average. Who is wrong about other cells of the row counts for less: a
-- product that goes neither with its number nor with its category is itself what is wrong.
create temp table opinions as
with
heard as (
    select
        line,
        dependent,
        vote,
        1 - (
            count(*) filter (where vote > 0) over by_voter - cast(vote > 0 as integer)
        ) / count(*) over by_voter as credibility
    from votes
    anti join outdone using (dependent, determinant)
    window by_voter as (partition by line, determinant)
)
select
    line,
    dependent as position,
    avg(vote * credibility) as opinion
from heard
group by line, dependent;
