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
from polyc.scheduler.affine import kind, row_map
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
    plain = ("domain", "band", "sequence", "filter", "leaf")
    for node in _nodes(tree):
        form = kind(node.get_type())
        if form == "mark":
            mark, child = node.mark_get_id().get_name(), node.child(0)
            if mark not in MARKS:
                yield Proof(f"mark {mark!r}", False, f"known marks: {', '.join(MARKS)}")
            elif kind(child.get_type()) != "band" or child.band_n_member() != 1:
                yield Proof(f"mark {mark!r}", False, "stands above something else than one row")
        elif form not in plain:
            yield Proof("schedule tree", False, f"a node of a kind that is not supported: {form}")


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
    moments = relation.apply_domain(time).apply_range(time)  # { [time of source] -> [of sink] }
    if moments.is_empty():
        return Proof(subject, True, "no pair is scheduled")
    pairs = isl.Map.from_union_map(moments)
    width = pairs.dim(isl.dim_type.in_)
    for depth in range(width + 1):
        if _backward(pairs, depth).is_empty():
            if depth < width and not _decided(pairs, depth + 1):
                continue
            return Proof(subject, True, f"forward, decided at depth {depth + 1}")
        late = relation.intersect(time.lex_ge_union_map(time))
        return Proof(subject, False, f"runs backward: {_example(late)}")
    late = relation.intersect(time.lex_ge_union_map(time))
    return Proof(subject, False, f"both ends at one time: {_example(late)}")


def _backward(pairs: isl.Map, depth: int) -> isl.Map:
    """The pairs that agree on the first `depth` dimensions and go back in the next one."""
    for k in range(depth):
        pairs = pairs.equate(isl.dim_type.in_, k, isl.dim_type.out, k)
    if depth == pairs.dim(isl.dim_type.in_):
        return pairs
    return pairs.order_gt(isl.dim_type.in_, depth, isl.dim_type.out, depth)


def _decided(pairs: isl.Map, depth: int) -> bool:
    """No pair agrees on the first `depth` dimensions."""
    for k in range(depth):
        pairs = pairs.equate(isl.dim_type.in_, k, isl.dim_type.out, k)
    return bool(pairs.is_empty())


def _example(m: isl.UnionMap) -> str:
    """One concrete pair of instances of a relation."""
    return str(m.sample()).split("{", 1)[-1].rsplit("}", 1)[0].strip()


# ---- marks
def _marks(deps: Dependences, schedule: Schedule) -> Iterator[Proof]:
    for mark, node in _marked_bands(schedule.tree):
        here = node.get_domain()
        names = _tuples(here)
        around = (_unmoved(node) if mark == "unroll" else node).get_prefix_schedule_union_map()
        loops = around.flat_range_product(node.band_get_partial_schedule_union_map())
        crossing = None
        for e in deps.edges:
            if e.reduction and mark != "parallel" and schedule.reassociates:
                continue  # lanes and copies hold terms that may come in any order
            if e.source in names and e.sink in names:
                crossing = crossing or _crossing(e, here, loops)
        subject = f"{mark} {'+'.join(names)}"
        yield Proof(subject, crossing is None, crossing or "no dependence crosses iterations")


def _crossing(e: Edge, here: isl.UnionSet, loops: isl.UnionMap) -> str | None:
    """A pair of the edge in one iteration of the loops around, but not of the loop itself."""
    inside = isl.UnionMap.from_map(e.relation).intersect_domain(here).intersect_range(here)
    moments = inside.apply_domain(loops).apply_range(loops)
    if moments.is_empty():
        return None
    pairs = isl.Map.from_union_map(moments)
    last = pairs.dim(isl.dim_type.in_) - 1
    for k in range(last):
        pairs = pairs.equate(isl.dim_type.in_, k, isl.dim_type.out, k)
    apart = pairs.order_lt(isl.dim_type.in_, last, isl.dim_type.out, last)
    apart = apart.union(pairs.order_gt(isl.dim_type.in_, last, isl.dim_type.out, last))
    if apart.is_empty():
        return None
    back = isl.UnionMap.from_map(apart).apply_domain(loops.reverse()).apply_range(loops.reverse())
    return f"{e.kind} on {e.tensor} crosses iterations: {_example(inside.intersect(back))}"


def _marked_bands(tree: isl.Schedule) -> Iterator[tuple[str, isl.ScheduleNode]]:
    for node in _nodes(tree):
        if kind(node.get_type()) == "mark":
            yield node.mark_get_id().get_name(), node.child(0)


def _unmoved(band: isl.ScheduleNode) -> isl.ScheduleNode:
    """The outermost loop that an unrolled one may be moved out of: it encloses nothing else."""
    node = band
    while True:
        above = node.parent()
        form = kind(above.get_type())
        serial = form == "mark" and above.mark_get_id().get_name() != "parallel"
        if not serial and form != "band":
            return node
        node = above


def _tuples(points: isl.UnionSet) -> list[str]:
    found = points.get_set_list()
    return sorted({found.get_set(i).get_tuple_name() or "" for i in range(found.n_set())})


# ---- contracted arrays
def _contractions(
    program: Program, deps: Dependences, schedule: Schedule, time: isl.UnionMap
) -> Iterator[Proof]:
    """No other tile writes the array between a write and a read of what was written."""
    for home in schedule.storage:
        subject = f"storage {home.tensor}"
        folded = [w for w in home.windows if w is not None]
        flows = [e for e in deps.edges if e.kind == "flow" and e.tensor == home.tensor]
        if not folded or not flows:
            yield Proof(subject, True, "whole array kept")
            continue
        users = _users(program, home.tensor)
        if any(s.name not in dict(w.row.exprs) for w in folded for s in users):
            yield Proof(subject, False, "a statement that uses it has no place in its tiles")
            continue
        depth = _shared_depth(flows, time)
        if _tile_is_function_of_time(program, folded, users, time, depth):
            reason = f"a tile's values live within one iteration of the outer {depth} dimensions"
            yield Proof(subject, True, reason)
            continue
        bad = _clobbered(program, folded, flows, time, home.tensor)
        yield Proof(subject, bad is None, bad or "every value outlives its readers")


def _users(program: Program, tensor: str) -> list[Statement]:
    return [s for s in program.statements if any(a.tensor == tensor for a in accesses(s))]


def _shared_depth(flows: list[Edge], time: isl.UnionMap) -> int:
    """How many leading dimensions of time are equal at both ends of every flow."""
    depth: int | None = None
    for e in flows:
        moments = isl.UnionMap.from_map(e.relation).apply_domain(time).apply_range(time)
        if moments.is_empty():
            continue
        pairs = isl.Map.from_union_map(moments)
        equal = 0
        while equal < pairs.dim(isl.dim_type.in_):
            same = pairs.equate(isl.dim_type.in_, equal, isl.dim_type.out, equal)
            if not pairs.is_subset(same):
                break
            equal += 1
        depth = equal if depth is None else min(depth, equal)
    return depth or 0


def _tile_is_function_of_time(
    program: Program, folded: list[Window], users: list[Statement], time: isl.UnionMap, depth: int
) -> bool:
    """Instances that agree on the first `depth` dimensions of time are in one tile.

    Together with flows that agree on them, nothing between a write and its read is in another.
    """
    points = isl.UnionSet(f"{_prefix(program)}{{ }}")
    for s in users:
        points = points.union(isl.UnionSet.from_set(s.domain))
    here = time.intersect_domain(points)
    if here.is_empty():
        return True
    width = isl.Set.from_union_set(here.range()).dim(isl.dim_type.set)
    names = [f"t{k}" for k in range(width)]
    cut = isl.UnionMap(f"{{ [{', '.join(names)}] -> [{', '.join(names[:depth])}] }}")
    short = here.apply_range(cut)
    for w in folded:
        tiles = short.reverse().apply_range(row_map(w.row, program, w.tile))
        if not tiles.is_single_valued():
            return False
    return True


def _clobbered(
    program: Program, folded: list[Window], flows: list[Edge], time: isl.UnionMap, tensor: str
) -> str | None:
    """A write from another tile between a write and a read of its value, searched exactly."""
    same: isl.UnionMap | None = None
    for w in folded:
        key = row_map(w.row, program, w.tile)
        equal = key.apply_range(key.reverse())
        same = equal if same is None else same.intersect(equal)
    assert same is not None
    points = isl.UnionSet(f"{_prefix(program)}{{ }}")
    for s in program.statements:
        if s.tensor == tensor:
            points = points.union(isl.UnionSet.from_set(s.domain))
    before = time.lex_lt_union_map(time)
    between = before.intersect_range(points).subtract(same).apply_range(before)
    for e in flows:
        relation = isl.UnionMap.from_map(e.relation)
        found = relation.intersect(between).union(relation.subtract(same))
        if not found.is_empty():
            return f"{e.source} -> {e.sink} loses its value to another tile: {_example(found)}"
    return None


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
    outside = touching.subtract(inside)
    names = "+".join(_tuples(here))
    if not outside.is_empty():
        return f"{names} is left by {_example(outside)}"
    loops = node.child(0).get_prefix_schedule_union_map()
    pairs = isl.Map.from_union_map(inside.apply_domain(loops).apply_range(loops))
    lost = pairs.subtract(isl.Map.identity(pairs.get_space()))
    return None if lost.is_empty() else f"{names} is left between iterations {lost.sample()}"


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
