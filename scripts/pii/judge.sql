with

sampled as (
    select
        row_number() over () as id,
        value,
        lower(strip_accents(value)) as place
    from (select distinct value from pii_sampled)
),

name_words as (
    select id, unnest(list_distinct(pii_words(value))) as word
    from sampled
    where length(value) <= 80 and pii_like_person_name(value)
),

known_names as (
    select
        name_words.id,
        bool_or(
            names.part = 'given' or regexp_matches(name_words.word, getvariable('pii_given_endings'))
        ) as is_given,
        bool_or(
            names.part = 'family'
            or regexp_matches(name_words.word, getvariable('pii_family_endings'))
        ) as is_family
    from name_words
    left join pii_person_names as names on name_words.word = names.name
    group by name_words.id
),

tested as (
    select
        sampled.*,
        coalesce(known_names.is_given, false) as is_given,
        coalesce(known_names.is_family, false) as is_family,
        pii_like_start(value) as is_start,
        list_has_any(pii_words(left(value, 80)), getvariable('pii_companies')) as is_company,
        len(pii_words(left(value, 80))) > 1 as is_multiple,
        pii_day(value) as birth_day,
        regexp_matches(value, '^.{10}[T ][0-9]{2}:[0-9]{2}')
            and not regexp_matches(value, '[T ]00:00(:00)?') as is_timed,
        pii_year(value) as birth_year,
        {tests}
    from sampled
    left join known_names using (id)
)

select
    table_number,
    position,
    path,
    regexp_extract(path, '([^.\[\]"]+)(\[\])*$', 1) as key,
    count(*) as value_count,
    sum(cell_count)::bigint as cell_count,
    count(*) filter (is_given) as given_count,
    count(*) filter (is_family) as family_count,
    count(*) filter (is_start) as start_count,
    count(*) filter (is_company) as company_count,
    count(*) filter (is_multiple) as multi_count,
    count(*) filter (
        birth_year between year(current_date) - 100 and year(current_date) - 16
    ) as aged_count,
    min(birth_year) as first_year,
    max(birth_year) as last_year,
    stddev_pop(birth_year) as year_deviation,
    year(current_date) - avg(birth_year) as mean_age,
    count(distinct birth_day) as day_count,
    count(*) filter (is_timed) as timed_count,
    {counts}
from pii_sampled
inner join tested using (value)
group by table_number, position, path
order by table_number, position, path
