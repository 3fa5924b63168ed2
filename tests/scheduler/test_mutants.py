"""Random edits of the scheduler's own trees: what the checker accepts, computes the right values.

An edit reverses, interchanges, tiles or marks a loop, takes a mark away, runs statements in another
order, or changes a window. Most are illegal; none of those may pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import islpy as isl
import pytest

from polyc.frontend.integers import Int
from polyc.scheduler.tree import Schedule, Window
from tests.programs import CORPUS
from tests.scheduler.support import Case, case, is_right

SIZES: dict[str, dict[str, int]] = {
    "matmul": {"M": 3, "N": 9, "K": 4},
    "gradients_of_matmul": {"M": 3, "N": 4, "K": 5},
    "conv1d_full": {"X": 9, "F": 3},
    "conv_grouped": {"N": 1, "G": 2, "C": 2, "K": 2, "H": 3, "W": 5, "R": 2, "S": 2},
    "maxpool": {"N": 1, "C": 2, "H": 4, "W": 6},
    "moments": {"N": 3, "K": 9},
    "embedding_bag": {"E": 4, "D": 5, "B": 3, "L": 2},
    "kronecker3": {"M": 2, "A": 2, "B": 3, "C": 2, "P": 2, "Q": 2, "R": 3},
    "transpose4": {"N": 2, "C": 3, "H": 2, "W": 3},
    "concat_columns": {"M": 3, "A": 4, "B": 5},
    "prefix_sum": {"N": 5, "D": 3},
    "linear_recurrence": {"T": 5, "D": 3},
    "jacobi2d": {"N": 5, "T": 2},
    "syrk_lower": {"N": 5, "K": 3},
    "covariance": {"N": 5, "M": 4},
    "gemver": {"N": 4},
    "atax": {"M": 4, "N": 5},
}
MUTANTS = 8


def program(name: str) -> Case:
    text = CORPUS[name]
    consts = {n: SIZES[name][n] for n in text.consts}
    return case(text.text, SIZES[name], consts=consts, entry=text.entry)


# ---- edits of a node
def kind(node: isl.ScheduleNode) -> Any:
    return node.get_type()


def reverse(node: isl.ScheduleNode, _: Random) -> isl.ScheduleNode:
    rows = node.band_get_partial_schedule()
    return node.delete().insert_partial_schedule(rows.neg())


def interchange(node: isl.ScheduleNode, random: Random) -> isl.ScheduleNode:
    if kind(node.child(0)) != isl.schedule_node_type.band:
        return reverse(node, random)
    rows = node.band_get_partial_schedule()
    inner = node.child(0).band_get_partial_schedule()
    return node.delete().delete().insert_partial_schedule(rows).insert_partial_schedule(inner)


def tile(node: isl.ScheduleNode, random: Random) -> isl.ScheduleNode:
    """Tiles, run in any of the ways of the other edits."""
    space = node.band_get_space()
    size = isl.MultiVal.zero(space).set_val(0, isl.Val(random.choice((2, 3))))
    return node.band_tile(size)


def mark(node: isl.ScheduleNode, random: Random) -> isl.ScheduleNode:
    return node.insert_mark(isl.Id(random.choice(("parallel", "vector", "unroll"))))


def unmark(node: isl.ScheduleNode, random: Random) -> isl.ScheduleNode:
    above = node.parent()
    if kind(above) == isl.schedule_node_type.mark:
        return above.delete()
    return mark(node, random)


def reorder(node: isl.ScheduleNode, random: Random) -> isl.ScheduleNode:
    """A row above the children of a sequence that gives each another place."""
    places = list(range(node.n_children()))
    random.shuffle(places)
    rows = [
        f"{instance} -> [{place}]"
        for n, place in enumerate(places)
        for instance in _instances(node.child(n).filter_get_filter())
    ]
    text = f"[{{ {'; '.join(rows)} }}]"
    return node.insert_partial_schedule(isl.MultiUnionPwAff(text))


_SET = isl.dim_type.set


def _instances(points: isl.UnionSet) -> list[str]:
    """The statements of a filter: "S0[x0, x1]"."""
    found = points.get_set_list()
    sets = [found.get_set(n) for n in range(found.n_set())]
    names = [", ".join(f"x{d}" for d in range(s.dim(_SET))) for s in sets]
    return [f"{s.get_tuple_name()}[{x}]" for s, x in zip(sets, names, strict=True)]


EDITS: list[Callable[[isl.ScheduleNode, Random], isl.ScheduleNode]]
EDITS = [reverse, interchange, tile, mark, mark, unmark]


def mutant(s: Schedule, random: Random) -> Schedule:
    """One to three edits of a schedule."""
    for _ in range(random.randint(1, 3)):
        if s.storage and random.random() < 0.3:
            s = _move_window(s, random)
            continue
        types = isl.schedule_node_type
        node = random.choice([n for n in _nodes(s.tree) if kind(n) in (types.band, types.sequence)])
        edit = reorder if kind(node) == types.sequence else random.choice(EDITS)
        s = replace(s, tree=edit(node, random).get_schedule())
    return s


def _nodes(tree: isl.Schedule) -> list[isl.ScheduleNode]:
    found, stack = [], [tree.get_root()]
    while stack:
        node = stack.pop()
        found.append(node)
        stack += [node.child(n) for n in range(node.n_children())]
    return found


def _move_window(s: Schedule, random: Random) -> Schedule:
    home = random.choice(s.storage)
    windows = tuple(w and _moved(w, random) for w in home.windows)
    scope = random.choice(("tile", "tile", "memory"))
    rest = tuple(h for h in s.storage if h is not home)
    return replace(s, storage=(*rest, replace(home, scope=scope, windows=windows)))


def _moved(w: Window, random: Random) -> Window:
    shift, grow = random.randint(-1, 1), random.randint(-1, 1)
    return replace(w, offset=Int.of(shift) + w.offset, extent=max(1, w.extent + grow))


@pytest.mark.parametrize("name", SIZES)
def test_accepted_mutants_are_right(name: str) -> None:
    c = program(name)
    random = Random(name)
    for fusion in ("auto", "max"):
        s = c.schedule(fusion=fusion)
        assert c.verify(s).ok
        for _ in range(MUTANTS):
            m = mutant(s, random)
            if c.verify(m).ok:
                assert is_right(c, m), f"{m}\n{m.storage}"


def test_mutants_are_of_both_kinds() -> None:
    """The test above would also pass if nothing were accepted, or nothing were illegal."""
    verdicts = []
    for name in SIZES:
        c, random = program(name), Random(name)
        s = c.schedule()
        verdicts += [c.verify(mutant(s, random)).ok for _ in range(MUTANTS)]
    assert 0.1 < sum(verdicts) / len(verdicts) < 0.9
