"""What a group of statements costs a core: what fusion has to save.

A group runs as tiles that fit half of the second-level cache where they can; what even the
smallest tile touches passes through from the last one. Each tile loads what it touches. The first
load of an element comes from where its tensor lives, the later ones from where the tile before
left it, so each is weighed by the level: what the last cache cannot hold counts in full, what it
holds a third, what a core's own cache holds an eighth (the ratios of bandwidth between the levels
that CPUs have in common). Loads run beside the arithmetic, so that a group takes as long as the
slower of the two (Williams et al. 2009, the roofline).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from polyc.frontend.program import Program
from polyc.scheduler.affine import Row
from polyc.scheduler.figures import Figures
from polyc.scheduler.tiling import choose, footprints, run_units
from polyc.target import Target

FROM_L3, FROM_L2 = 1 / 3, 1 / 8


@dataclass(frozen=True, slots=True)
class Cost:
    """Cycles of a group on one core, and the weighted bytes it moves."""

    cycles: int
    bytes: int

    def __add__(self, other: Cost) -> Cost:
        """One after the other."""
        return Cost(self.cycles + other.cycles, self.bytes + other.bytes)


def cost(
    program: Program,
    names: tuple[str, ...],
    rows: tuple[Row, ...],
    private: frozenset[str],
    target: Target,
    figures: Figures | None = None,
) -> Cost:
    """What the group takes; `private` tensors live in its tiles only. The sizes are fixed."""
    figures = figures or Figures.of(program, names)
    # What even the smallest tile touches, smaller tiles cannot make less: where the last cache
    # holds it, it passes through the core and only the rest of a tile has to stay.
    streamed = sum(footprints(figures, names, rows)([1] * len(rows)).values())
    room = target.l2_bytes // 2 + (streamed if streamed <= target.l3_bytes // 2 else 0)
    units = run_units(figures, names, rows, target)
    if any(x.parts for x in program.tensors):  # pieces are a run already
        units = (1,) * len(rows)
    tiling = choose(program, names, rows, units, room, figures=figures)
    tiles = prod(tiling.counts)
    kept = tiling.bytes <= target.l2_bytes  # else even private values leave the core
    moved = 0.0
    for tensor, box in tiling.boxes.items():
        if tensor in private:  # one tile's box, written and read again by every tile
            moved += 0 if kept else weight(tiling.bytes, target) * tiles * box
            continue
        size = tensor_bytes(program, tensor)
        again = max(0, tiles * box - size)
        moved += weight(size, target) * min(size, tiles * box)
        moved += weight(tiling.bytes, target) * again
    arithmetic = tiling.operations / (2 * target.lanes(4))  # a multiply-add counts two
    return Cost(round(max(arithmetic, moved / target.memory_bytes)), round(moved))


def tensor_bytes(program: Program, name: str) -> int:
    """Bytes of a whole tensor, 0 for a scalar argument. The sizes are fixed."""
    t = program.tensor(name)
    return 0 if t.scalar else t.dtype.bytes * prod(max(1, n.value) for n in t.shape)


def weight(size: int, target: Target) -> float:
    """Cost of a byte of something of this size."""
    if size > target.l3_bytes // 4:
        return 1.0
    return FROM_L3 if size > target.l2_bytes else FROM_L2
