insert into pii_sampled
with

cells as (
    select unnest([{cells}], recursive := true)
    from (from {rows})
),

different as (
    select
        position,
        any_value(left(trim(value), {length} * 10)) as value,
        count(*) as cell_count
    from cells
    where trim(value) <> ''
    group by position, hash(value)
),

chosen as (
    select
        *,
        case when left(value, 1) in ('{{', '[') then json_valid(value) else false end as is_document
    from different
    qualify
        row_number() over (partition by position order by hash(value), value)
        <= case when left(value, 1) in ('{{', '[') then {documents} else {sample} end
),

nodes as (
    select
        chosen.position,
        regexp_replace(tree.fullkey, '\[\d+\]', '[]', 'g') as path,
        tree.key,
        tree.type,
        json_extract_string(tree.atom, '$') as value
    from (select * from chosen where is_document) as chosen, json_tree(chosen.value) as tree
),

parts as (
    select position, '' as path, value, cell_count
    from chosen
    where not is_document

    union all

    select position, path, trim(value) as value, 1 as cell_count
    from nodes
    where value is not null and trim(value) <> '' and type not in ('BOOLEAN', 'NULL')

    union all

    -- What is a key may be a value itself.
    select position, '$' as path, key as value, 1 as cell_count
    from nodes
    where contains(key, '@') or regexp_matches(key, '[0-9]{{7}}')
),

paths as (
    select position, path, count(*) as part_count
    from parts
    group by position, path
),

told_apart as (
    select
        *,
        row_number() over (partition by position order by part_count desc, path) > {keys} as is_rare
    from paths
),

placed as (
    select
        parts.position,
        case when told_apart.is_rare then '$.*' else parts.path end as path,
        left(parts.value, {length}) as value,
        sum(parts.cell_count)::bigint as cell_count
    from parts
    inner join told_apart using (position, path)
    group by all
)

select
    {table} as table_number,
    position,
    path,
    value,
    cell_count
from placed
qualify row_number() over (partition by position, path order by hash(value), value) <= {sample}
