"""Columns are followed through every way SQL has of passing a value on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ingestion.settings import PROJECT
from scripts.pii.lineage import Column, How, LineageError, lineage

RAW = dict.fromkeys(("id", "email", "name", "doc", "tags", "attribute", "value", "at"), "none")
VALUE, PART, CONDITION = How.VALUE, How.PART, How.CONDITION

CASES = {
    "as it is": ("select email as x from raw.people", {"email": VALUE}),
    "through a star": (
        "with p as (select * from raw.people) select email as x from p",
        {"email": VALUE},
    ),
    "changed": ("select lower(trim(email)) || '!' as x from raw.people", {"email": VALUE}),
    "of several": (
        "select coalesce(email, name) as x from raw.people",
        {"email": VALUE, "name": VALUE},
    ),
    "cast": ("select cast(email as varchar) as x from raw.people", {"email": VALUE}),
    "by place in a union": (
        "select id, email as x from raw.people union all select email, name from raw.people",
        {"email": VALUE, "name": VALUE},
    ),
    "by name in a union": (
        "select id, email as x from raw.people union all by name select name as x from raw.people",
        {"email": VALUE, "name": VALUE},
    ),
    "missing in an arm of a union": (
        "select id, email as x from raw.people union all by name select id from raw.people",
        {"email": VALUE},
    ),
    "the greatest": ("select max(email) as x from raw.people", {"email": VALUE}),
    "gathered": ("select list(email) as x from raw.people", {"email": VALUE}),
    "of the row with the greatest": (
        "select arg_max(email, at) as x from raw.people",
        {"email": VALUE, "at": VALUE},
    ),
    "of the row before": (
        "select lag(email) over (partition by id order by at) as x from raw.people",
        {"email": VALUE},
    ),
    "of a subquery": ("select (select max(email) from raw.people) as x", {"email": VALUE}),
    "of a subquery that is correlated": (
        "select (select max(b.email) from raw.people as b where b.id = a.id) as x "
        "from raw.people as a",
        {"email": VALUE},
    ),
    "unnested": (
        "select t.x from raw.people as p, unnest(p.tags) as t(x)",
        {"tags": VALUE},
    ),
    "unnested in the select": ("select unnest(tags) as x from raw.people", {"tags": VALUE}),
    "through a lambda": (
        "select list_transform(tags, lambda t: t || email) as x from raw.people",
        {"tags": VALUE, "email": VALUE},
    ),
    "in a struct": ("select {'a': email} as x from raw.people", {"email": VALUE}),
    "out of a struct": (
        "with p as (select {'a': email} as s from raw.people) select s.a as x from p",
        {"email": VALUE},
    ),
    "hashed": ("select md5(email) as x from raw.people", {"email": VALUE}),
    "through a recursive query": (
        "with recursive r as (select email as x, 1 as n from raw.people union all "
        "select r.x, r.n + 1 from r where r.n < 3) select x from r",
        {"email": VALUE},
    ),
    "swapped in a recursive query": (
        "with recursive r as (select email as x, name as y, 1 as n from raw.people union all "
        "select r.y, r.x, r.n + 1 from r where r.n < 3) select x from r",
        {"email": VALUE, "name": VALUE},
    ),
    "a part of a document": ("select doc ->> '$.email' as x from raw.people", {"doc": PART}),
    "a part of a part": (
        "select upper((doc -> '$.a') ->> 'b') as x from raw.people",
        {"doc": PART},
    ),
    "of one kind": (
        "select max(case when attribute = 'email' then value end) as x from raw.people",
        {"value": PART, "attribute": CONDITION},
    ),
    "of one kind, filtered": (
        "select max(value) filter (where attribute = 'email') as x from raw.people",
        {"value": PART},
    ),
    "of rows picked by another column": (
        "select max(case when name = 'email' then value end) as x from raw.people",
        {"value": VALUE, "name": CONDITION},
    ),
    "compared": ("select email = 'a@b.example' as x from raw.people", {"email": CONDITION}),
    "matched": ("select regexp_matches(email, 'b$') as x from raw.people", {"email": CONDITION}),
    "told by a label": (
        "select case when email like '%b' then 'ours' else 'theirs' end as x from raw.people",
        {"email": CONDITION},
    ),
    "told by a label, the short way": (
        "select case email when 'b' then name else 'theirs' end as x from raw.people",
        {"email": CONDITION, "name": VALUE},
    ),
    "a part, compared": ("select doc ->> 'a' = 'b' as x from raw.people", {"doc": PART}),
    "whether it is there": ("select email is not null as x from raw.people", {}),
    "counted": ("select count(distinct email) as x from raw.people", {}),
    "ranked": ("select row_number() over (order by email) as x from raw.people", {}),
    "filtered by": ("select id as x from raw.people where email = 'b'", {"id": VALUE}),
    "joined by": (
        "select a.id as x from raw.people as a inner join raw.people as b on a.email = b.name",
        {"id": VALUE},
    ),
    "of nothing": ("select 1 as x from raw.people", {}),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_column_is_made_of(case: str, manifest_of: Callable[..., dict[str, Any]]) -> None:
    sql, expected = CASES[case]
    found = lineage(manifest_of(RAW, made=(sql, {})), PROJECT)[Column("marts.made", "x")]
    assert found == {Column("raw.people", name): how for name, how in expected.items()}


def test_models_are_followed_through_one_another(
    manifest_of: Callable[..., dict[str, Any]],
) -> None:
    found = lineage(
        manifest_of(
            RAW,
            first=("select email as a, * exclude (email) from raw.people", {}),
            second=('select f.*, 1 as one from "warehouse"."marts"."first" as f', {}),
        ),
        PROJECT,
    )
    assert found[Column("marts.second", "a")] == {Column("marts.first", "a"): VALUE}
    assert Column("marts.second", "name") in found
    assert Column("marts.second", "email") not in found


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select * from raw.strangers", "not known"),
        ("select from where", "cannot be read"),
    ],
)
def test_what_cannot_be_followed_is_told_with_its_model(
    sql: str, reason: str, manifest_of: Callable[..., dict[str, Any]]
) -> None:
    with pytest.raises(LineageError, match=f"made: .*{reason}"):
        lineage(manifest_of(RAW, made=(sql, {})), PROJECT)
