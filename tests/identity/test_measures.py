"""Pairwise and B³ measures agree with counting every pair of records."""

from __future__ import annotations

import itertools
import time

import duckdb
import pyarrow
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scripts.identity.measures import Agreement, agreement

# Cluster of each record; few clusters and records, so that they overlap in every way.
CLUSTERINGS = st.dictionaries(st.integers(0, 12), st.sampled_from("abcd"), max_size=12)


def compared(found: dict[int, str], true: dict[int, str], threads: int = 2) -> Agreement:
    with duckdb.connect(config={"threads": threads}) as connection:
        for name, clusters in (("found", found), ("truth", true)):
            columns = {"record": pyarrow.array(clusters.keys(), pyarrow.int64()),
                       "cluster": pyarrow.array(clusters.values(), pyarrow.string())}  # fmt: skip
            connection.register(name, pyarrow.table(columns))
        return agreement(connection, "found", "truth")


def pairs_of(clusters: dict[int, str]) -> set[tuple[int, int]]:
    return {
        (one, other)
        for one, other in itertools.combinations(sorted(clusters), 2)
        if clusters[one] == clusters[other]
    }


def overlap(clusters: dict[int, str], others: dict[int, str]) -> float:
    """Mean share of each record's cluster that is in its other cluster, too."""
    shares = []
    for record in clusters:
        mates = [mate for mate in clusters if clusters[mate] == clusters[record]]
        right = [mate for mate in mates if others[mate] == others[record]]
        shares.append(len(right) / len(mates))
    return sum(shares) / len(shares) if shares else 1


@given(CLUSTERINGS, CLUSTERINGS)
@example({}, {})
@example({1: "a"}, {2: "a"})
@example({1: "a", 2: "a"}, {1: "a", 2: "b"})
def test_they_are_what_counting_every_pair_gives(
    found: dict[int, str], true: dict[int, str]
) -> None:
    got = compared(found, true)
    both = found.keys() & true.keys()
    found_only, true_only = len(found.keys() - both), len(true.keys() - both)
    found = {record: cluster for record, cluster in found.items() if record in both}
    true = {record: cluster for record, cluster in true.items() if record in both}
    right = pairs_of(found) & pairs_of(true)

    assert (got.record_count, got.found_only_count, got.true_only_count) == (
        len(both), found_only, true_only,
    )  # fmt: skip
    assert got.found_cluster_count == len(set(found.values()))
    assert got.true_cluster_count == len(set(true.values()))
    assert (got.found_pairs, got.true_pairs, got.right_pairs) == (
        len(pairs_of(found)), len(pairs_of(true)), len(right),
    )  # fmt: skip
    assert got.wrong_pairs == len(pairs_of(found) - pairs_of(true))
    assert got.missed_pairs == len(pairs_of(true) - pairs_of(found))
    assert got.pairwise.precision == (len(right) / len(pairs_of(found)) if pairs_of(found) else 1)
    assert got.pairwise.recall == (len(right) / len(pairs_of(true)) if pairs_of(true) else 1)
    assert got.b_cubed.precision == pytest.approx(overlap(found, true), abs=1e-9)
    assert got.b_cubed.recall == pytest.approx(overlap(true, found), abs=1e-9)
    for score in (got.pairwise, got.b_cubed):
        total = score.precision + score.recall
        assert score.f1 == pytest.approx(2 * score.precision * score.recall / total if total else 0)


def test_a_textbook_example() -> None:
    # Amigó et al.'s manner of example: {1 2 3} {4 5} found, {1 2} {3 4 5} true.
    got = compared(dict(zip(range(1, 6), "aaabb", strict=True)),
                   dict(zip(range(1, 6), "xxyyy", strict=True)))  # fmt: skip
    assert (got.found_pairs, got.true_pairs, got.right_pairs) == (4, 4, 2)
    assert (got.pairwise.precision, got.pairwise.recall, got.pairwise.f1) == (0.5, 0.5, 0.5)
    # Found: records 1 and 2 have 2/3 right, 3 has 1/3, 4 and 5 all: (2/3 + 2/3 + 1/3 + 1 + 1) / 5.
    assert got.b_cubed.precision == pytest.approx(11 / 15)
    # True: 1 and 2 all, 3 has 1/3, 4 and 5 have 2/3.
    assert got.b_cubed.recall == pytest.approx(11 / 15)


def test_agreement_in_everything_is_exactly_one() -> None:
    clusters = {number: f"c{number % 7}" for number in range(1_000)}
    got = compared(clusters, {number: f"t{number % 7}" for number in range(1_000)})
    assert (got.pairwise.f1, got.b_cubed.f1) == (1.0, 1.0)
    assert got.wrong_pairs == got.missed_pairs == 0


def test_a_cluster_of_a_million_is_counted_and_not_paired() -> None:
    started = time.monotonic()
    with duckdb.connect() as connection:
        connection.execute(
            "create table found as select range as record, 1 as cluster from range(1_000_000)"
        )
        connection.execute(
            "create table truth as select range as record, range // 10 as cluster "
            "from range(1_000_000)"
        )
        got = agreement(connection, "found", "truth")
    assert got.found_pairs == 1_000_000 * 999_999 // 2
    assert got.right_pairs == got.true_pairs == 100_000 * 45
    assert got.b_cubed.precision == pytest.approx(1e-5)
    assert got.b_cubed.recall == 1.0
    assert time.monotonic() - started < 60


def test_the_number_of_threads_changes_no_digit() -> None:
    found = {number: f"f{number * number % 911}" for number in range(200_000)}
    true = {number: f"t{number // 3}" for number in range(200_000)}
    assert compared(found, true, threads=1) == compared(found, true, threads=4)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [("(1, 'a'), (1, 'b')", "repeat"), ("(1, 'a'), (2, null)", "no cluster"),
     ("(null, 'a')", "name none")],
)  # fmt: skip
def test_a_relation_that_is_no_clustering_is_refused(rows: str, fault: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table found as select 1 as record, 'a' as cluster")
        connection.execute(f"create table truth as from (values {rows}) as t (record, cluster)")
        with pytest.raises(ValueError, match=f"truth.*{fault}"):
            agreement(connection, "found", "truth")
