"""Who a table of texts is about: finds known customers by the values in it, each row's once.

A row is somebody's by the surest value it holds: a customer id, then the key of a record, then an
id that a source or a document gave, then an e-mail address, then a phone number. So a number that
a household shares accuses nobody where the row says more. Values are compared in the form in
which identity compares them, by the same macros.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import yaml

from ingestion.macros import PROJECT_FILE, project_macros
from ingestion.sql import literal, quoted
from scripts.seeds import seed_file

# What reading e-mail addresses, countries and the names of columns takes, and phone numbers.
SEEDS = {
    "attribute_aliases": "governance",
    "country_aliases": "reference",
    "email_providers": "reference",
}
PHONE_SEEDS = (
    "phone_access_codes", "phone_dialling_rules", "phone_number_ranges", "phone_numbering_plans",
)  # fmt: skip
# An id of a source says little by itself: what is shorter may be a number of anything.
SHORTEST_ID = 5
# What an id is called in a document: `customer_id`, `hs_object_id`, `accountId`, `card_number`.
_CALLED_ID = r"(?i:(^|_)(id|ids|key|number)$)|[a-z](Id|Ids|ID)$"
# Mail addresses within a text, roughly; `normalize_email` judges them.
_ADDRESS = r"""[^\s<>"',;:()\[\]{}|]+@[^\s<>"',;:()\[\]{}|]+"""


@dataclass(frozen=True)
class Column:
    """A column of a table that is searched.

    Args:
        name: its name in the table.
        pii: class of personal data of what it holds.
        attribute: attribute of the canonical model that it is, where that is known.
        is_id: whether it holds ids of people; not told of a file, there the values tell.
        is_exposed: whether it was exposed.
    """

    name: str
    pii: str
    attribute: str | None = None
    is_id: bool | None = None
    is_exposed: bool = True

    @property
    def is_searched(self) -> bool:
        """Whether it may tell a person: of a file every column may."""
        return self.pii != "none" or self.is_id is None or self.attribute == "country"


@dataclass(frozen=True)
class Found:
    """What was found of a table, beside the customers themselves.

    Args:
        row_count: rows searched.
        ambiguous_count: rows that several customers share the surest value of: all of them count.
        nobody_count: rows with nothing in them that would tell a person.
        columns: those in which customers were found, with the kind of value.
    """

    row_count: int
    ambiguous_count: int
    nobody_count: int
    columns: dict[str, str]


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes what is searched for: `known`, one row per value that tells a customer.

    Also `affected` and `strangers`, which each search adds to.

    Args:
        connection: to the warehouse.
    """
    connection.execute("set TimeZone = 'UTC'")
    for name, folder in SEEDS.items():
        load_seed(connection, name, folder)
    connection.execute(
        f"""
        create temp table known as
        with
        emails as (
            select customer_id, identifier_value as value
            from marts.xref_customer_identifiers
            where identifier_type = 'email'
            union
            select customer_id, {_mailbox("email")}
            from marts.dim_customers
            left join email_providers on split_part(email, '@', 2) = email_providers.domain
        )
        select 1 as tier, 'customer id' as kind, customer_id as value, customer_id
        from marts.dim_customers
        union
        select 1, 'customer id', alias_id, customer_id from marts.customer_id_aliases
        union
        select 2, 'record key', record_key, customer_id from marts.xref_customer_records
        union
        select 3, 'record of ' || source, record_id, customer_id
        from marts.xref_customer_records
        union
        select 3, identifier_type, identifier_value, customer_id
        from marts.xref_customer_identifiers
        where identifier_type not in ('email', 'phone', 'address')
        union
        select 4, 'email', value, customer_id from emails where value is not null
        union
        select 5, 'phone', identifier_value, customer_id
        from marts.xref_customer_identifiers
        where identifier_type = 'phone'
        union
        select 5, 'phone', phone, customer_id from marts.dim_customers
        where phone is not null
        """
    )
    connection.execute("create temp table affected (customer_id varchar)")
    connection.execute("create temp table strangers (value varchar)")


def load_seed(connection: duckdb.DuckDBPyConnection, name: str, folder: str) -> None:
    """Reads a seed into a table of its name, with the types its yml gives."""
    file = seed_file(name, folder)
    (seed,) = yaml.safe_load(file.with_suffix(".yml").read_text("utf-8"))["seeds"]
    types = ", ".join(
        f"{literal(column)}: {literal(kind)}"
        for column, kind in seed["config"]["column_types"].items()
    )
    connection.execute(
        f"create or replace temp table {quoted(name)} as "
        f"from read_csv({literal(file)}, header = true, columns = {{{types}}})"
    )


def attributes_of(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str]
) -> dict[str, str | None]:
    """What columns, or parts of a document, are of by their names alone."""
    words = project_macros()["column_words"]("name")
    return dict(
        connection.execute(
            f"""
            with named as (select name, '_' || {words} || '_' as words from unnest(?) as _ (name))
            select named.name, arg_max(aliases.attribute, length(aliases.alias))
            from named
            left join attribute_aliases as aliases
                on
                    named.words = '_' || aliases.alias || '_'
                    or (
                        not aliases.is_whole_name
                        and contains(named.words, '_' || aliases.alias || '_')
                    )
            group by named.name
            """,
            [list(names)],
        ).fetchall()
    )


def search(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], source: str | None = None
) -> Found:
    """Finds whose rows a table holds; adds them to `affected`, and others to `strangers`.

    Args:
        connection: prepared, with the rows as `exposed_rows` (line, c0, c1, …), all text.
        columns: its columns, in order.
        source: source whose records they are, where that is known.
    """
    _gather_cells(connection, columns)
    _gather_keys(connection, columns, source)
    connection.execute(
        """
        create or replace temp table told as
        select distinct keys.line, keys.position, keys.tier, known.kind, known.customer_id
        from keys
        inner join known
            on keys.tier = known.tier and keys.kind = known.kind and keys.value = known.value;

        create or replace temp table matches as
        from told
        qualify tier = min(tier) over (partition by line)
        """
    )
    connection.execute("insert into affected select distinct customer_id from matches")
    # Of somebody who has several addresses, or numbers beside them, one counts.
    connection.execute(
        """
        insert into strangers
        select value
        from keys
        where tier in (4, 5) and line not in (select line from matches)
        qualify (tier, position) = min((tier, position)) over (partition by line)
        """
    )
    ((row_count, nobody_count, ambiguous_count),) = connection.execute(
        """
        select
            (select count(*) from exposed_rows),
            (
                select count(*) from exposed_rows
                where
                    line not in (select line from matches)
                    and line not in (select line from keys where tier in (4, 5))
            ),
            (
                select count(*) from (
                    select line from matches group by line having count(distinct customer_id) > 1
                )
            )
        """
    ).fetchall()
    kinds = connection.execute(
        "select position, min_by(kind, (tier, kind)) from told group by position order by position"
    ).fetchall()
    return Found(
        row_count,
        ambiguous_count,
        nobody_count,
        {columns[position].name: kind for position, kind in kinds},
    )


def _gather_cells(connection: duckdb.DuckDBPyConnection, columns: Sequence[Column]) -> None:
    """Makes `cells`: a row a text that may tell a person, those within documents included."""
    connection.execute(
        "create or replace temp table cells "
        "(line bigint, position integer, name varchar, is_part boolean, value varchar, "
        "attribute varchar)"
    )
    for position, column in enumerate(columns):
        if not column.is_searched:
            continue
        connection.execute(
            f"insert into cells select line, ?, ?, false, trim(c{position}), ? from exposed_rows "
            f"where trim(c{position}) <> ''",
            [position, column.name, column.attribute],
        )
    connection.execute(
        """
        create or replace temp table parts as
        select cells.line, cells.position, part.key as name, trim(part.atom ->> '$') as value
        from
            (from cells where value[1] in ('{', '[') and json_valid(value)) as cells,
            json_tree(cells.value) as part
        where trim(part.atom ->> '$') <> ''
        """
    )
    names = [name for (name,) in connection.execute(
        "select distinct name from parts where name is not null"
    ).fetchall()]  # fmt: skip
    connection.execute("create or replace temp table meanings (name varchar, attribute varchar)")
    if names:
        connection.executemany(
            "insert into meanings values (?, ?)", list(attributes_of(connection, names).items())
        )
    connection.execute(
        "insert into cells select line, position, name, true, value, attribute "
        "from parts left join meanings using (name)"
    )


def _gather_keys(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], source: str | None
) -> None:
    """Makes `keys`: each text in the forms in which a value that tells a customer may be known."""
    connection.execute(
        """
        create or replace temp table keys as
        select distinct line, position, 1 as tier, 'customer id' as kind, value from cells
        union
        select distinct line, position, 2, 'record key', value from cells
        """
    )
    ids = [position for position, column in enumerate(columns) if column.is_id]
    if source:
        connection.execute(
            "insert into keys select distinct line, position, 2, 'record key', ? || ':' || value "
            "from cells where not is_part and position in (select unnest(?))",
            [source, ids],
        )
    untold = [position for position, column in enumerate(columns) if column.is_id is None]
    connection.execute(
        r"""
        create or replace temp table bare as
        with forms as (
            select line, position, name, is_part, value as written, value from cells
            union
            select line, position, name, is_part, value, regexp_extract(value, '[^/]+$') from cells
            where contains(value, '://')
            union
            select line, position, name, is_part, value,
                regexp_replace(upper(value), '[^\p{L}\p{N}]', '', 'g')
            from cells
        )
        select forms.* exclude (value), known.kind, known.value
        from forms inner join known on known.tier = 3 and forms.value = known.value
        """
    )
    # In a file an id of a source is believed where half of its column are such ids.
    connection.execute(
        """
        insert into keys
        with filled as (
            select position, name, count(distinct value) as filled_count
            from cells
            group by position, name
        ),
        believed as (
            select bare.position, bare.name, bare.kind
            from bare inner join filled using (position, name)
            where bare.position in (select unnest($untold))
            group by bare.position, bare.name, bare.kind, filled.filled_count
            having 2 * count(distinct bare.written) >= filled.filled_count
        )
        select distinct bare.line, bare.position, 3, bare.kind, bare.value
        from bare
        left join believed using (position, name, kind)
        where
            (believed.kind is not null and length(bare.value) >= $shortest)
            or (
                bare.position in (select unnest($ids))
                -- Within a document what is called an id is one, and not, say, a price.
                and (not bare.is_part or regexp_matches(bare.name, $called_id))
                and bare.kind not like 'record of %'
                and length(bare.value) >= $shortest
            )
        """,
        {"untold": untold, "ids": ids, "shortest": SHORTEST_ID, "called_id": _CALLED_ID},
    )
    _gather_emails(connection)
    _gather_phones(connection)


def _mailbox(email: str) -> str:
    """The mailbox an address is of, as identity compares it; `email_providers` has to be joined."""
    return project_macros()["mailbox_key"](
        f"regexp_replace({email}, '^([^\"@+]+)\\+[^@]*@', '\\1@')",
        "email_providers.canonical_domain",
        "email_providers.ignored_characters",
        "email_providers.tag_separator",
    )


def _gather_emails(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        f"""
        insert into keys
        with written as (
            select distinct line, position, value from cells where contains(value, '@')
            union
            select distinct line, position, unnest(regexp_extract_all(value, {literal(_ADDRESS)}))
            from cells
            where contains(value, '@')
        ),
        addresses as (
            select line, position, {project_macros()["normalize_email"]("value")} as email
            from written
        )
        select distinct line, position, 4, 'email', {_mailbox("email")}
        from addresses
        left join email_providers on split_part(email, '@', 2) = email_providers.domain
        where email is not null
        """
    )


def _gather_phones(connection: duckdb.DuckDBPyConnection) -> None:
    """Numbers are dialled from where their row says it is, else from the default country."""
    macros = project_macros()
    connection.execute(
        f"""
        create or replace temp table dialled as
        with countries as (
            select cells.line, min(country_aliases.country_code) as country_code
            from cells
            inner join country_aliases on {macros["place_key"]("value")} = country_aliases.alias
            where cells.attribute = 'country'
            group by cells.line
        )
        select
            cells.line,
            cells.position,
            case
                when countries.country_code is null and cells.value like '00%'
                    then '+' || substr(cells.value, 3)
                else cells.value
            end as phone,
            coalesce(countries.country_code, {literal(_default_country())}) as country_code
        from cells
        left join countries using (line)
        where cells.attribute = 'phone'
        """
    )
    if not connection.execute("select 1 from dialled limit 1").fetchone():
        return
    for name in PHONE_SEEDS:
        load_seed(connection, name, "reference")
    connection.execute(
        f"""
        insert into keys
        select distinct
            dialled.line,
            dialled.position,
            5,
            'phone',
            coalesce(
                numbers.phone_number,
                case when length(digits) between 7 and 15 then digits end
            )
        from (
            select *, regexp_replace(phone, '[^0-9]', '', 'g') as digits from dialled
        ) as dialled
        left join {macros["read_phones"]("dialled")} as numbers using (phone, country_code)
        where numbers.phone_number is not null or length(digits) between 7 and 15
        """
    )


def _default_country() -> str:
    return yaml.safe_load(PROJECT_FILE.read_text("utf-8"))["vars"]["default_country"]
