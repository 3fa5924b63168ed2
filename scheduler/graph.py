"""Reachability and order in directed graphs. Sets of nodes are the bits of an integer."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

N = TypeVar("N", bound=Hashable)


def reachable(nodes: Sequence[N], arrows: Iterable[tuple[N, N]]) -> dict[N, int]:
    """For every node the nodes that a path leads to, itself included: bit k is the k-th node."""
    bit = {n: 1 << k for k, n in enumerate(nodes)}
    after: dict[N, set[N]] = {n: set() for n in nodes}
    for a, b in arrows:
        if a in bit and b in bit:
            after[a].add(b)
    reach = dict(bit)
    changed = True
    while changed:  # twice where the arrows point forward
        changed = False
        for n in reversed(nodes):
            found = reach[n]
            for m in after[n]:
                found |= reach[m]
            changed |= found != reach[n]
            reach[n] = found
    return reach


def components(nodes: Sequence[N], arrows: Iterable[tuple[N, N]]) -> list[tuple[N, ...]]:
    """Strongly connected components in an order that respects the arrows, ties as given."""
    pairs = set(arrows)
    reach = reachable(nodes, pairs)
    found: dict[int, list[N]] = {}  # what a component reaches tells it from the others
    for n in nodes:
        found.setdefault(reach[n], []).append(n)
    parts = [tuple(c) for c in found.values()]
    home = {n: k for k, c in enumerate(parts) for n in c}
    between = {(home[a], home[b]) for a, b in pairs if a in home and b in home}
    return [parts[k] for k in in_order(range(len(parts)), between)]


def in_order(nodes: Sequence[N], arrows: Iterable[tuple[N, N]]) -> list[N]:
    """The nodes so that every arrow between two of them points forward: always the first that is
    ready. Arrows make no cycle but from a node to itself."""
    after: Mapping[N, list[N]] = {n: [] for n in nodes}
    waits = dict.fromkeys(nodes, 0)
    for a, b in arrows:
        if a != b:
            after[a].append(b)
            waits[b] += 1
    place = {n: k for k, n in enumerate(nodes)}
    ready = [k for k, n in enumerate(nodes) if not waits[n]]
    out: list[N] = []
    while ready:
        n = nodes[heapq.heappop(ready)]
        out.append(n)
        for m in after[n]:
            waits[m] -= 1
            if not waits[m]:
                heapq.heappush(ready, place[m])
    return out


def as_written(
    groups: Sequence[tuple[N, ...]], nodes: Sequence[N], arrows: Iterable[tuple[N, N]]
) -> list[tuple[N, ...]]:
    """Groups of nodes, each where its last node stands, as far as arrows between groups allow."""
    place = {n: k for k, n in enumerate(nodes)}
    late = sorted(groups, key=lambda g: max(place[n] for n in g))
    home = {n: k for k, g in enumerate(late) for n in g}
    between = {(home[a], home[b]) for a, b in arrows if a in home and b in home}
    return [late[k] for (k,) in components(range(len(late)), between)]
