"""Clusters are the connected components of the links, whatever the graph looks like."""

from __future__ import annotations

import itertools
import random
import time

import pytest

from .conftest import Identity


def union_find(edges: list[tuple[int, int]], nodes: int) -> dict[int, int]:
    """Smallest node of each node's component, computed the textbook way."""
    parent = list(range(nodes))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in edges:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return {node: root(node) for node in range(nodes)}


def test_small_graphs_of_every_shape_agree_with_union_find(identity: Identity) -> None:
    chance, edges, nodes = random.Random(0), [], 0
    for _ in range(1_000):  # side by side in one numbering, so that one run clusters them all
        size = chance.randint(1, 12)
        for _ in range(chance.randint(0, 2 * size)):
            edges.append((nodes + chance.randrange(size), nodes + chance.randrange(size)))
        nodes += size
    assert identity.components(edges, nodes) == union_find(edges, nodes)


@pytest.mark.parametrize("density", [0.2, 0.5, 1.0, 2.0])
def test_large_random_graphs_agree_with_union_find(identity: Identity, density: float) -> None:
    nodes, chance = 20_000, random.Random(density)
    edges = [
        (chance.randrange(nodes), chance.randrange(nodes)) for _ in range(int(nodes * density))
    ]
    assert identity.components(edges, nodes) == union_find(edges, nodes)


@pytest.mark.parametrize("order", ["sorted", "shuffled"])
def test_a_chain_of_ten_thousand_is_one_cluster_and_quick(identity: Identity, order: str) -> None:
    nodes = list(range(10_000))
    if order == "shuffled":
        random.Random(1).shuffle(nodes)
    started = time.monotonic()
    components = identity.components(list(itertools.pairwise(nodes)), 10_000)
    assert set(components.values()) == {0}
    assert time.monotonic() - started < 10


def test_order_and_threads_change_nothing(identity: Identity) -> None:
    chance = random.Random(2)
    edges = [(chance.randrange(5_000), chance.randrange(5_000)) for _ in range(4_000)]
    turned = [(other, one) for one, other in reversed(edges)]
    assert identity.components(edges, 5_000, threads=1) == identity.components(
        turned, 5_000, threads=4
    )
