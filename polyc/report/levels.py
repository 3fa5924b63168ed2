"""Footprints: what one iteration of each loop touches, and which cache holds that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from polyc.frontend.program import Program
from polyc.report.nodes import Node
from polyc.scheduler.dependences import domain
from polyc.scheduler.tree import Schedule
from polyc.scheduler.uses import uses
from polyc.scheduler.visits import Visit, visit
from polyc.target import Target


@dataclass(frozen=True, slots=True)
class Level:
    """One loop of the schedule.

    trips   iterations of one run, on average; runs: how often the loop is run
    bytes   touched by a middle iteration, arrays counted once; tensors: of each, largest first
    fits    the first cache that holds it: "L1", "L2", "L3", or "memory"
    """

    depth: int
    loop: str
    mark: str
    statements: tuple[str, ...]
    trips: float
    runs: int
    bytes: int
    tensors: tuple[tuple[str, int], ...]
    fits: str


def levels_of(
    program: Program, schedule: Schedule, tree: Node, target: Target
) -> tuple[Level, ...]:
    """From the outermost loop in. The sizes are fixed."""
    points = domain(program)
    if points.is_empty():
        return ()
    root = visit(uses(program, schedule), schedule.tree, points)
    return tuple(_levels(program, tree, root, target, 0))


def _levels(program: Program, node: Node, v: Visit, target: Target, depth: int) -> Iterator[Level]:
    if node.form == "band" and v.form == "loop":
        (inner,) = v.children
        yield _level(program, node, v, inner, target, depth)
        yield from _levels(program, node.children[0], inner, target, depth + 1)
    elif node.form == "sequence" and v.form == "sequence":
        for child, w in zip(node.children, v.children, strict=True):
            yield from _levels(program, child, w, target, depth)


def _level(
    program: Program, node: Node, v: Visit, inner: Visit, target: Target, depth: int
) -> Level:
    sizes = {}
    for name, touch in inner.touches.items():
        t = program.tensor(name)
        whole = prod(n.value for n in t.shape)
        sizes[t.label] = t.dtype.bytes * min(whole, touch.every.elements)
    total = sum(sizes.values())
    ordered = tuple(sorted(sizes.items(), key=lambda x: (-x[1], x[0])))
    trips = inner.runs / max(1, v.runs)
    fits = holder(total, target)
    return Level(depth, node.label, node.mark, node.statements, trips, v.runs, total, ordered, fits)


def holder(size: int, target: Target) -> str:
    """The nearest level of the memory that holds so many bytes."""
    caches = (("L1", target.l1_bytes), ("L2", target.l2_bytes), ("L3", target.l3_bytes))
    return next((name for name, room in caches if size <= room), "memory")
