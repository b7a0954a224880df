{# A month left out is a month without revenue. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

spans (span, first_on, last_on) as (

    values
    ('over a year', date '2025-11-30', date '2026-01-01'),
    ('within one', date '2026-02-03', date '2026-02-28'),
    ('backwards', date '2026-02-01', date '2026-01-31')

),

expected (span, month_start) as (

    values
    ('over a year', date '2025-11-01'),
    ('over a year', date '2025-12-01'),
    ('over a year', date '2026-01-01'),
    ('within one', date '2026-02-01')

),

months as (

    select
        span,
        {{ each_month('first_on', 'last_on') }} as month_start
    from spans

),

actual as (

    select
        span,
        cast(month_start as date) as month_start
    from months

),

missing as (

    select * from expected
    except all
    select * from actual

),

unexpected as (

    select * from actual
    except all
    select * from expected

)

select
    span,
    month_start
from missing
union all
select
    span,
    month_start
from unexpected
