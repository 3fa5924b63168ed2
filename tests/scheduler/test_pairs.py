"""Pairs of groups kept up to date are those found from nothing; so are orders and figures."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from random import Random

import pytest

from polyc.scheduler.affine import Row, plain_variable
from polyc.scheduler.common import Group
from polyc.scheduler.facts import accesses, extents, footprint
from polyc.scheduler.figures import Figures
from polyc.scheduler.graph import components, in_order
from polyc.scheduler.pairs import Pairs, Touch
from polyc.scheduler.tiling import footprints
from tests.programs import CORPUS
from tests.scheduler.support import Case, case, row

SIZE = {"a": 0, "b": 4, "c": 8, "d": 8, "e": 100}


def paths(nodes: list[int], arrows: set[tuple[int, int]]) -> Callable[[int, int], bool]:
    """A path leads from one node to another, by the plainest closure there is."""
    reach = {(n, n) for n in nodes} | arrows
    for k in nodes:
        reach |= {(a, b) for a in nodes for b in nodes if (a, k) in reach and (k, b) in reach}
    return lambda a, b: (a, b) in reach


def drawn(random: Random, n: int, forward: bool) -> set[tuple[int, int]]:
    pairs = [(a, b) for a in range(n) for b in range(n) if a < b or (not forward and a != b)]
    return set(random.sample(pairs, min(len(pairs), random.randint(0, 2 * n))))


@pytest.mark.parametrize("seed", range(40))
def test_components(seed: int) -> None:
    random = Random(seed)
    n = random.randint(1, 9)
    nodes, arrows = list(range(n)), drawn(random, n, forward=False)
    leads = paths(nodes, arrows)
    left = list(
        dict.fromkeys(tuple(m for m in nodes if leads(k, m) and leads(m, k)) for k in nodes)
    )
    expected = []
    while left:
        ready = next(c for c in left if not any(o != c and leads(o[0], c[0]) for o in left))
        expected.append(ready)
        left.remove(ready)
    assert components(nodes, arrows) == expected


def open_pairs(
    pairs: Pairs, refused: set[tuple[int, int]], only_first: bool
) -> list[tuple[int, int]]:
    """What `candidates` says, from the definition."""
    order = list(pairs.groups)
    leads = paths(order, pairs.arrows)
    found = []
    for (i, a), (j, b) in combinations(enumerate(order), 2):
        one, other = pairs.touch[a], pairs.touch[b]
        shared = sum(SIZE[t] for t in one.tensors & other.tensors)
        between = any(leads(a, k) and leads(k, b) for k in order if k not in (a, b))
        first = one.initialises(other)
        if shared and not between and (a, b) not in refused and (first or not only_first):
            found.append((not first, -shared, i, j, (a, b)))
    return [p for *_, p in sorted(found)]


@pytest.mark.parametrize("seed", range(60))
def test_candidates_after_merges_and_refusals(seed: int) -> None:
    random = Random(seed)
    n = random.randint(2, 8)
    pairs = Pairs(SIZE)
    for k in range(n):
        tensors = frozenset(random.sample(sorted(SIZE), random.randint(1, 3)))
        reduces = frozenset(t for t in tensors if random.random() < 0.3)
        gives = random.choice(sorted(tensors)) if random.random() < 0.6 else None
        pairs.add(k, Group((f"S{k}",), ()), Touch(tensors, gives, reduces))
    pairs.connect(drawn(random, n, forward=True))
    refused: set[tuple[int, int]] = set()
    while True:
        for only_first in (True, False):
            expected = open_pairs(pairs, refused, only_first)
            assert list(pairs.candidates(only_first)) == expected
        if not expected:
            break
        a, b = random.choice(expected)
        if random.random() < 0.5:
            refused.add((a, b))
            pairs.refuse(a, b)
        else:
            names = pairs.groups[a].names + pairs.groups[b].names
            pairs.merge(a, b, Group(names, ()))
            place = {g: at for at, g in enumerate(pairs.groups)}
            assert all(place[x] < place[y] for x, y in pairs.arrows)
    assert sorted(n for g in pairs.groups.values() for n in g.names) == [f"S{k}" for k in range(n)]


def test_an_order_takes_the_first_that_is_ready() -> None:
    assert in_order([3, 1, 2, 0], {(0, 3), (2, 1)}) == [2, 1, 0, 3]


def plain_boxes(c: Case, rows: tuple[Row, ...], sizes: list[int]) -> dict[str, int]:
    """Bytes of each tensor in a tile, access by access."""
    out: dict[str, int] = {}
    for s in c.program.statements:
        ranges = extents(s)
        for r, size in zip(rows, sizes, strict=True):
            v = plain_variable(r[s.name], s)
            if v is not None:
                ranges[v] = min(ranges[v], size)
        for a in accesses(s):
            t = c.program.tensor(a.tensor)
            found = footprint(a.subs, t.shape, ranges) * t.dtype.bytes
            out[t.name] = max(out.get(t.name, 0), found)
    return out


@pytest.mark.parametrize("name", sorted(CORPUS))
def test_what_a_tile_touches(name: str) -> None:
    text = CORPUS[name]
    c = case(text.text, text.smoke, entry=text.entry, consts=text.consts)
    names = tuple(s.name for s in c.program.statements)
    longest = max(len(s.vars) for s in c.program.statements)
    rows = tuple(
        row({s.name: s.vars[k] if k < len(s.vars) else 0 for s in c.program.statements})
        for k in range(longest)
    )
    boxes = footprints(Figures.of(c.program, names), names, rows)
    random = Random(name)
    for _ in range(5):
        sizes = [random.randint(1, 9) for _ in rows]
        found = boxes(sizes)
        assert found == plain_boxes(c, rows, sizes)
        assert list(found) == list(plain_boxes(c, rows, sizes)), "costs add up in this order"


def test_variables_with_equal_ranges_are_not_one_variable() -> None:
    text = "def f(float(18) X) -> (Y) { Y(i,j) = X(i-j+9) where i in 0:9, j in 0:9 }"
    c = case(text)
    boxes = footprints(Figures.of(c.program, ("S0",)), ("S0",), ())
    assert boxes([])["X"] == 17 * 4
