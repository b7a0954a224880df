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
),

sampled as (
    select
        row_number() over () as id,
        position,
        path,
        value,
        cell_count,
        lower(strip_accents(value)) as place
    from placed
    qualify row_number() over (partition by position, path order by hash(value), value) <= {sample}
),

name_words as (
    select id, unnest(list_distinct(pii_words(value))) as word
    from sampled
    where length(value) <= 80 and pii_like_person_name(value)
),

known_names as (
    select
        name_words.id,
        bool_or(names.part = 'given') as is_given,
        bool_or(names.part = 'family') as is_family
    from name_words
    inner join pii_person_names as names on name_words.word = names.name
    group by name_words.id
),

tested as (
    select
        sampled.*,
        coalesce(known_names.is_given, false) as is_given,
        coalesce(known_names.is_family, false) as is_family,
        pii_words(left(value, 80)) as words,
        pii_year(value) as birth_year,
        {tests}
    from sampled
    left join known_names using (id)
)

select
    position,
    path,
    regexp_extract(path, '([^.\[\]"]+)(\[\])*$', 1) as key,
    count(*) as value_count,
    sum(cell_count)::bigint as cell_count,
    count_if(is_given) as given_count,
    count_if(is_family) as family_count,
    count_if(
        regexp_full_match(value, '[\p{{Han}}\p{{Hangul}}\p{{Hiragana}}\p{{Katakana}}]{{2,6}}( [\p{{Han}}\p{{Hiragana}}\p{{Katakana}}]{{1,4}})?')
        and (
            list_contains(getvariable('pii_starts'), left(value, 1))
            or list_contains(getvariable('pii_starts'), left(value, 2))
            or list_contains(getvariable('pii_starts'), left(value, 3))
        )
    ) as start_count,
    count_if(list_has_any(words, getvariable('pii_companies'))) as company_count,
    count_if(len(words) > 1) as multi_count,
    count_if(birth_year between year(current_date) - 100 and year(current_date) - 16) as aged_count,
    min(birth_year) as first_year,
    max(birth_year) as last_year,
    stddev_pop(birth_year) as year_deviation,
    year(current_date) - avg(birth_year) as mean_age,
    count(distinct pii_day(value)) as day_count,
    count_if(
        regexp_matches(value, '[T ][0-9]{{2}}:[0-9]{{2}}') and not regexp_matches(value, '[T ]00:00(:00)?')
    ) as timed_count,
    {counts}
from tested
group by position, path
order by position, path
