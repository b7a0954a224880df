{#- When what a fact tells of was last so. -#}
{%- set fact_times = {
    'consents': 'recorded_at',
    'deals': 'updated_at',
    'email_events': 'occurred_at',
    'events': 'occurred_at',
    'invoices': 'issued_at',
    'orders': 'ordered_at',
    'payments': 'paid_at',
    'subscriptions': 'started_at',
    'tickets': 'updated_at',
} -%}
{%- set branches = [] -%}
{%- for column in model_columns('customer_360') -%}
    {%- do branches.append("when '" ~ column ~ "' then cast(customers." ~ column ~ " as string)") -%}
{%- endfor -%}
with

needs as (

    select * from {{ ref('strategy_needs') }}

),

customers as (

    select * from {{ ref('customer_360') }}
    where not is_deleted

),

attribute_sources as (

    select * from {{ ref('customer_attribute_sources') }}
    where
        value is not null
        and attribute in (select needs.attribute from needs)

),

customer_records as (

    select * from {{ ref('xref_customer_records') }}
    where not is_deleted

),

cells as (

    select * from {{ ref('int_cells__cleaned') }}
    where entity = 'person'

),

hygiene_rules as (

    select * from {{ ref('hygiene_rules') }}

),

current_consents as (

    select * from {{ ref('int_consents__current') }}

),

consent_policies as (

    select * from {{ ref('consent_policies') }}

),

reporting_day as (

    select * from {{ ref('int_reporting_day__found') }}

),

{% for fact in fact_times %}
    {{ fact }} as (

        select * from {{ ref('fct_' ~ fact) }}

    ),

{% endfor %}
-- Of each attribute one is null: a join on it finds nothing.
split_needs as (

    select
        *,
        case when fact is null then attribute end as person_attribute,
        case when fact is not null then attribute end as customer_column
    from needs

),

goals as (

    select distinct
        goal,
        audience_column,
        audience_at_least,
        audience_values,
        target_column,
        purpose,
        channel,
        basis
    from needs

),

named_columns as (

    select audience_column as column_name from needs

    union
    select target_column as column_name from needs

    union
    select customer_column as column_name from split_needs

),

-- As many looks at a customer as columns are named, whatever columns there are.
told as (

    select
        customers.customer_id,
        named_columns.column_name,
        case named_columns.column_name
            {{ branches | join(' ') or "when '' then ''" }}
        end as value
    from customers
    cross join named_columns
    where named_columns.column_name is not null

),

-- A sum of nothing and a state nobody knows say nothing.
said as (

    select
        *,
        try_cast(value as decimal(18, 4)) as amount
    from told
    where
        value not in ('unknown', 'false')
        and try_cast(value as decimal(18, 4)) is distinct from 0

),

members as (

    select
        goals.goal,
        goals.basis,
        customers.customer_id,
        case when measured.value is not null then coalesce(measured.amount, 1) end
            as measured_value
    from goals
    cross join customers
    left join said
        on
            goals.audience_column = said.column_name
            and customers.customer_id = said.customer_id
    left join said as measured
        on
            goals.target_column = measured.column_name
            and customers.customer_id = measured.customer_id
    where
        goals.audience_column is null
        or (
            said.value is not null
            and (goals.audience_at_least is null or said.amount >= goals.audience_at_least)
            and (
                goals.audience_values is null
                or instr(', ' || goals.audience_values || ',', ', ' || said.value || ',') > 0
            )
        )

),

-- What they said of all channels holds beside what they said of this one, by rank.
consent_states as (

    select
        goals.goal,
        current_consents.customer_id,
        {{ value_at_lowest('current_consents.status', 'consent_policies.rank') }}
            as consent_status
    from goals
    inner join current_consents
        on
            goals.purpose = current_consents.purpose
            and current_consents.channel in (goals.channel, 'any')
    inner join consent_policies
        on current_consents.status = consent_policies.status
    group by goals.goal, current_consents.customer_id

),

fact_rows as (

    {% for fact, time in fact_times.items() %}
        select
            '{{ fact }}' as fact,
            customer_id,
            source,
            flaws,
            {{ time }} as told_at
        from {{ fact }}
        where customer_id is not null
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

),

fact_sums as (

    select
        fact,
        customer_id,
        source,
        count(*) as received_count,
        count(case when flaws is null then 1 end) as valid_count,
        max(told_at) as told_at
    from fact_rows
    where fact in (select needs.fact from needs)
    group by fact, customer_id, source

),

fact_sources as (

    select
        fact,
        customer_id,
        source,
        told_at,
        sum(received_count) over (partition by fact, customer_id) as received_count,
        sum(valid_count) over (partition by fact, customer_id) as valid_count,
        row_number() over (
            partition by fact, customer_id
            order by told_at desc nulls last, source asc
        ) as recency_rank
    from fact_sums

),

-- Valid is what cleaning neither set aside nor doubts. What is blank never came.
cell_sums as (

    select
        cells.attribute,
        customer_records.customer_id,
        count(*) as received_count,
        count(
            case
                when coalesce(hygiene_rules.outcome, 'kept') not in ('set_aside', 'flagged') then 1
            end
        ) as valid_count
    from cells
    inner join customer_records
        on cells.record_key = customer_records.record_key
    left join hygiene_rules
        on cells.rule = hygiene_rules.rule
    where
        (cells.value is not null or hygiene_rules.outcome = 'set_aside')
        and cells.attribute in (select split_needs.person_attribute from split_needs)
    group by cells.attribute, customer_records.customer_id

),

held as (

    select
        members.goal,
        split_needs.attribute,
        members.customer_id,
        split_needs.needed_days,
        members.basis,
        members.measured_value,
        coalesce(consent_states.consent_status, 'unknown') as consent_status,
        coalesce(attribute_sources.value, said.value) is not null as is_there,
        coalesce(attribute_sources.source, fact_sources.source) as source,
        coalesce(attribute_sources.won_at, fact_sources.told_at) as updated_at,
        coalesce(cell_sums.received_count, fact_sources.received_count, 0) as received_count,
        coalesce(cell_sums.valid_count, fact_sources.valid_count, 0) as valid_count
    from members
    inner join split_needs
        on members.goal = split_needs.goal
    left join consent_states
        on
            members.goal = consent_states.goal
            and members.customer_id = consent_states.customer_id
    left join attribute_sources
        on
            split_needs.person_attribute = attribute_sources.attribute
            and members.customer_id = attribute_sources.customer_id
    left join cell_sums
        on
            split_needs.person_attribute = cell_sums.attribute
            and members.customer_id = cell_sums.customer_id
    left join said
        on
            split_needs.customer_column = said.column_name
            and members.customer_id = said.customer_id
    left join fact_sources
        on
            split_needs.fact = fact_sources.fact
            and members.customer_id = fact_sources.customer_id
            and fact_sources.recency_rank = 1

),

aged as (

    select
        held.*,
        case
            when held.is_there and held.updated_at is not null
                then greatest(
                    {{ days_between('cast(held.updated_at as date)', 'reporting_day.as_of') }}, 0
                )
        end as age_days
    from held
    cross join reporting_day

),

judged as (

    select
        *,
        is_there and (needed_days is null or coalesce(age_days <= needed_days, false)) as is_fresh,
        case
            when basis = 'consent' then consent_status = 'granted'
            else consent_status <> 'withdrawn'
        end as is_allowed
    from aged

),

audiences as (

    select
        ---------- ids
        goal,
        attribute,
        customer_id,

        ---------- text
        case when is_there then source end as source,
        consent_status,

        ---------- numbers
        cast(received_count as bigint) as received_count,
        cast(valid_count as bigint) as valid_count,
        cast(age_days as bigint) as age_days,
        cast(measured_value as decimal(18, 4)) as measured_value,

        ---------- booleans
        is_there,
        is_fresh,
        is_allowed,
        is_fresh and is_allowed as is_usable
    from judged

)

select * from audiences
