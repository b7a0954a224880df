-- Values that look like a misspelling of a much more frequent one in their column, word by word.

create temp table value_terms as
with
terms as (
    select position, code, cells, value as term
    from found_values
    union
    select position, code, cells, unnest(regexp_split_to_array(value, '[^\p{L}\p{N}]+')) as term
    from found_values
)
select *
from terms
where length(term) between 4 and 40 and not regexp_matches(term, '\p{N}');

create temp table terms as
select
    position,
    term,
    cast(sum(cells) as bigint) as cells,
    row_number() over (partition by position order by sum(cells) desc, term) as rank,
    length(term) as size,
    left(term, 1) as head,
    right(term, 1) as tail
from value_terms
group by position, term
qualify rank <= getvariable('terms');

-- Pairs of a term and a more frequent one that differ by a letter in four, three at most. They
-- start or end with the same letter: nearly all misspellings do, and few others need comparing.
create temp table neighbours as
with
models as (
    select * from terms
    where rank <= getvariable('models') and cells >= 5
),
compared as (
    select terms.*, models.term as model, models.cells as model_cells, models.size as model_size
    from terms
    inner join models on terms.position = models.position and terms.head = models.head
    where terms.cells < models.cells and abs(terms.size - models.size) <= 3
    union
    select terms.*, models.term as model, models.cells as model_cells, models.size as model_size
    from terms
    inner join models on terms.position = models.position and terms.tail = models.tail
    where terms.cells < models.cells and abs(terms.size - models.size) <= 3
)
select
    position,
    term,
    cells,
    max(model_cells) as model_cells
from compared
where damerau_levenshtein(term, model) <= least(3, model_size // 4)
group by position, term, cells;

-- A term twenty times as frequent as another makes it a slip, unless words of this column are like
-- that: if as many of its frequent words have a neighbour of their own rank (`Maria`, `Marie`),
-- being near to one is no sign of anything.
create temp table spelling_rates as
select
    terms.position,
    count(*) filter (where terms.cells < 5) as rare,
    count(*) filter (where terms.cells < 5 and model_cells >= 20 * terms.cells) as rare_near,
    count(*) filter (where terms.cells >= 5 and coalesce(model_cells < 20 * terms.cells, true))
        as usual,
    count(*) filter (where terms.cells >= 5 and model_cells < 20 * terms.cells) as usual_near
from terms
left join neighbours using (position, term)
group by terms.position;

create temp table misspelt as
select
    value_terms.position,
    value_terms.code,
    max(
        (1 - neighbours.cells / neighbours.model_cells)
        * greatest(0, 1 - ((usual_near + 1) / (usual + 2)) / ((rare_near + 1) / (rare + 1)))
    ) as confidence
from value_terms
inner join neighbours using (position, term)
inner join spelling_rates using (position)
where neighbours.model_cells >= 20 * neighbours.cells
group by value_terms.position, value_terms.code;
