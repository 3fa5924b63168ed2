"""What tiles that compute their halos cost, and how large they should be.

Larger tiles compute fewer rows twice; smaller ones keep all stages of a pipeline in the cache.
Both are weighed as everywhere else, by `traffic`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations, product
from math import prod

from polyc.frontend.integers import Int
from polyc.frontend.program import Program, Statement
from polyc.scheduler.affine import Row
from polyc.scheduler.facts import extents, points
from polyc.scheduler.figures import Figures
from polyc.scheduler.halo import Pipeline, Strip, moving
from polyc.scheduler.pipelines import Candidate
from polyc.scheduler.recompute import Cut, recompute, rows_of
from polyc.scheduler.tiling import ENOUGH_TILES
from polyc.scheduler.traffic import Cost, cost
from polyc.target import Target

TILES = (4, 8, 16, 32, 64, 128, 256, 512)
LONG_TILES = (64, 128, 256, 512, 1024, 2048, 4096, 8192)  # of contiguous elements
LITTLE = 0.05  # of the points computed twice: nothing to save
NEAR = 1.03  # times the least cycles: arithmetic hides bytes less well than the model has it
FAR = 1.2  # times the least cycles: larger tiles only get worse


@dataclass(frozen=True, slots=True)
class Choice:
    """Cuts of a candidate, what its tiles cost, and the points that are computed twice."""

    candidate: Candidate
    cuts: tuple[Cut, ...]
    cost: Cost
    again: int
    points: int

    @property
    def share(self) -> float:
        """Of the points, those that are computed twice."""
        return self.again / max(1, self.points)


def cheapest(program: Program, typical: Program, c: Candidate, target: Target) -> Choice | None:
    """The best tiles for a candidate, None where no size makes two of them."""
    dims = [d for d in c.overlapping if longest(program, c.pipeline, d) is not None]
    names = fresh(program)
    ways: list[Choice] = []
    for d in dims:
        ways += _rising(typical, c, d, names[0], target)
    # Strips across the whole width are short where they fill the cache: then both sides are cut.
    if ways and all(x.share > LITTLE for x in _nearest(ways, typical)):
        for pair in combinations(dims, 2):
            sizes = product(*(list(_sizes(typical, c.pipeline, d))[::2] for d in pair))
            for tiles in sizes:
                cuts = map(partial(_cut, typical, c.pipeline), pair, tiles, names)
                ways.append(_price(typical, c, tuple(cuts), target))
    if not ways:
        return None
    best = min(_nearest(ways, typical), key=lambda x: x.cost.bytes)
    exact = (_cut(program, c.pipeline, x.strips, x.tile, x.counter) for x in best.cuts)
    return replace(best, cuts=tuple(exact))


def _rising(
    typical: Program, c: Candidate, strips: Mapping[str, Strip], name: str, target: Target
) -> list[Choice]:
    """Ever larger tiles along one dimension, up to where they have left the cache."""
    ways: list[Choice] = []
    for tile in _sizes(typical, c.pipeline, strips):
        cut = _cut(typical, c.pipeline, strips, tile, name)
        ways.append(_price(typical, c, (cut,), target))
        if ways[-1].cost.cycles > FAR * min(x.cost.cycles for x in ways):
            break
    return ways


def _nearest(ways: list[Choice], typical: Program) -> list[Choice]:
    """Those that leave enough tiles for threads, if any, and take about as long as the best."""
    enough = [x for x in ways if not _idle(x, typical)] or ways
    least = min(x.cost.cycles for x in enough)
    return [x for x in enough if x.cost.cycles <= NEAR * least]


def _cut(program: Program, p: Pipeline, strips: Mapping[str, Strip], tile: int, name: str) -> Cut:
    length, scale = longest(program, p, strips) or (Int.of(0), 1)
    return Cut(strips, tile, name, length, scale)


def longest(program: Program, p: Pipeline, strips: Mapping[str, Strip]) -> tuple[Int, int] | None:
    """Rows of the results that are tiled, with the scale they count in; None where sizes leave
    open which result has most."""
    best: tuple[Int, int] | None = None
    for t in sorted(p.written - p.inner):
        length, scale = program.tensor(t).shape[strips[t].dim], strips[t].scale
        if best is None:
            best = length, scale
            continue
        gap = length * best[1] - best[0] * scale
        if not gap.is_const:
            return None
        if gap.value > 0:
            best = length, scale
    return best


def fresh(program: Program) -> list[str]:
    """Names for counters of tiles that nothing has yet."""
    used = {v for s in program.statements for v in s.vars}
    used |= {t.name for t in program.tensors} | {z.name for z in program.sizes}
    return [n for n in (f"tile{k}" for k in range(len(used) + 2)) if n not in used][:2]


def _sizes(typical: Program, p: Pipeline, strips: Mapping[str, Strip]) -> Iterator[int]:
    """Tiles along one dimension that are worth a try, smaller first."""
    length, scale = longest(typical, p, strips) or (Int.of(0), 1)
    contiguous = any(s.dim == len(typical.tensor(t).shape) - 1 for t, s in strips.items())
    for tile in LONG_TILES if contiguous else TILES:
        if tile * scale < length.value:
            yield tile


def _price(typical: Program, c: Candidate, cuts: tuple[Cut, ...], target: Target) -> Choice:
    """The cost of the tiles and of what they compute twice; sizes are fixed."""
    p = c.pipeline
    like = Pipeline(tuple(typical.statement(n) for n in c.names), p.inner, p.written)
    tiled = recompute(typical, like, cuts, exact=False)
    whole: dict[str, dict[str, int]] = {}
    before = after = 0
    for s in like.statements:
        ranges = extents(s)
        own = points(s, ranges)
        before += own
        for cut in cuts:
            own = own // ranges[rows_of(s, cut)[0]] * _rows_in_tiles(s, cut)
        after += own
        for cut in cuts:
            v, high, _ = rows_of(s, cut)
            ranges = {cut.counter: cut.count.value, **ranges, v: min(high, ranges[v])}
        whole[s.name] = ranges
    rows = (*(_counter(c.names, cut) for cut in cuts), *(_row(like, d) for d in c.apart))
    found = cost(tiled, c.names, rows, p.inner, target, Figures.within(tiled, whole))
    return Choice(c, cuts, found, after - before, before)


def _rows_in_tiles(s: Statement, cut: Cut) -> int:
    """Values of the variable that is cut, over all tiles; sizes are fixed."""
    v, rows, start = rows_of(s, cut)
    place = s.vars.index(v)
    low = s.domain.dim_min_val(place).to_python() - start.constant
    high = s.domain.dim_max_val(place).to_python() - start.constant
    step, count = start.coefficient(cut.counter) or 1, cut.count.value
    first = max(0, -(-low // step))  # the tiles from `first` to before `last` are full
    last = max(first, min(count, (high - rows + 1) // step + 1))
    cuts = (t * step for t in (*range(min(first, count)), *range(last, count)))
    edges = sum(max(0, min(high, t + rows - 1) - max(low, t) + 1) for t in cuts)
    return (last - first) * rows + int(edges)


def _counter(names: tuple[str, ...], cut: Cut) -> Row:
    return Row.of({n: Int.of(cut.counter) for n in names})


def _row(p: Pipeline, strips: Mapping[str, Strip]) -> Row:
    """The row of a dimension in which every element belongs to one tile."""
    exprs = {}
    for s in p.statements:
        v, gap = moving(s, strips[s.tensor]) or ("", 0)
        exprs[s.name] = Int.of(v) + (gap - strips[s.tensor].low)
    return Row.of(exprs)


def _idle(choice: Choice, typical: Program) -> bool:
    """The tiles leave too few independent iterations for threads; sizes are fixed."""
    last = choice.candidate.pipeline.statements[-1]
    free = [moving(last, d[last.tensor]) for d in choice.candidate.apart]
    ranges = extents(typical.statement(last.name))
    counts = [c.count.value for c in choice.cuts] + [ranges[m[0]] for m in free if m]
    return prod(counts) < ENOUGH_TILES
