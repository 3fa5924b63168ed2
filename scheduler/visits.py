"""What one execution of each node of a schedule tree touches: the figures that `cost` adds up.

A node runs once for every iteration of the loops around it. Its arrays are looked at in a middle
iteration, as boxes: what is read, what is written, and how much of that the next iteration of the
loop has not touched. How often it runs in all is counted exactly, by its points in time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod

import islpy as isl

from polyc.scheduler.affine import kind
from polyc.scheduler.boxes import Box, box_of, hull
from polyc.scheduler.counting import estimate, extent
from polyc.scheduler.uses import Use

SET = isl.dim_type.set


@dataclass(frozen=True, slots=True)
class Touch:
    """Boxes of one array: all that is touched, read, and written. Not `exact`: which elements of
    the box depends on data."""

    every: Box
    read: Box | None
    put: Box | None
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Visit:
    """One execution of a node.

    form        "loop", "sequence" or "leaf"
    mark        of a loop
    runs        executions of the node in all
    touches     by tensor
    statements  those that it runs
    children    one of a loop, several of a sequence
    next        of a loop: what its next iteration touches
    still       of a loop: the accesses that it does not move
    """

    form: str
    mark: str
    runs: int
    touches: Mapping[str, Touch]
    statements: frozenset[str]
    children: tuple[Visit, ...] = ()
    next: Mapping[str, Touch] | None = None
    still: frozenset[Use] = frozenset()


def touched(found: tuple[Use, ...], points: isl.UnionSet) -> dict[str, Touch]:
    """What the instances among these points touch, by tensor."""
    return _joined(dict(_boxes(found, points)), found)


def _boxes(found: tuple[Use, ...], points: isl.UnionSet) -> Iterator[tuple[Use, Box]]:
    """The box of each access."""
    instances = {x.get_tuple_name(): x for x in _sets(points)}
    for use in found:
        here = instances.get(use.statement)
        if here is None:
            continue
        here = here.intersect(use.where.domain())
        if here.is_empty():
            continue
        most = prod(extent(here, d) for d in range(here.dim(SET)))
        box = box_of(here.apply(use.where), most)
        if box is not None:
            yield use, box


def _sets(points: isl.UnionSet) -> list[isl.Set]:
    found = points.get_set_list()
    return [found.get_set(k) for k in range(found.n_set())]


def _joined(boxes: Mapping[Use, Box], found: tuple[Use, ...]) -> dict[str, Touch]:
    read: dict[str, Box | None] = {}
    put: dict[str, Box | None] = {}
    for use in found:
        if use in boxes:
            side = put if use.write else read
            side[use.tensor] = hull(side.get(use.tensor), boxes[use])
    out: dict[str, Touch] = {}
    for tensor in dict.fromkeys((*read, *put)):
        every = hull(read.get(tensor), put.get(tensor))
        assert every is not None
        exact = all(u.exact for u in boxes if u.tensor == tensor)
        out[tensor] = Touch(every, read.get(tensor), put.get(tensor), exact)
    return out


# ---- the walk
def visit(found: tuple[Use, ...], tree: isl.Schedule, points: isl.UnionSet) -> Visit:
    """The whole program as one execution of the root. The sizes are fixed; `points` are all its
    instances."""
    return _visit(found, tree.get_root().child(0), points, points, 1, "")


def _visit(
    found: tuple[Use, ...],
    node: isl.ScheduleNode,
    every: isl.UnionSet,
    here: isl.UnionSet,
    runs: int,
    mark: str,
) -> Visit:
    """A node with all its instances and those of the iteration that is looked at."""
    match kind(node.get_type()):
        case "mark":
            name = node.mark_get_id().get_name() or ""
            return _visit(found, node.child(0), every, here, runs, name)
        case "band":
            return _loop(found, node, every, here, runs, mark)
        case "sequence":
            return _sequence(found, node, every, here, runs)
        case _:
            return Visit("leaf", "", runs, touched(found, here), _names(every))


def _names(points: isl.UnionSet) -> frozenset[str]:
    return frozenset(x.get_tuple_name() or "" for x in _sets(points))


def _loop(
    found: tuple[Use, ...],
    node: isl.ScheduleNode,
    every: isl.UnionSet,
    here: isl.UnionSet,
    runs: int,
    mark: str,
) -> Visit:
    row = node.band_get_partial_schedule_union_map()  # { S[vars] -> [value] }
    one, after = _middle(here, row)
    now, then = dict(_boxes(found, one)), {} if after is None else dict(_boxes(found, after))
    still = frozenset(u for u, b in now.items() if u.exact and then.get(u) == b)
    child = _visit(found, node.child(0), every, one, _runs(node.child(0), every), "")
    ahead = _joined(then, found) if after is not None else None
    boxes = _joined(dict(_boxes(found, here)), found)
    return Visit("loop", mark, runs, boxes, child.statements, (child,), ahead, still)


def _middle(here: isl.UnionSet, row: isl.UnionMap) -> tuple[isl.UnionSet, isl.UnionSet | None]:
    """The instances of a middle iteration, and those of the one after it if there is one."""
    values = isl.Set.from_union_set(here.apply(row)).coalesce()
    low, high = values.dim_min_val(0).to_python(), values.dim_max_val(0).to_python()
    step = max(1, values.get_stride(0).to_python()) if high > low else 1
    middle = low + (high - low) // step // 2 * step
    if not _at(values, middle):
        middle = low
    following = middle + step if _at(values, middle + step) else None

    def instances(value: int) -> isl.UnionSet:
        at = isl.UnionSet.from_set(values.fix_val(SET, 0, isl.Val(value)))
        return here.intersect(row.reverse().intersect_domain(at).range())

    return instances(middle), None if following is None else instances(following)


def _at(values: isl.Set, value: int) -> bool:
    return not values.fix_val(SET, 0, isl.Val(value)).is_empty()


def _sequence(
    found: tuple[Use, ...],
    node: isl.ScheduleNode,
    every: isl.UnionSet,
    here: isl.UnionSet,
    runs: int,
) -> Visit:
    children = []
    for k in range(node.n_children()):
        branch = node.child(k)
        own = branch.filter_get_filter()
        mine, now = every.intersect(own), here.intersect(own)
        if mine.is_empty():
            continue
        if now.is_empty():  # not in every iteration: look at one that has it
            now = _some(branch, mine)
        count = _runs(branch.child(0), mine)
        children.append(_visit(found, branch.child(0), mine, now, count, ""))
    return Visit("sequence", "", runs, touched(found, here), _names(every), tuple(children))


def _some(node: isl.ScheduleNode, points: isl.UnionSet) -> isl.UnionSet:
    """The instances of one execution of a node."""
    time = node.get_prefix_schedule_union_map().intersect_domain(points)
    at = time.range().sample_point()
    return time.intersect_range(isl.UnionSet.from_point(at)).domain()


def _runs(node: isl.ScheduleNode, points: isl.UnionSet) -> int:
    """How often a node runs: the points of the loops around it."""
    if kind(node.get_type()) == "leaf":  # every instance is one point
        return sum(map(estimate, _sets(points)))
    time = node.get_prefix_schedule_union_map().intersect_domain(points).range()
    return estimate(isl.Set.from_union_set(time).coalesce())
