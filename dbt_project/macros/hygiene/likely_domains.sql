{#
    A name of five letters or more is seldom one letter away from another by chance: the seed marks
    those, and a domain that is itself one people have addresses at is no typo.
#}

{% macro likely_domains(
    domains, email_providers='email_providers', disposable_domains='disposable_email_domains'
) -%}
    (
        with

        unknown as (

            select domain from {{ domains }}
            except
            select domain from {{ email_providers }}
            except
            select domain from {{ disposable_domains }}

        ),

        common as (

            select domain as likely_domain
            from {{ email_providers }}
            where is_common

        )

        select
            unknown.domain,
            min(common.likely_domain) as likely_domain
        from unknown
        inner join common
            on
                length(unknown.domain)
                between length(common.likely_domain) - 1 and length(common.likely_domain) + 1
                and {{ edit_distance('unknown.domain', 'common.likely_domain') }} = 1
        group by unknown.domain
    )
{%- endmacro %}
