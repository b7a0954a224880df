"""The sandbox company's dropped files: an export of its closed CRM, and receipts of its shops.

The CRM wrote cp1252 with semicolons, dates in more than one way, and some lines that no reader
can take as they are. Those are extra lines: no record is lost with them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from ingestion.sql import literal

CUSTOMERS = """
with

exported as (

    select
        record_number,
        extract(year from created_at) < 2018 as is_old,
        substr(record_id, length('legacy_crm:') + 1) as CustNo,
        case gender when 'female' then 'Ms' when 'male' then 'Mr' end as TITLE,
        given_name as FIRST_NM,
        middle_name as MIDDLE_NM,
        family_name as LAST_NM,
        name_suffix as SUFFIX,
        birth_date as DOB,
        gender as SEX,
        email as EMAIL,
        other_email as EMAIL_2,
        phone as TEL,
        street_address as STREET,
        unit as UNIT,
        postcode as ZIP,
        city as CITY,
        region as STATE,
        country as CTRY,
        company_name as EMPLOYER,
        job_title as POSITION,
        user_id as WEB_USER,
        case
            when md5_number_lower(person_id || ' has a card') % 100 < 60
                then printf('LC%010d', md5_number_lower(person_id || ' card') % 10000000000)
        end as CARD_NO,
        case
            when md5_number_lower(person_id || ' has a passport') % 100 < 15
                then printf('P%08d', md5_number_lower(person_id || ' passport') % 100000000)
        end as PASSPORT_NO,
        strftime(created_at, '%d/%m/%Y') as SINCE,
        strftime(updated_at, '%d/%m/%Y %H:%M:%S') as CHANGED
    from world.person_records
    where source = 'files'

),

broken as (

    -- Once in five hundred each: typed without a number, an impossible date, the same number
    -- given to someone else.
    select * replace ('' as CustNo) from exported where record_number % 500 = 1
    union all
    select * replace ('X' || CustNo as CustNo, '00/00/0000' as DOB)
    from exported
    where record_number % 500 = 2
    union all
    select * replace (upper(LAST_NM) || ' (2)' as LAST_NM)
    from exported
    where record_number % 500 = 3

)

select *, 0 as is_broken from exported
union all
select *, 1 as is_broken from broken
"""

# Lines no table can hold: a semicolon within a street, a quote that is never closed.
TORN = """
select
    'X' || CustNo || ';;' || FIRST_NM || ';;' || LAST_NM || ';;;;;;;Building A; Gate 3'
    || repeat(';', 12)
from legacy_crm
where record_number % 500 = 4 and is_old = $is_old and is_broken = 0
union all
select 'X' || CustNo || ';;"' || FIRST_NM || repeat(';', 20)
from legacy_crm
where record_number % 500 = 5 and is_old = $is_old and is_broken = 0
"""

ORDERS = """
with

numbered as (

    select
        orders.*,
        lines.* exclude (order_number),
        coalesce(sum(lines.amount) over (partition by orders.order_number), 0) as lines_amount,
        row_number() over (
            partition by orders.order_number order by lines.line_number
        ) as place
    from world.orders as orders
    left join world.order_lines as lines on orders.order_number = lines.order_number
    where orders.source = 'files'

),

-- A receipt prints what was paid: discount, tax and delivery are spread over its lines.
shared as (

    select
        *,
        case
            when place > 1 then coalesce(round(total * amount / nullif(lines_amount, 0), 2), 0)
        end as share
    from numbered

)

select
    extract(year from ordered_at) as sold_in,
    order_id as receipt_no,
    coalesce(line_number, 1) as line_no,
    ordered_at as sold_at,
    substr(record_id, length('legacy_crm:') + 1) as customer_no,
    email,
    phone,
    status as state,
    currency,
    product_id as product_no,
    product_name as item,
    coalesce(quantity, 1) as qty,
    cast(
        coalesce(share, total - coalesce(sum(share) over (partition by order_number), 0))
        as decimal(18, 2)
    ) as paid
from shared
"""


def render(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Writes `inbox/legacy_crm/*.csv` and `inbox/pos_orders/*.tsv` below a folder.

    Args:
        connection: has the schema `world`.
        folder: files of an earlier sandbox in its inbox are removed.
    """
    inbox = folder / "inbox"
    shutil.rmtree(inbox, ignore_errors=True)
    with connection.cursor() as cursor:
        cursor.execute(f"create temp table legacy_crm as {CUSTOMERS}")
        cursor.execute(f"create temp table pos_orders as {ORDERS}")
        _customers(cursor, inbox / "legacy_crm")
        _orders(cursor, inbox / "pos_orders")
        cursor.execute("drop table legacy_crm")
        cursor.execute("drop table pos_orders")


def settings(folder: Path) -> dict[str, str]:
    """None: the shipped mapping points at the sandbox."""
    return {}


def _customers(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, is_old in (("customers_until_2017", True), ("customers_since_2018", False)):
        draft = folder / f"{name}.utf-8"
        connection.execute(
            f"""
            copy (
                select * exclude (record_number, is_old, is_broken) from legacy_crm
                where is_old = {is_old} order by record_number, is_broken
            ) to {literal(draft)} (header, delimiter ';')
            """
        )
        torn = connection.execute(TORN, {"is_old": is_old}).fetchall()
        with (
            draft.open(encoding="utf-8", newline="") as given,
            (folder / f"{name}.csv").open(
                "w", encoding="cp1252", errors="replace", newline=""
            ) as out,
        ):
            # What cp1252 cannot write, the old CRM wrote as a question mark.
            shutil.copyfileobj(given, out, 1 << 20)
            out.writelines(f"{line}\n" for (line,) in torn)
        draft.unlink()


def _orders(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    folder.mkdir(parents=True)
    years = connection.execute("select distinct sold_in from pos_orders order by all").fetchall()
    for (year,) in years:
        connection.execute(
            f"""
            copy (
                select * exclude (sold_in) from pos_orders
                where sold_in = {year} order by sold_at, receipt_no, line_no
            ) to {literal(folder / f"receipts_{year}.tsv")} (header, delimiter '\t')
            """
        )
