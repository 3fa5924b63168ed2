"""How fast a core of the target can be, and what of that limits a kernel.

The roofs are facts of the target: vector multiply-adds a cycle, and the bytes a cycle that the
scheduler's own cost model counts with for each level of the memory (`scheduler.traffic`). A
kernel takes at least as long as its arithmetic, and as what each level moves; the slowest of them
limits it (Williams, Waterman and Patterson 2009, with a roof for each level).
"""

from __future__ import annotations

from dataclasses import dataclass

from polyc.frontend.program import Program
from polyc.scheduler.cost import Cost
from polyc.scheduler.traffic import FROM_L2, FROM_L3
from polyc.target import Target

_PER_CORE = ("arithmetic", "L1", "L2")


@dataclass(frozen=True, slots=True)
class Roof:
    """One limit: bytes moved or operations done, how many a cycle at most, and so the cycles."""

    name: str  # "arithmetic", or the level
    amount: int
    rate: float
    intensity: float | None  # operations per byte of the level

    @property
    def cycles(self) -> float:
        return self.amount / self.rate


@dataclass(frozen=True, slots=True)
class Roofline:
    """The limits of one core, arithmetic first, and the operations of a call."""

    flops: int
    roofs: tuple[Roof, ...]

    @property
    def limit(self) -> Roof:
        """The one that takes longest."""
        return max(self.roofs, key=lambda r: r.cycles)

    def predicted_cycles(self, threads: int = 1) -> float:
        """Of a call with nothing in its way but the slowest limit; threads share all but what
        every core has of its own."""
        return max(x.cycles / (threads if x.name in _PER_CORE else 1) for x in self.roofs)


def roofline_of(program: Program, cost: Cost, target: Target) -> Roofline:
    """The limits of a kernel on one core of the target."""
    width = max((t.dtype.bytes for t in program.outputs), default=4)
    units = target.fma_units * (2 if target.fma else 1)
    peak = float(units * target.lanes(width))
    rates = {
        "L1": float(2 * target.vector_bytes),  # two loads a cycle
        "L2": target.memory_bytes / FROM_L2,
        "L3": target.memory_bytes / FROM_L3,
        "DRAM": float(target.memory_bytes),
    }
    levels = [
        Roof(name, cost.bytes_moved[name], rate, _per_byte(cost, name))
        for name, rate in rates.items()
    ]
    return Roofline(cost.flops, (Roof("arithmetic", cost.flops, peak, None), *levels))


def _per_byte(cost: Cost, level: str) -> float | None:
    moved = cost.bytes_moved[level]
    return cost.flops / moved if moved and cost.flops else None
