{#
    Whatever the clustering does, it may not lose a link: two records tied by a usable identifier are
    one customer, or one account.
#}

{{ config(severity='error', meta={'dimension': 'integrity', 'owner': 'data'}) }}

with

links as (

    select * from {{ ref('int_identifiers__linked') }}

),

records as (

    select
        'person' as entity,
        record_key,
        customer_id as owner_id
    from {{ ref('xref_customer_records') }}

    union all

    select
        'organization' as entity,
        record_key,
        account_id as owner_id
    from {{ ref('xref_account_records') }}

)

select
    links.entity,
    links.record_key,
    links.linked_record_key
from links
left join records as here
    on links.entity = here.entity and links.record_key = here.record_key
left join records as there
    on links.entity = there.entity and links.linked_record_key = there.record_key
where here.owner_id is null or here.owner_id is distinct from there.owner_id
