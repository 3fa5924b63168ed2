"""Proofs about loops that do not run in order, and about memory that is used again.

No dependence crosses iterations of a parallel, vector or unrolled loop, and no array that is
contracted to a tile is overwritten, or left to another thread, while a value in it is needed.
"""

from __future__ import annotations

from collections.abc import Iterator

import islpy as isl

from polyc.frontend.program import Program, Statement
from polyc.scheduler.affine import kind, row_map
from polyc.scheduler.dependences import Dependences, Edge
from polyc.scheduler.facts import accesses
from polyc.scheduler.proof import Proof, example, nodes, prefix, statements_of
from polyc.scheduler.tree import Schedule, Storage, Window


# ---- marks
def marks(deps: Dependences, schedule: Schedule) -> Iterator[Proof]:
    for mark, node in _marked_bands(schedule.tree):
        here = node.get_domain()
        names = statements_of(here)
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
    return f"{e.kind} on {e.tensor} crosses iterations: {example(inside.intersect(back))}"


def _marked_bands(tree: isl.Schedule) -> Iterator[tuple[str, isl.ScheduleNode]]:
    for node in nodes(tree):
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


# ---- contracted arrays
def contractions(
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
    points = isl.UnionSet(f"{prefix(program)}{{ }}")
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
    points = isl.UnionSet(f"{prefix(program)}{{ }}")
    for s in program.statements:
        if s.tensor == tensor:
            points = points.union(isl.UnionSet.from_set(s.domain))
    before = time.lex_le_union_map(time)  # instances of equal time run in any order
    between = before.intersect_range(points).subtract(same).apply_range(before)
    for e in flows:
        relation = isl.UnionMap.from_map(e.relation)
        found = relation.intersect(between).union(relation.subtract(same))
        if not found.is_empty():
            return f"{e.source} -> {e.sink} loses its value to another tile: {example(found)}"
    return None


def owners(program: Program, deps: Dependences, schedule: Schedule) -> Iterator[Proof]:
    """An array of scope "tile" belongs to one iteration of the parallel loops that use it; one
    that is contracted but shared by them all must hold the same tile for all of them."""
    parallel = [node for mark, node in _marked_bands(schedule.tree) if mark == "parallel"]
    for home in schedule.storage:
        flows = [e for e in deps.edges if e.kind == "flow" and e.tensor == home.tensor]
        bad = None
        for node in parallel:
            for e in flows:
                bad = bad or _leaves(e, node, home, program)
        yield Proof(f"owner of {home.tensor}", bad is None, bad or "no thread needs another's")


def _leaves(e: Edge, node: isl.ScheduleNode, home: Storage, program: Program) -> str | None:
    """How a value gets into or out of one iteration of a parallel loop."""
    here, relation = node.get_domain(), isl.UnionMap.from_map(e.relation)
    touching = relation.intersect_domain(here).union(relation.intersect_range(here))
    if touching.is_empty():
        return None
    if home.scope != "tile":
        return _several_tiles(node, home, program)
    inside = touching.intersect_domain(here).intersect_range(here)
    outside = touching.subtract(inside)
    names = "+".join(statements_of(here))
    if not outside.is_empty():
        return f"{names} is left by {example(outside)}"
    loops = node.child(0).get_prefix_schedule_union_map()
    pairs = isl.Map.from_union_map(inside.apply_domain(loops).apply_range(loops))
    lost = pairs.subtract(isl.Map.identity(pairs.get_space()))
    return None if lost.is_empty() else f"{names} is left between iterations {lost.sample()}"


def _several_tiles(node: isl.ScheduleNode, home: Storage, program: Program) -> str | None:
    """How threads of one parallel loop meet two tiles of an array that has room for one."""
    here, points = node.get_domain(), isl.UnionSet(f"{prefix(program)}{{ }}")
    for s in _users(program, home.tensor):
        points = points.union(isl.UnionSet.from_set(s.domain))
    outer = node.get_prefix_schedule_union_map().intersect_domain(points.intersect(here))
    for w in home.windows:
        if w is not None and not outer.is_empty():
            tiles = outer.reverse().apply_range(row_map(w.row, program, w.tile))
            if not tiles.is_single_valued():
                return "threads share an array that is contracted to one tile"
    return None
