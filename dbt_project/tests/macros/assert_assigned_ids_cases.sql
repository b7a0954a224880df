{#
    Ids do not move: of two customers that merge the older stays, of one that splits the majority keeps
    it, a record that is older than all others renames nobody, and what did not change is not told.
#}

{{ config(severity='error', meta={'dimension': 'integrity', 'owner': 'data'}) }}

with

grouped (entity, record_key, created_on, cluster_key) as (

    values
    ('person', 'a:1', '2024-01-01', 'a:1'),
    ('person', 'a:2', '2024-01-02', 'a:1'),
    ('person', 'b:1', '2023-01-01', 'a:1'),
    ('person', 'new:1', '2020-01-01', 'a:1'),
    ('person', 'c:1', '2024-01-01', 'c:1'),
    ('person', 'c:2', '2024-01-02', 'c:2'),
    ('person', 'c:3', '2024-01-03', 'c:2'),
    ('person', 'd:1', '2019-01-01', 'd:1'),
    ('person', 'd:2', '2018-01-01', 'd:1'),
    ('person', 'e:1', null, 'e:1'),
    ('person', 'e:2', '2024-01-02', 'e:1'),
    ('person', 'e:3', '2024-01-01', 'e:1'),
    ('organization', 'f:1', null, 'f:1')

),

clustered as ( -- noqa: ST03

    select
        entity,
        record_key,
        1 as record_number,
        cast(created_on as timestamp) as created_at,
        cluster_key
    from grouped

),

given (record_key, golden_id, previous_id, founding_record_key, founded_on, assigned_on) as (

    values
    ('a:1', 'cus_1', null, 'a:1', '2024-01-01', '2026-01-01'),
    ('a:2', 'cus_1', null, 'a:1', '2024-01-01', '2026-01-01'),
    ('b:1', 'cus_2', null, 'b:1', '2023-01-01', '2026-01-02'),
    ('c:1', 'cus_38b77820b0049c215974', null, 'c:1', '2024-01-01', '2026-01-01'),
    ('c:2', 'cus_38b77820b0049c215974', null, 'c:1', '2024-01-01', '2026-01-01'),
    ('c:3', 'cus_38b77820b0049c215974', null, 'c:1', '2024-01-01', '2026-01-01'),
    ('d:1', 'cus_8', null, 'gone:1', '2024-01-01', '2026-01-01'),
    ('d:1', 'cus_9', 'cus_8', 'gone:2', '2024-01-01', '2026-01-02'),
    ('d:2', 'cus_9', null, 'gone:2', '2024-01-01', '2026-01-02')

),

assignments as ( -- noqa: ST03

    select
        'person' as entity,
        record_key,
        golden_id,
        previous_id,
        founding_record_key,
        cast(founded_on as timestamp) as founded_at,
        cast(assigned_on as timestamp) as assigned_at
    from given

),

expected (record_key, golden_id, previous_id) as (

    values
    ('a:1', 'cus_2', 'cus_1'),
    ('a:2', 'cus_2', 'cus_1'),
    ('new:1', 'cus_2', null),
    ('c:1', 'cus_602726d6136a264ee403', 'cus_38b77820b0049c215974'),
    ('e:1', 'cus_824de8d62c9aa52669c8', null),
    ('e:2', 'cus_824de8d62c9aa52669c8', null),
    ('e:3', 'cus_824de8d62c9aa52669c8', null),
    ('f:1', 'acc_537fd087393fd594e0db', null)

),

actual as (

    select
        record_key,
        golden_id,
        previous_id
    from {{ assigned_ids('clustered', 'assignments') }}

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
