{#
    What sources say of consents now and did not say last. A time of its own makes a new event; where
    the source gives none, its best guess moves with every edit of the record, and makes none.
#}

{% macro new_consents(consents, recorded) -%}
    (
        with

        revisions as (

            select
                *,
                row_number() over (
                    partition by source, consent_id
                    order by revision desc
                ) as recency
            from {{ recorded }}

        ),

        latest as (

            select * from revisions
            where recency = 1

        )

        select
            ---------- ids
            consents.consent_key || coalesce('#' || (latest.revision + 1), '') as consent_key,
            consents.source,
            consents.consent_id,
            coalesce(latest.revision, 0) + 1 as revision,
            consents.customer_record_key,

            ---------- text
            consents.purpose,
            consents.channel,
            consents.status,
            consents.evidence,

            ---------- booleans
            consents.is_dated,

            ---------- timestamps
            -- Until the load before, the source said otherwise.
            case
                when latest.revision is not null and not consents.is_dated then consents.loaded_at
                else consents.recorded_at
            end as recorded_at,
            consents.loaded_at
        from {{ consents }} as consents
        left join latest
            on
                consents.source = latest.source
                and consents.consent_id = latest.consent_id
        -- What is new differs from nothing at all.
        where
            consents.status is distinct from latest.status
            or consents.customer_record_key is distinct from latest.customer_record_key
            or consents.purpose is distinct from latest.purpose
            or consents.channel is distinct from latest.channel
            or consents.evidence is distinct from latest.evidence
            or (consents.is_dated and consents.recorded_at is distinct from latest.recorded_at)
    )
{%- endmacro %}
