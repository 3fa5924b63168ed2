"""The proof that a schedule computes what the text means, by code that did not make the schedule.

It reads the final tree (tiles, sequences and marks included), the exact dependences and the
storage map, and checks with isl that

edges    every dependence runs forward in time (reduction-tagged ones only where order matters)
races    no dependence crosses iterations of a parallel, vector or unrolled loop, no array that is
         contracted to a tile is overwritten while a value in it is still needed, and no value
         leaves the iteration of the parallel loop that owns its array
bounds   every access stays in its tensor's box, every index of a contracted array in its window,
         exactly the program's instances are scheduled, and every output is completely written
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import islpy as isl

from polyc.frontend.integers import Int, to_isl
from polyc.frontend.program import Program, Statement, box, reads
from polyc.scheduler.affine import row_map
from polyc.scheduler.dependences import Dependences, Edge, domain
from polyc.scheduler.facts import Access, accesses
from polyc.scheduler.tree import Schedule, Storage, Window

MARKS = ("parallel", "vector", "unroll")


@dataclass(frozen=True, slots=True)
class Proof:
    """One obligation: what was to be shown, and how it holds or a concrete counter-example."""

    subject: str
    ok: bool
    detail: str

    def __str__(self) -> str:
        return f"{'holds' if self.ok else 'FAILS'}  {self.subject}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Certificate:
    """All obligations of a schedule. `ok` says that every one of them holds."""

    edges: tuple[Proof, ...]
    races: tuple[Proof, ...]
    bounds: tuple[Proof, ...]

    @property
    def ok(self) -> bool:
        return all(p.ok for p in (*self.edges, *self.races, *self.bounds))

    @property
    def failures(self) -> tuple[Proof, ...]:
        return tuple(p for p in (*self.edges, *self.races, *self.bounds) if not p.ok)

    def __str__(self) -> str:
        parts = (("edges", self.edges), ("races", self.races), ("bounds", self.bounds))
        lines = [f"certificate: {'legal' if self.ok else 'NOT LEGAL'}"]
        for title, proofs in parts:
            lines += [f"{title}:", *(f"  {p}" for p in proofs)]
        return "\n".join(lines) + "\n"


def verify(program: Program, deps: Dependences, schedule: Schedule) -> Certificate:
    """Every obligation of the schedule, proved or refuted."""
    strange = tuple(_strange_nodes(schedule.tree))
    if strange:  # nothing is known about what code they would make
        return Certificate((), (), strange)
    # isl's map of a tree is defined outside of its domain too.
    points = schedule.tree.get_domain().intersect(domain(program))
    time = schedule.tree.get_map().intersect_domain(points)
    return Certificate(
        tuple(_edge(e, time, schedule.reassociates) for e in deps.edges),
        (
            *_marks(deps, schedule),
            *_contractions(program, deps, schedule, time),
            *_owners(deps, schedule),
        ),
        (
            *_instances(program, schedule.tree, time),
            *_boxes(program),
            *_windows(program, schedule),
            *_outputs(program),
        ),
    )


# ---- form
def _strange_nodes(tree: isl.Schedule) -> Iterator[Proof]:
    """Nodes outside of the tree's language: bands, sequences, filters, and marks above one row."""
    types = isl.schedule_node_type
    plain = (types.domain, types.band, types.sequence, types.filter, types.leaf)
    for node in _nodes(tree):
        kind = node.get_type()
        if kind == types.mark:
            mark, child = node.mark_get_id().get_name(), node.child(0)
            if mark not in MARKS:
                yield Proof(f"mark {mark!r}", False, f"known marks: {', '.join(MARKS)}")
            elif child.get_type() != types.band or child.band_n_member() != 1:
                yield Proof(f"mark {mark!r}", False, "stands above something else than one row")
        elif kind not in plain:
            yield Proof("schedule tree", False, f"a node of a kind that is not supported: {kind}")


def _nodes(tree: isl.Schedule) -> Iterator[isl.ScheduleNode]:
    """Every node, parents first."""
    stack = [tree.get_root()]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.child(i) for i in reversed(range(node.n_children())))


# ---- order
def _edge(e: Edge, time: isl.UnionMap, reassociates: bool) -> Proof:
    subject = f"{e.kind} {e.source} -> {e.sink} on {e.tensor}"
    if e.reduction and reassociates:
        return Proof(subject, True, "terms of one reduction, free to be reordered")
    relation = isl.UnionMap.from_map(e.relation)
    late = relation.intersect(time.lex_ge_union_map(time))
    if not late.is_empty():
        return Proof(subject, False, f"runs backward: {_example(late)}")
    return Proof(subject, True, f"forward, decided at depth {_depth(relation, time)}")


def _depth(relation: isl.UnionMap, time: isl.UnionMap) -> int:
    """The first dimension of time by which every pair of the relation is in order."""
    space = time.range().get_set_list().get_set(0)
    width = space.dim(isl.dim_type.set)
    low, high = 1, width
    while low < high:
        middle = (low + high) // 2
        names = ", ".join(f"t{k}" for k in range(width))
        cut = isl.UnionMap(f"{{ [{names}] -> [{', '.join(f't{k}' for k in range(middle))}] }}")
        short = time.apply_range(cut)
        if relation.intersect(short.lex_ge_union_map(short)).is_empty():
            high = middle
        else:
            low = middle + 1
    return low


def _example(m: isl.UnionMap) -> str:
    """One concrete pair of instances of a relation."""
    return str(m.sample()).split("{", 1)[-1].rsplit("}", 1)[0].strip()


# ---- marks
def _marks(deps: Dependences, schedule: Schedule) -> Iterator[Proof]:
    for mark, node in _marked_bands(schedule.tree):
        together = _together(_unmoved(node) if mark == "unroll" else node)
        row = node.band_get_partial_schedule_union_map()
        same = together.intersect(row.apply_range(row.reverse()))
        here = node.get_domain()
        crossing = None
        for e in deps.edges:
            if e.reduction and mark != "parallel" and schedule.reassociates:
                continue  # lanes and copies hold terms that may come in any order
            inside = isl.UnionMap.from_map(e.relation).intersect_domain(here).intersect_range(here)
            bad = inside.intersect(together).subtract(same)
            if not bad.is_empty():
                crossing = f"{e.kind} on {e.tensor} crosses iterations: {_example(bad)}"
                break
        subject = f"{mark} {_tuples(here)}"
        yield Proof(subject, crossing is None, crossing or "no dependence crosses iterations")


def _marked_bands(tree: isl.Schedule) -> Iterator[tuple[str, isl.ScheduleNode]]:
    for node in _nodes(tree):
        if node.get_type() == isl.schedule_node_type.mark:
            yield node.mark_get_id().get_name(), node.child(0)


def _together(node: isl.ScheduleNode) -> isl.UnionMap:
    """{ i -> j : the same iteration of all loops around a node }"""
    prefix = node.get_prefix_schedule_union_map()
    return prefix.apply_range(prefix.reverse())


def _unmoved(band: isl.ScheduleNode) -> isl.ScheduleNode:
    """The outermost loop that an unrolled one may be moved out of: it encloses nothing else."""
    types = isl.schedule_node_type
    node = band
    while True:
        above = node.parent()
        kind = above.get_type()
        serial = kind == types.mark and above.mark_get_id().get_name() != "parallel"
        if not serial and kind != types.band:
            return node
        node = above


def _tuples(points: isl.UnionSet) -> str:
    found = points.get_set_list()
    names = {found.get_set(i).get_tuple_name() or "" for i in range(found.n_set())}
    return "+".join(sorted(names))


# ---- contracted arrays
def _contractions(
    program: Program, deps: Dependences, schedule: Schedule, time: isl.UnionMap
) -> Iterator[Proof]:
    """No other tile writes the array between a write and a read of what was written."""
    before = time.lex_lt_union_map(time)
    for home in schedule.storage:
        folded = [w for w in home.windows if w is not None]
        flows = [e for e in deps.edges if e.kind == "flow" and e.tensor == home.tensor]
        writers = [s for s in program.statements if s.tensor == home.tensor]
        if not folded or not flows:
            yield Proof(f"storage {home.tensor}", True, "whole array kept")
            continue
        same: isl.UnionMap | None = None
        for w in folded:
            key = row_map(w.row, program, w.tile)
            equal = key.apply_range(key.reverse())
            same = equal if same is None else same.intersect(equal)
        assert same is not None
        points = isl.UnionSet(f"{_prefix(program)}{{ }}")
        for s in writers:
            points = points.union(isl.UnionSet.from_set(s.domain))
        others = before.intersect_range(points).subtract(same)
        clobbered = others.apply_range(before)
        bad = None
        for e in flows:
            relation = isl.UnionMap.from_map(e.relation)
            found = relation.intersect(clobbered).union(relation.subtract(same))
            if not found.is_empty():
                bad = f"{e.source} -> {e.sink} loses its value to another tile: {_example(found)}"
                break
        yield Proof(
            f"storage {home.tensor}", bad is None, bad or "every value outlives its readers"
        )


def _owners(deps: Dependences, schedule: Schedule) -> Iterator[Proof]:
    """An array of scope "tile" belongs to one iteration of the parallel loops that use it; one
    that is contracted but shared by them all would be written by several at once."""
    parallel = [node for mark, node in _marked_bands(schedule.tree) if mark == "parallel"]
    for home in schedule.storage:
        flows = [e for e in deps.edges if e.kind == "flow" and e.tensor == home.tensor]
        bad = None
        for node in parallel:
            for e in flows:
                bad = bad or _leaves(e, node, home)
        yield Proof(f"owner of {home.tensor}", bad is None, bad or "no thread needs another's")


def _leaves(e: Edge, node: isl.ScheduleNode, home: Storage) -> str | None:
    """How a value gets into or out of one iteration of a parallel loop."""
    here, relation = node.get_domain(), isl.UnionMap.from_map(e.relation)
    touching = relation.intersect_domain(here).union(relation.intersect_range(here))
    if touching.is_empty():
        return None
    if home.scope != "tile":
        shared = any(w is not None for w in home.windows)
        return "threads share an array that is contracted to one tile" if shared else None
    inside = touching.intersect_domain(here).intersect_range(here)
    lost = touching.subtract(inside.intersect(_together(node.child(0))))
    return None if lost.is_empty() else f"{_tuples(here)} is left by {_example(lost)}"


def _prefix(program: Program) -> str:
    return f"[{', '.join(z.name for z in program.sizes)}] -> "


# ---- places
def _instances(program: Program, tree: isl.Schedule, time: isl.UnionMap) -> Iterator[Proof]:
    wanted = domain(program)
    missing = wanted.subtract(time.domain())
    extra = tree.get_domain().intersect_params(program.context).subtract(wanted)
    if not missing.is_empty():
        yield Proof("instances", False, f"not scheduled: {missing.sample_point()}")
    elif not extra.is_empty():
        yield Proof("instances", False, f"not in the program: {extra.sample_point()}")
    elif not time.is_single_valued():
        yield Proof("instances", False, "some have several places in time")
    else:
        yield Proof("instances", True, "every one has its place in time")


def _boxes(program: Program) -> Iterator[Proof]:
    sizes = tuple(z.name for z in program.sizes)
    for s in program.statements:
        touched = [(s.tensor, s.write), *((r.load.tensor, r.map) for r in reads(s, program))]
        for tensor, m in touched:
            here = m.intersect_params(program.context)
            outside = here.range().subtract(box(program.tensor(tensor), sizes))
            subject = f"{s.name} at {tensor}"
            if outside.is_empty():
                yield Proof(subject, True, "inside its box")
            else:
                yield Proof(subject, False, f"leaves its box: {outside.sample_point()}")


def _windows(program: Program, schedule: Schedule) -> Iterator[Proof]:
    for home in schedule.storage:
        for s in program.statements:
            for a in accesses(s):
                if a.tensor == home.tensor:
                    yield from _window(program, s, a, home)


def _window(program: Program, s: Statement, a: Access, home: Storage) -> Iterator[Proof]:
    for d, w in enumerate(home.windows):
        if w is None:
            continue
        subject = f"{s.name} at {home.tensor}, window of dimension {d}"
        place = _place(s, a, d, w)
        if place is None:
            yield Proof(subject, False, "the subscript depends on data or the row is not defined")
            continue
        text = f"{s.name}[{', '.join(s.vars)}] : 0 <= {to_isl(place)} < {w.extent}"
        inside = isl.Set(f"{_prefix(program)}{{ {text} }}")
        outside = s.domain.intersect_params(program.context).subtract(inside)
        if outside.is_empty():
            yield Proof(subject, True, f"within its {w.extent} elements")
        else:
            yield Proof(subject, False, f"outside at {outside.sample_point()}")


def _place(s: Statement, a: Access, d: int, w: Window) -> Int | None:
    sub = a.subs[d]
    if not isinstance(sub, Int) or s.name not in dict(w.row.exprs):
        return None
    return sub - (w.row[s.name] // w.tile) * w.tile - w.offset


def _outputs(program: Program) -> Iterator[Proof]:
    sizes = tuple(z.name for z in program.sizes)
    for t in program.outputs:
        left = box(t, sizes).intersect_params(program.context)
        for s in program.statements:
            if s.tensor == t.name:
                left = left.subtract(s.write.range())
        if left.is_empty():
            yield Proof(f"output {t.name}", True, "completely written")
        else:
            yield Proof(f"output {t.name}", False, f"never written: {left.sample_point()}")
