-- Cells as codes, a code for each different value of a column. Given: `searched` (line, position,
-- value), a row for each cell that holds something.

create temp table found_values as
select
    position,
    value,
    count(*) as cells,
    row_number() over (partition by position order by value) as code
from searched
group by position, value;

create temp table found_columns as
select
    position,
    cast(sum(cells) as bigint) as filled,
    count(*) as different,
    arg_min(code, (-cells, code)) as commonest
from found_values
group by position;

-- A column of keys, or of one value, depends on nothing and determines nothing worth knowing.
create temp table related_columns as
select *
from found_columns
where different > 1 and different <= 0.7 * filled
qualify row_number() over (order by filled desc, position) <= getvariable('related_columns');

create temp table coded as
select
    searched.line,
    searched.position,
    found_values.code
from searched
inner join found_values using (position, value);
