"""What a kernel computes and moves: `kernel.cost`.

`flops` and `bytes_min` are of the text: the operations that it asks for (`operations`), and every
input element that it reads once with every output element that it writes once. `bytes_moved` is of
the schedule: the final tree, with its tiles in space and time, its copies and its contracted
arrays, is walked for each level (`residency`), as one thread would run it from empty caches:

    L1    loads and stores of the core
    L2    between the first cache and the second: what L1 does not hold
    L3    between the second cache and the last
    DRAM  between the last cache and memory

Bytes are those of elements, in and out; a cache that loads a line before it is overwritten, or a
line of which little is used, moves more. Domains and executions are counted exactly where isl can
within a budget; footprints are boxes of a middle iteration, so that bytes moved are an estimate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

from polyc.errors import ArgumentError
from polyc.frontend.program import Program
from polyc.scheduler.boxes import Box
from polyc.scheduler.core import of_the_core
from polyc.scheduler.dependences import domain
from polyc.scheduler.flow import Flow
from polyc.scheduler.operations import operations
from polyc.scheduler.residency import Cache
from polyc.scheduler.table import table
from polyc.scheduler.tree import Schedule
from polyc.scheduler.uses import uses
from polyc.scheduler.visits import Visit, touched, visit
from polyc.target import Target


@dataclass(frozen=True, slots=True)
class Cost:
    """Figures of one call.

    flops          operations of the text; see `polyc.scheduler.operations` for what counts
    exact          False where a domain is too involved to count and `flops` is an estimate
    bytes_min      input elements read and output elements written, each once
    bytes_moved    by level "L1", "L2", "L3", "DRAM", towards the core and back
    scratch_bytes  workspace that a call allocates, for all its threads
    """

    flops: int
    exact: bool
    bytes_min: int
    bytes_moved: Mapping[str, int] = field(hash=False)
    scratch_bytes: int

    @property
    def intensity(self) -> float:
        """Operations per byte between the last cache and memory; 0 where nothing is moved."""
        moved = self.bytes_moved["DRAM"]
        return self.flops / moved if moved else 0.0

    def __str__(self) -> str:
        rows = [("operations", f"{self.flops:,}", "" if self.exact else "estimated")]
        rows.append(("bytes at least", f"{self.bytes_min:,}", "inputs and outputs, once"))
        for level, note in LEVELS.items():
            rows.append((f"bytes {level}", f"{self.bytes_moved[level]:,}", note))
        rows.append(("intensity", f"{self.intensity:.2f}", "operations per byte from memory"))
        rows.append(("scratch bytes", f"{self.scratch_bytes:,}", "of all threads"))
        return table(rows, right=(1,))


LEVELS = {
    "L1": "loads and stores",
    "L2": "between L1 and L2",
    "L3": "between L2 and L3",
    "DRAM": "between L3 and memory",
}


def cost(
    text: Program, program: Program, schedule: Schedule, target: Target, scratch_bytes: int
) -> Cost:
    """The cost of a schedule at fixed sizes. `program` is what it schedules, `text` what the user
    wrote."""
    flops, exact = operations(text)
    moved = _moved(program, schedule, target)
    return Cost(flops, exact, least(text), moved, scratch_bytes)


def demand_sizes(text: Program) -> None:
    """ArgumentError unless all sizes are fixed."""
    if text.sizes:
        names = ", ".join(z.display for z in text.sizes)
        sizes = ", ".join(f"{z.display!r}: 512" for z in text.sizes)
        raise ArgumentError(
            f"cost: this kernel is symbolic in {names}; ask for the cost of one for fixed sizes, "
            f"as op.specialize({{{sizes}}}).cost"
        )


def least(text: Program) -> int:
    """Bytes of the input elements that are read and the output elements that are written."""
    found = touched(uses(text, None), domain(text))
    return sum(
        box.elements * t.dtype.bytes
        for t in text.tensors
        if t.name in found and (box := _outside(t.kind, found[t.name].read, found[t.name].put))
    )


def _outside(kind: str, read: Box | None, put: Box | None) -> Box | None:
    return {"input": read, "output": put}.get(kind)


def _moved(program: Program, schedule: Schedule, target: Target) -> dict[str, int]:
    found = uses(program, schedule)
    points = domain(program)
    if points.is_empty():
        return dict.fromkeys(LEVELS, 0)
    root = visit(found, schedule.tree, points)
    size = {t.name: t.dtype.bytes for t in program.tensors}
    room = {t.name: size[t.name] * prod(n.value for n in t.shape) for t in program.tensors}
    users: dict[str, set[str]] = {}
    for use in found:
        users.setdefault(use.tensor, set()).add(use.statement)
    local = {x.tensor for x in schedule.storage}
    temporary = {t.name for t in program.tensors if t.kind == "temporary"}

    def dead(tensor: str, v: Visit) -> bool:
        inside = tensor in temporary and users[tensor] <= v.statements
        return inside and (tensor in local or v.runs == 1)

    flow = of_the_core(found, root)
    out = {"L1": _bytes(flow, size)}
    for level, capacity in (
        ("L2", target.l1_bytes),
        ("L3", target.l2_bytes),
        ("DRAM", target.l3_bytes),
    ):
        flow = Cache(capacity, size, room, dead).flow(root).at_most(flow)
        out[level] = _bytes(flow, size)
    return out


def _bytes(flow: Flow, size: Mapping[str, int]) -> int:
    return round(sum(n * size[t] for side in (flow.loads, flow.stores) for t, n in side.items()))
