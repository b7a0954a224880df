{# Forms are stacked, as in Acme Holding GmbH & Co. KG: each round takes one off. #}

{% macro read_companies(companies, legal_forms='legal_forms') -%}
    {{ return(adapter.dispatch('read_companies')(companies, legal_forms)) }}
{%- endmacro %}

{% macro default__read_companies(companies, legal_forms) -%}
    (
        with recursive

        shortened as (

            select
                company_name,
                {{ place_key('company_name') }} as company_key
            from {{ companies }}
            where company_name is not null

            {{ union_in_recursion() }}

            select
                shortened.company_name,
                left(
                    shortened.company_key,
                    length(shortened.company_key) - length(forms.legal_form) - 1
                ) as company_key
            from shortened
            inner join {{ legal_forms }} as forms
                on
                    {{ first_match('shortened.company_key', "'[^ ]+$'") }} = forms.last_word
                    and {{ ends_on('shortened.company_key', "' ' || forms.legal_form") }}

        )

        select
            company_name,
            min_by(company_key, length(company_key)) as company_key
        from shortened
        group by company_name
    )
{%- endmacro %}
