"""Reachability and order in small directed graphs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

N = TypeVar("N", bound=Hashable)


def reachable(nodes: Iterable[N], arrows: Iterable[tuple[N, N]]) -> dict[N, set[N]]:
    """For every node the nodes that a path leads to, itself included."""
    reach = {n: {n} for n in nodes}
    inside = [(a, b) for a, b in arrows if a in reach and b in reach]
    changed = True
    while changed:
        changed = False
        for a, b in inside:
            before = len(reach[a])
            reach[a] |= reach[b]
            changed |= len(reach[a]) != before
    return reach


def components(nodes: Sequence[N], arrows: Iterable[tuple[N, N]]) -> list[tuple[N, ...]]:
    """Strongly connected components in an order that respects the arrows, ties as given."""
    reach = reachable(nodes, arrows)
    found: dict[tuple[N, ...], None] = {}
    for n in nodes:
        found[tuple(m for m in nodes if m in reach[n] and n in reach[m])] = None
    left, out = list(found), []
    while left:
        ready = next(c for c in left if not any(c[0] in reach[o[0]] for o in left if o is not c))
        out.append(ready)
        left.remove(ready)
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
