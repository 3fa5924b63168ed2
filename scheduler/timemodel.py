"""What tiles in time and space move through a core's cache, against steps that stream arrays.

A written array counts twice, on the way in and on the way out. What a tile touches is taken from
the access relations, as a box that is as wide as the tile and as high as the steps it spans; boxes
of neighbours overlap by what values travel in that time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import ceil, prod

from polyc.frontend.program import Program, Statement
from polyc.scheduler.affine import Row
from polyc.scheduler.figures import Figures
from polyc.scheduler.skewing import Space
from polyc.scheduler.tiling import footprints
from polyc.target import Target

FRONT = 8  # tiles of a front that keep a few threads busy and balanced
RUN = 16  # vectors in a row that pay for starting its loop
THIN = 8  # elements in another dimension under which a tile is mostly its borders


@dataclass(frozen=True, slots=True)
class Model:
    """The statements of a time loop at fixed sizes."""

    program: Program
    statements: tuple[Statement, ...]
    time: Row
    figures: Figures  # ranges of the variables inside the loops around

    @property
    def steps(self) -> int:
        return self.span(self.time)

    @property
    def work(self) -> int:
        return sum(self.figures.work[s.name] for s in self.statements)

    @property
    def step_bytes(self) -> int:
        """Bytes of the arrays that one step touches."""
        return sum(self._boxes(self.statements, ((self.time, 1),)).values())

    @property
    def moved(self) -> int:
        """Bytes that all steps move, where nothing stays from one statement to the next."""
        return self.steps * sum(self.traffic((s,), ((self.time, 1),)) for s in self.statements)

    def span(self, row: Row) -> int:
        """Values of a row, from the statement that has most."""
        return self.figures.span(row, [s.name for s in self.statements])

    def traffic(self, statements: tuple[Statement, ...], cuts: tuple[tuple[Row, int], ...]) -> int:
        """Bytes in and out for one box with the given extents of rows."""
        written = {s.tensor for s in statements}
        boxes = self._boxes(statements, cuts)
        return sum(n * (2 if t in written else 1) for t, n in boxes.items())

    def touched(self, cuts: tuple[tuple[Row, int], ...]) -> int:
        """Bytes of the box of all statements."""
        return sum(self._boxes(self.statements, cuts).values())

    def _boxes(
        self, statements: tuple[Statement, ...], cuts: tuple[tuple[Row, int], ...]
    ) -> dict[str, int]:
        rows = tuple(row for row, _ in cuts)
        boxes = footprints(self.figures, [s.name for s in statements], rows)
        return boxes([n for _, n in cuts])


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows whose tiles make the fronts: `first` counts the tiles of a front.

    rate  how much the two rows grow together in a step; 0 where the second is time itself
    """

    dimension: int
    first: Row
    second: Row
    rate: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """A way to cut, and what it costs."""

    pair: Pair
    first: int
    second: int
    cuts: tuple[tuple[int, int], ...]  # dimension, elements
    high: int  # steps that a tile spans
    wide: int  # tiles in a front
    tile_bytes: int
    moved: int


def sizes(model: Model, spaces: tuple[Space, ...], pair: Pair, target: Target) -> Iterator[Sizes]:
    """Every way to cut whose tiles fit the half of a core's cache that is not for passing by."""
    wide = [model.span(s.place) for s in spaces]
    lanes = target.lanes(min(model.program.tensor(s.tensor).dtype.bytes for s in model.statements))
    least = [THIN] * (len(spaces) - 1) + [RUN * lanes]
    others = [d for d in range(len(spaces)) if d != pair.dimension]
    options = [_options(spaces[d], wide[d], least[d]) for d in others]
    for first, second in _fronts(model, pair, wide[pair.dimension], least[pair.dimension]):
        high = min(model.steps, 2 * first // pair.rate if pair.rate else second)
        tiles, at_once = _counts(model, pair, wide[pair.dimension], first, second)
        lean = 0 if pair.rate else spaces[pair.dimension].slope * high
        for chosen in product(*options):
            skews = [spaces[d].slope * high for d in others]
            cut = [(d, n) for d, n in zip(others, chosen, strict=True) if n < wide[d]]
            box = (
                (model.time, high),
                (spaces[pair.dimension].place, first + lean),
                *((spaces[d].place, n + k) for d, n, k in zip(others, chosen, skews, strict=True)),
            )
            if (touched := model.touched(box)) > target.l2_bytes // 2:
                continue
            rounds = prod(
                ceil((wide[d] + k) / n) if n < wide[d] else 1
                for d, n, k in zip(others, chosen, skews, strict=True)
            )
            moved = tiles * rounds * model.traffic(model.statements, box)
            yield Sizes(pair, first, second, tuple(cut), high, at_once, touched, moved)


def _fronts(model: Model, pair: Pair, wide: int, least: int) -> Iterator[tuple[int, int]]:
    """Sizes of the two rows of a pair, powers of two."""
    first = THIN
    while first * FRONT <= wide:
        second = 2
        if first >= least and pair.rate:
            yield first, first
        elif first >= least:
            while second * FRONT <= 2 * model.steps:  # a pipeline is half full on average
                yield first, second
                second *= 2
        first *= 2


def _counts(model: Model, pair: Pair, wide: int, first: int, second: int) -> tuple[int, int]:
    """All tiles, and those of one front."""
    across, up = ceil(wide / first), ceil(model.steps / second)
    if pair.rate:  # diamonds: a front is as wide as the place
        return across * (ceil(pair.rate * model.steps / first) + 1), across
    return across * up, min(across, up)


def _options(space: Space, wide: int, least: int) -> list[int]:
    """Extents of a cut: the whole dimension, or halves of it where it may be cut."""
    out = [wide]
    while space.along is not None and out[-1] >= 2 * least:
        out.append(ceil(out[-1] / 2))
    return out
