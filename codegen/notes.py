"""What a kernel with `Options.check` writes down about an access outside its buffer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from polyc.frontend.integers import Int


@dataclass(frozen=True, slots=True)
class Site:
    """One access in the text of the loops.

    Its row of the notes is: 1 where it went wrong, the number of active lanes, the index of lane 0.
    Lane l is at `index + l * step`.
    """

    what: str  # "read" or "write"
    buffer: str
    shape: tuple[Int, ...]
    step: tuple[int, ...]

    @property
    def length(self) -> int:
        """Integers of its row."""
        return 2 + len(self.shape)


def length(sites: Sequence[Site]) -> int:
    """Integers of all rows; an array has at least one."""
    return max(1, sum(s.length for s in sites))


def fault(sites: Sequence[Site], notes: Sequence[int], sizes: Mapping[str, int]) -> str | None:
    """The first access that was noted, as a sentence; None where there is none."""
    at = 0
    for s in sites:
        row = notes[at : at + s.length]
        at += s.length
        if row[0]:
            shape = tuple(n.eval(sizes) for n in s.shape)
            place = ", ".join(map(str, _outside(s, row[1], row[2:], shape)))
            extents = ", ".join(map(str, shape))
            return f"{s.what} of {s.buffer}[{place}], which has the extents [{extents}]"
    return None


def _outside(s: Site, lanes: int, index: Sequence[int], shape: Sequence[int]) -> Sequence[int]:
    """The index of the first lane that is outside; lane 0 where only a wider load would be."""
    for lane in range(lanes):
        here = [i + lane * by for i, by in zip(index, s.step, strict=True)]
        if not all(0 <= i < n for i, n in zip(here, shape, strict=True)):
            return here
    return index
