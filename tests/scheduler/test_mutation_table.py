"""Every kind of edit on every program: what the checker accepts, the interpreter finds right.

A kind is a function from a schedule to mutants of it. The checker may refuse a mutant that happens
to compute the right values (an order that memory forbids but these values do not show); those are
counted and bounded. It may never accept a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise

import islpy as isl
import pytest

from polyc.frontend.integers import Int
from polyc.frontend.program import Tensor
from polyc.scheduler.affine import Row
from polyc.scheduler.dependences import analyse
from polyc.scheduler.facts import accesses
from polyc.scheduler.packing import pack
from polyc.scheduler.padding import pad_operands
from polyc.scheduler.splitting import Split, in_parts
from polyc.scheduler.tree import Schedule, Storage, Window
from tests.scheduler.support import V3, Case, case, is_right
from tests.scheduler.test_mutants import SIZES, kind
from tests.scheduler.test_mutants import program as corpus_program

Kind = Callable[[Case, Schedule], Iterator[Schedule]]
PADDED = (
    "def f(float(N) X, float(K,R) W) -> (Y) { Y(k,i) += "
    "(i + r >= 1 && i + r <= N ? X(i + r - 1) : 0.0) * W(k,r) where i in 0:N }"
)
FUSED = """def f(int(N,D) X, int(N,D) Z) -> (Y) {
  e(i,j) = X(i,j) * Z(i,j)
  s(i) += e(i,j)
  Y(i,j) = e(i,j) - s(i) + Z(i,D-1-j)
}"""
HALO = """def f(int(N) X) -> (Y) {
  T(i) = X(i) * 2
  Y(i) = T(i) + T(i+1) where i in 0:N-1
}"""
OWN = {
    "padded": (PADDED, {"N": 9, "K": 12, "R": 3}),
    "fused": (FUSED, {"N": 6, "D": 5}),
    "halo": (HALO, {"N": 11}),
    "parts": ("def f(int(N) X) -> (S) { S += X(i) * X(i) }", {"N": 11}),
}
PROGRAMS = [*SIZES, *OWN]
BAND, SEQUENCE, MARK = (
    isl.schedule_node_type.band,
    isl.schedule_node_type.sequence,
    isl.schedule_node_type.mark,
)


def program(name: str) -> Case:
    """With the copies that padding and packing insert, and a sum in parts."""
    c = case(*OWN[name]) if name in OWN else corpus_program(name)
    rewritten = pad_operands(c.program).then(lambda p: pack(p, V3)).program
    if name == "parts":
        rewritten, _ = in_parts(rewritten, "S1", Split("i", Int.of(0), Int.of(10), 4))
    return Case(rewritten, analyse(rewritten))


# ---- edits of loops
def _nodes(s: Schedule, form: object) -> list[isl.ScheduleNode]:
    found, stack = [], [s.tree.get_root()]
    while stack:
        node = stack.pop()
        if kind(node) == form:
            found.append(node)
        stack += [node.child(n) for n in reversed(range(node.n_children()))]
    return found


def _with(s: Schedule, node: isl.ScheduleNode) -> Schedule:
    return replace(s, tree=node.get_schedule())


def _rows(node: isl.ScheduleNode, rows: isl.MultiUnionPwAff) -> isl.ScheduleNode:
    return node.delete().insert_partial_schedule(rows)


def reverse_outer(_: Case, s: Schedule) -> Iterator[Schedule]:
    for node in _nodes(s, BAND):
        yield _with(s, _rows(node, node.band_get_partial_schedule().neg()))


def reverse_inner(_: Case, s: Schedule) -> Iterator[Schedule]:
    for node in reversed(_nodes(s, BAND)):
        yield _with(s, _rows(node, node.band_get_partial_schedule().neg()))


def interchange(_: Case, s: Schedule) -> Iterator[Schedule]:
    for node in _nodes(s, BAND):
        if kind(node.child(0)) == BAND:
            outer = node.band_get_partial_schedule()
            inner = node.child(0).band_get_partial_schedule()
            bare = node.delete().delete()
            yield _with(s, bare.insert_partial_schedule(outer).insert_partial_schedule(inner))


def backward_tiles(_: Case, s: Schedule) -> Iterator[Schedule]:
    for node in _nodes(s, BAND):
        size = isl.MultiVal.zero(node.band_get_space()).set_val(0, isl.Val(2))
        tiled = node.band_tile(size)
        yield _with(s, _rows(tiled, tiled.band_get_partial_schedule().neg()))


def tile_outermost(_: Case, s: Schedule) -> Iterator[Schedule]:
    """Tiles of an inner loop above the loop around it."""
    for node in _nodes(s, BAND):
        if kind(node.child(0)) == BAND:
            inner = node.child(0).band_get_partial_schedule()
            halves = isl.MultiVal.zero(inner.get_space()).set_val(0, isl.Val(2))
            yield _with(s, node.insert_partial_schedule(inner.scale_down_multi_val(halves).floor()))


def one_time(_: Case, s: Schedule) -> Iterator[Schedule]:
    """A loop taken away: its iterations have no order."""
    for node in _nodes(s, BAND):
        if kind(node.parent()) != MARK:
            yield _with(s, node.delete())


def _shifted(by: int) -> Kind:
    def shift(c: Case, s: Schedule) -> Iterator[Schedule]:
        """One statement of a loop that several share runs earlier or later than the others."""
        for node in _nodes(s, BAND):
            row, here = node.band_get_partial_schedule().get_at(0), node.get_domain()
            mine = here.intersect(isl.UnionSet.from_set(c.program.statements[-1].domain))
            if mine.is_empty() or here.subtract(mine).is_empty():
                continue
            moved = row.intersect_domain(mine).add(isl.UnionPwAff.val_on_domain(mine, isl.Val(by)))
            both = row.intersect_domain(here.subtract(mine)).union_add(moved)
            yield _with(s, _rows(node, isl.MultiUnionPwAff.from_union_pw_aff(both)))

    return shift


# ---- edits of sequences
def _places(node: isl.ScheduleNode, order: list[int]) -> isl.ScheduleNode:
    """A row above a sequence that gives its children other places."""
    total: isl.UnionPwAff | None = None
    for place, n in enumerate(order):
        points = node.child(n).child(0).get_domain()
        one = isl.UnionPwAff.val_on_domain(points, isl.Val(place))
        total = one if total is None else total.union_add(one)
    assert total is not None
    return node.insert_partial_schedule(isl.MultiUnionPwAff.from_union_pw_aff(total))


def swap_neighbours(_: Case, s: Schedule) -> Iterator[Schedule]:
    for node in _nodes(s, SEQUENCE):
        for a, b in pairwise(range(node.n_children())):
            order = list(range(node.n_children()))
            order[a], order[b] = b, a
            yield _with(s, _places(node, order))


def reverse_sequence(_: Case, s: Schedule) -> Iterator[Schedule]:
    for node in _nodes(s, SEQUENCE):
        yield _with(s, _places(node, list(reversed(range(node.n_children())))))


def last_first(_: Case, s: Schedule) -> Iterator[Schedule]:
    for node in _nodes(s, SEQUENCE):
        n = node.n_children()
        yield _with(s, _places(node, [n - 1, *range(n - 1)]))


def first_last(_: Case, s: Schedule) -> Iterator[Schedule]:
    for node in _nodes(s, SEQUENCE):
        yield _with(s, _places(node, [*range(1, node.n_children()), 0]))


def at_once(_: Case, s: Schedule) -> Iterator[Schedule]:
    """A sequence taken away: its statements have no order."""
    for node in _nodes(s, SEQUENCE):
        if all(node.child(n).child(0).n_children() == 0 for n in range(node.n_children())):
            yield _with(s, node.cut())


# ---- edits of marks
def _marked(name: str, inner: bool = False) -> Kind:
    def mark(_: Case, s: Schedule) -> Iterator[Schedule]:
        found = _nodes(s, BAND)
        for node in reversed(found) if inner else found:
            if kind(node.parent()) != MARK:
                yield _with(s, node.insert_mark(isl.Id(name)))

    return mark


def unmark(_: Case, s: Schedule) -> Iterator[Schedule]:
    for node in _nodes(s, MARK):
        yield _with(s, node.delete())


# ---- edits of instances
def _without(s: Schedule, points: isl.Set) -> Schedule:
    left = s.tree.get_domain().subtract(isl.UnionSet.from_set(points))
    return replace(s, tree=s.tree.intersect_domain(left))


def drop_first_writer(c: Case, s: Schedule) -> Iterator[Schedule]:
    """A copy-in, where there is one, or what initialises."""
    copies = [t.name for t in c.program.tensors if t.packs]
    for x in sorted(c.program.statements, key=lambda x: x.tensor not in copies):
        yield _without(s, x.domain)


def drop_last_writer(c: Case, s: Schedule) -> Iterator[Schedule]:
    yield _without(s, c.program.statements[-1].domain)


def guard_ends_early(c: Case, s: Schedule) -> Iterator[Schedule]:
    for x in reversed(c.program.statements):
        yield _without(s, x.domain.lexmax())


def guard_starts_late(c: Case, s: Schedule) -> Iterator[Schedule]:
    for x in c.program.statements:
        yield _without(s, x.domain.lexmin())


def every_other_left_out(c: Case, s: Schedule) -> Iterator[Schedule]:
    for x in reversed([x for x in c.program.statements if x.vars]):
        odd = f"{{ {x.name}[{', '.join(x.vars)}] : {x.vars[-1]} mod 2 = 1 }}"
        yield _without(s, x.domain.intersect(isl.Set(odd)))


def first_row_dropped(c: Case, s: Schedule) -> Iterator[Schedule]:
    for x in reversed([x for x in c.program.statements if x.vars]):
        yield _without(
            s,
            x.domain.intersect(isl.Set(f"{{ {x.name}[{', '.join(x.vars)}] : {x.vars[0]} <= 1 }}")),
        )


# ---- edits of storage
def _window(edit: Callable[[Window], Window]) -> Kind:
    """A window of a whole dimension is legal; an edit of it mostly not."""

    def change(c: Case, s: Schedule) -> Iterator[Schedule]:
        for t in _temporaries(c):
            whole = Window(_row(c, t, lambda _: Int.of(0)), 1, Int.of(0), t.shape[0].value)
            yield _with_home(s, t, edit(whole))

    return change


def folded(c: Case, s: Schedule) -> Iterator[Schedule]:
    """All values along a dimension in one element."""
    for t in _temporaries(c):
        yield _with_home(s, t, Window(_row(c, t, lambda sub: sub), 1, Int.of(0), 1))


def _temporaries(c: Case) -> list[Tensor]:
    return [t for t in c.program.tensors if t.kind == "temporary" and t.shape]


def _row(c: Case, t: Tensor, of: Callable[[Int], Int]) -> Row:
    """Per user of a tensor a function of its first subscript."""
    subs = {
        x.name: a.subs[0] for x in c.program.statements for a in accesses(x) if a.tensor == t.name
    }
    return Row.of({name: of(sub) for name, sub in subs.items() if isinstance(sub, Int)})


def _with_home(s: Schedule, t: Tensor, w: Window) -> Schedule:
    home = Storage(t.name, "tile", (w, *(None for _ in t.shape[1:])))
    return replace(s, storage=(*(h for h in s.storage if h.tensor != t.name), home))


KINDS: dict[str, Kind] = {
    "outer loop reversed": reverse_outer,
    "inner loop reversed": reverse_inner,
    "interchange": interchange,
    "tiles run backwards": backward_tiles,
    "inner tiles outermost": tile_outermost,
    "no order in a loop": one_time,
    "fused one iteration late": _shifted(1),
    "fused one iteration early": _shifted(-1),
    "neighbours swapped": swap_neighbours,
    "sequence reversed": reverse_sequence,
    "last statement first": last_first,
    "no order in a sequence": at_once,
    "outer loop parallel": _marked("parallel"),
    "inner loop parallel, no partial results": _marked("parallel", inner=True),
    "outer loop vector": _marked("vector"),
    "outer loop unrolled": _marked("unroll"),
    "mark taken away": unmark,
    "copy-in or initialisation dropped": drop_first_writer,
    "last statement dropped": drop_last_writer,
    "guard ends one early": guard_ends_early,
    "guard starts one late": guard_starts_late,
    "every other instance left out": every_other_left_out,
    "first row left out": first_row_dropped,
    "first statement last": first_last,
    "whole window": _window(lambda w: w),
    "window with room to spare": _window(lambda w: replace(w, extent=w.extent + 3)),
    "window too small": _window(lambda w: replace(w, extent=w.extent - 1)),
    "window one too far": _window(lambda w: replace(w, offset=Int.of(1))),
    "window one too near": _window(lambda w: replace(w, offset=Int.of(-1))),
    "values folded onto one element": folded,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checker and the interpreter say of one mutant."""

    kind: str
    accepted: bool
    right: bool


def verdicts(name: str, fusion: str, each: int) -> list[Verdict]:
    """Of up to `each` mutants of every kind, on the schedule of one program."""
    c, found = program(name), []
    s = c.schedule(fusion=fusion)
    assert c.verify(s).ok
    for title, edit in KINDS.items():
        for m in islice(edit(c, s), each):
            accepted = c.verify(m).ok
            found.append(Verdict(title, accepted, _is_right(c, m, accepted)))
    return found


def _is_right(c: Case, s: Schedule, accepted: bool) -> bool:
    try:
        return is_right(c, s)
    except KeyError:  # an array that threads own, used by code that no thread runs
        assert not accepted
        return False


def test_no_wrong_mutant_is_accepted() -> None:
    table = {name: verdicts(name, "max", 2) for name in PROGRAMS}
    every = [v for vs in table.values() for v in vs]
    assert [(n, v.kind) for n, vs in table.items() for v in vs if v.accepted and not v.right] == []
    # At least 20 kinds are illegal and compute wrong values, many of them on 15 programs.
    wrong = {n: {v.kind for v in vs if not v.accepted and not v.right} for n, vs in table.items()}
    assert len(set().union(*wrong.values())) >= 20
    assert sum(len(kinds) >= 9 for kinds in wrong.values()) >= 15
    assert any(t.packs for t in program("padded").program.tensors)
    # Refused though right on these values: threads that add to one element, lanes that the
    # interpreter runs in order, an initialisation with the value that was there.
    refused = [v for v in every if not v.accepted]
    assert sum(v.right for v in refused) <= 0.1 * len(refused)
    assert len(every) - len(refused) >= 200


@pytest.mark.slow
@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("fusion", ["auto", "max"])
def test_no_wrong_mutant_is_accepted_at_any_place(name: str, fusion: str) -> None:
    found = verdicts(name, fusion, 20)
    assert [v.kind for v in found if v.accepted and not v.right] == []
