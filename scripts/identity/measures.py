"""How well two clusterings of the same records agree, counted without making a pair.

Everything comes from the contingency table: how many records each two clusters have in common. It
has at most a row a record, however large the clusters are.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Score:
    """Precision, recall and F1, each from 0 to 1.

    Args:
        precision: share of what was found that is true; 1 where nothing was found.
        recall: share of what is true that was found; 1 where nothing is true.
        f1: harmonic mean of the two.
    """

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Agreement:
    """How well found clusters agree with true ones, over the records that are in both.

    Args:
        record_count: records in both.
        found_only_count: records without a true cluster; they count for nothing else.
        true_only_count: records without a found cluster; they count for nothing else.
        found_cluster_count: found clusters of the records in both.
        true_cluster_count: true clusters of the records in both.
        found_pairs: pairs of records in one found cluster.
        true_pairs: pairs of records in one true cluster.
        right_pairs: pairs of records in one cluster of each.
        pairwise: over pairs; a cluster counts by the square of its size.
        b_cubed: B³, over records: how much of each one's found cluster is its true one, and the
            reverse.
    """

    record_count: int
    found_only_count: int
    true_only_count: int
    found_cluster_count: int
    true_cluster_count: int
    found_pairs: int
    true_pairs: int
    right_pairs: int
    pairwise: Score
    b_cubed: Score

    @property
    def wrong_pairs(self) -> int:
        """Pairs in one found cluster and two true ones."""
        return self.found_pairs - self.right_pairs

    @property
    def missed_pairs(self) -> int:
        """Pairs in one true cluster and two found ones."""
        return self.true_pairs - self.right_pairs


def pairs(size: str) -> str:
    """SQL of the pairs that can be made of a number of records."""
    return f"(cast({size} as hugeint) * ({size} - 1) // 2)"


def agreement(connection: duckdb.DuckDBPyConnection, found: str, true: str) -> Agreement:
    """Compares two clusterings.

    Args:
        connection: where the relations are.
        found: relation with the columns `record` and `cluster`, a row a record, neither of them
            null: its name, or a query in brackets.
        true: another.

    Raises:
        ValueError: a relation has a record twice, or one without a cluster.
    """
    for relation in (found, true):
        _check(connection, relation)
    ((*numbers, precision, recall),) = connection.execute(
        f"""
        with
        cells as (
            select
                found_rows.cluster as found_cluster,
                true_rows.cluster as true_cluster,
                count(*) as size
            from {found} as found_rows
            inner join {true} as true_rows on found_rows.record = true_rows.record
            group by all
        ),
        -- As decimals: the sum of doubles depends on their order.
        shares as (
            select
                cast(
                    size * (size / sum(size) over (partition by found_cluster)) as decimal(38, 12)
                ) as right_of_found,
                cast(
                    size * (size / sum(size) over (partition by true_cluster)) as decimal(38, 12)
                ) as right_of_true
            from cells
        ),
        found_clusters as (
            select sum(size) as size
            from cells
            group by found_cluster
        ),
        true_clusters as (
            select sum(size) as size
            from cells
            group by true_cluster
        )
        select
            (select coalesce(sum(size), 0) from cells),
            (select count(*) from {found} as found_rows),
            (select count(*) from {true} as true_rows),
            (select count(*) from found_clusters),
            (select count(*) from true_clusters),
            (select coalesce(sum({pairs("size")}), 0) from found_clusters),
            (select coalesce(sum({pairs("size")}), 0) from true_clusters),
            (select coalesce(sum({pairs("size")}), 0) from cells),
            (select coalesce(sum(right_of_found), 0) from shares),
            (select coalesce(sum(right_of_true), 0) from shares)
        """
    ).fetchall()
    (
        records, found_records, true_records, found_clusters, true_clusters,
        found_pairs, true_pairs, right_pairs,
    ) = map(int, numbers)  # fmt: skip
    return Agreement(
        record_count=records,
        found_only_count=found_records - records,
        true_only_count=true_records - records,
        found_cluster_count=found_clusters,
        true_cluster_count=true_clusters,
        found_pairs=found_pairs,
        true_pairs=true_pairs,
        right_pairs=right_pairs,
        pairwise=_score(_share(right_pairs, found_pairs), _share(right_pairs, true_pairs)),
        b_cubed=_score(_share(precision, records), _share(recall, records)),
    )


def _check(connection: duckdb.DuckDBPyConnection, relation: str) -> None:
    ((repeated, unassigned),) = connection.execute(
        "select count(*) - count(distinct record), count(*) - count(cluster) "
        f"from {relation} as clustering"
    ).fetchall()
    if repeated:
        raise ValueError(f"{relation}: {repeated} rows repeat a record, or name none")
    if unassigned:
        raise ValueError(f"{relation}: {unassigned} rows have no cluster")


def _share(part: float, whole: float) -> float:
    return float(part) / whole if whole else 1.0


def _score(precision: float, recall: float) -> Score:
    total = precision + recall
    return Score(precision, recall, 2 * precision * recall / total if total else 0.0)
