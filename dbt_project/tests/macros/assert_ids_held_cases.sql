{# A record goes by the id it was given last, in whatever order the rows are. #}

{{ config(severity='error', meta={'dimension': 'quality', 'owner': 'data'}) }}

with

assignments (entity, record_key, golden_id, assigned_at) as ( -- noqa: ST03

    values
    ('person', 'a:1', 'cus_2', timestamp '2026-01-02'),
    ('person', 'a:1', 'cus_1', timestamp '2026-01-01'),
    ('person', 'b:1', 'cus_1', timestamp '2026-01-01'),
    ('organization', 'a:1', 'acc_1', timestamp '2026-01-01')

),

expected (entity, record_key, golden_id) as (

    values
    ('person', 'a:1', 'cus_2'),
    ('person', 'b:1', 'cus_1'),
    ('organization', 'a:1', 'acc_1')

),

actual as (

    select * from {{ ids_held('assignments') }}

),

differences as (

    (
        select * from expected
        except all
        select * from actual
    )

    union all

    (
        select * from actual
        except all
        select * from expected
    )

)

select * from differences
