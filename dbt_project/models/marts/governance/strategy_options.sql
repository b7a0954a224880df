{#- What an instruction names, by its place in the text. -#}
{%- set text = namespace(of='instruction') -%}
{%- for place, value in {
    'attribute': 'attribute',
    'source': "coalesce(source, '')",
    'rule': "coalesce(rule, '')",
    'purpose': 'purpose',
    'channel': 'channel',
    'count': 'cast(value_count as string)',
    'gain': "coalesce(cast(gain_count as string), '')",
    'of': 'cast(of_count as string)',
}.items() -%}
    {%- set text.of = "replace(" ~ text.of ~ ", '{" ~ place ~ "}', " ~ value ~ ")" -%}
{%- endfor -%}
with

needs as (

    select * from {{ ref('strategy_needs') }}

),

audiences as (

    select * from {{ ref('strategy_audiences') }}

),

steps as (

    select * from {{ ref('strategy_steps') }}

),

offers as (

    select * from {{ ref('strategy_offers') }}

),

load_counts as (

    select * from {{ ref('stg_loads__load_counts') }}

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

loaded as (

    select source
    from load_counts
    group by source
    having sum(records_loaded) > 0

),

sums as (

    select
        goal,
        attribute,
        count(*) as audience_count,
        count(case when not is_there then 1 end) as missing_count,
        count(case when is_allowed and not is_there then 1 end) as lacking_count,
        count(case when is_allowed and is_there and not is_fresh then 1 end) as stale_count,
        count(
            case
                when is_fresh and not is_allowed and consent_status in ('pending', 'unknown') then 1
            end
        ) as undecided_count,
        count(case when consent_status = 'granted' then 1 end) as granted_count,
        count(case when consent_status in ('granted', 'withdrawn') then 1 end) as decided_count
    from audiences
    group by goal, attribute

),

-- What records of those who lack it have, though it was not taken. A value that was set aside has a
-- rule that says why.
not_taken as (

    select
        audiences.goal,
        audiences.attribute,
        cells.source,
        case when cells.value is null then cells.rule end as rule,
        count(*) as value_count,
        count(distinct audiences.customer_id) as gain_count
    from audiences
    inner join needs
        on
            audiences.goal = needs.goal
            and audiences.attribute = needs.attribute
    inner join customer_records
        on audiences.customer_id = customer_records.customer_id
    inner join cells
        on
            customer_records.record_key = cells.record_key
            and audiences.attribute = cells.attribute
    left join hygiene_rules
        on cells.rule = hygiene_rules.rule
    where
        needs.fact is null
        and audiences.is_allowed
        and not audiences.is_there
        and (
            cells.value is not null
            or (hygiene_rules.outcome = 'set_aside' and hygiene_rules.fix is not null)
        )
    group by
        audiences.goal,
        audiences.attribute,
        cells.source,
        case when cells.value is null then cells.rule end

),

stale as (

    select
        audiences.goal,
        audiences.attribute,
        audiences.source,
        count(*) as stale_count
    from audiences
    inner join needs
        on
            audiences.goal = needs.goal
            and audiences.attribute = needs.attribute
    where
        -- What was done is as old as it is: asking does not make it newer.
        needs.fact is null
        and audiences.is_allowed
        and audiences.is_there
        and not audiences.is_fresh
    group by audiences.goal, audiences.attribute, audiences.source

),

given as (

    select
        goal,
        attribute,
        source,
        count(*) as given_count
    from audiences
    where is_there
    group by goal, attribute, source

),

-- What a source that is loaded gives on the average.
reaches as (

    select
        needs.goal,
        needs.attribute,
        avg(cast(coalesce(given.given_count, 0) as double)) as given_count
    from needs
    inner join offers
        on needs.fact = offers.fact or (needs.fact is null and needs.attribute = offers.attribute)
    inner join loaded
        on offers.source = loaded.source
    left join given
        on
            needs.goal = given.goal
            and needs.attribute = given.attribute
            and offers.source = given.source
    group by needs.goal, needs.attribute

),

not_loaded as (

    select
        needs.goal,
        needs.attribute,
        offers.source
    from needs
    inner join offers
        on needs.fact = offers.fact or (needs.fact is null and needs.attribute = offers.attribute)
    left join loaded
        on offers.source = loaded.source
    where loaded.source is null

),

candidates as (

    select
        not_taken.goal,
        not_taken.attribute,
        case when not_taken.rule is null then 'take' else 'mend' end as step,
        not_taken.source,
        not_taken.rule,
        not_taken.value_count,
        not_taken.gain_count,
        sums.lacking_count as of_count
    from not_taken
    inner join sums
        on
            not_taken.goal = sums.goal
            and not_taken.attribute = sums.attribute

    union all

    select
        stale.goal,
        stale.attribute,
        'refresh' as step,
        stale.source,
        cast(null as string) as rule,
        stale.stale_count as value_count,
        stale.stale_count as gain_count,
        sums.stale_count as of_count
    from stale
    inner join sums
        on
            stale.goal = sums.goal
            and stale.attribute = sums.attribute

    union all

    -- Of those who are asked as many agree as of those who have decided; all, where nobody has.
    select
        goal,
        attribute,
        'consent' as step,
        cast(null as string) as source,
        cast(null as string) as rule,
        undecided_count as value_count,
        case
            when decided_count = 0 then undecided_count
            else cast(floor(undecided_count * granted_count / decided_count) as bigint)
        end as gain_count,
        undecided_count as of_count
    from sums

    union all

    -- Of those who lack it a source is taken to give as many as others do of all; all, where no
    -- other gives any.
    select
        not_loaded.goal,
        not_loaded.attribute,
        'load' as step,
        not_loaded.source,
        cast(null as string) as rule,
        sums.lacking_count as value_count,
        cast(
            floor(
                case
                    when coalesce(reaches.given_count, 0) = 0 then sums.lacking_count
                    else sums.lacking_count * reaches.given_count / sums.audience_count
                end
            ) as bigint
        ) as gain_count,
        sums.lacking_count as of_count
    from not_loaded
    inner join sums
        on
            not_loaded.goal = sums.goal
            and not_loaded.attribute = sums.attribute
    left join reaches
        on
            not_loaded.goal = reaches.goal
            and not_loaded.attribute = reaches.attribute

    union all

    -- What a source that nobody has declared would give, nothing here tells.
    select
        goal,
        attribute,
        'add' as step,
        cast(null as string) as source,
        cast(null as string) as rule,
        missing_count as value_count,
        cast(null as bigint) as gain_count,
        missing_count as of_count
    from sums

),

priced as (

    select
        candidates.*,
        needs.purpose,
        needs.channel,
        coalesce(of_rule.instruction, of_all.instruction) as instruction,
        coalesce(of_rule.days, of_all.days)
        + coalesce(of_rule.days_per_thousand, of_all.days_per_thousand)
        * candidates.value_count / 1000 as cost_days
    from candidates
    inner join needs
        on
            candidates.goal = needs.goal
            and candidates.attribute = needs.attribute
    inner join steps as of_all
        on
            candidates.step = of_all.step
            and of_all.rule = '*'
    left join steps as of_rule
        on
            candidates.step = of_rule.step
            and candidates.rule = of_rule.rule
    where candidates.value_count > 0 and coalesce(candidates.gain_count, 1) > 0

),

options as (

    select
        ---------- ids
        goal,
        attribute,
        step,
        coalesce(source, 'none') as source,
        coalesce(rule, 'none') as rule,

        ---------- text
        {{ text.of }} as instruction,

        ---------- numbers
        value_count,
        gain_count,
        of_count,
        cast(cost_days as decimal(9, 2)) as cost_days
    from priced

)

select * from options
