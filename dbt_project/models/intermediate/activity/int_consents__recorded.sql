{#
    Most sources keep but the present state, so what they said before is nowhere else: rows are only
    added, and `--full-refresh` leaves them.
#}

{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}

with

consents as (

    select * from {{ ref('int_consents__unioned') }}

),

recorded as (

    {% if is_incremental() -%}
        select * from {{ this }}
    {%- else -%}
        select
            *,
            1 as revision
        from consents
        where false
    {%- endif %}

),

unrecorded as (

    select * from {{ new_consents('consents', 'recorded') }}

),

noted as (

    select
        *,
        {{ build_time() }} as noted_at
    from unrecorded

)

select * from noted
