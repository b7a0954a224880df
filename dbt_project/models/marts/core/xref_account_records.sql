with

organizations as (

    select * from {{ ref('int_organizations__cleaned') }}

),

clusters as (

    select * from {{ ref('int_organizations__clustered') }}

),

accounts as (

    select * from {{ ref('int_accounts__identified') }}

),

records as (

    select
        organizations.source,
        organizations.record_id,
        accounts.account_id,
        organizations.record_key,
        organizations.is_deleted,
        accounts.is_legacy_only
    from organizations
    inner join clusters
        on organizations.record_key = clusters.record_key
    inner join accounts
        on clusters.cluster_key = accounts.cluster_key

)

select * from records
