"""Long reductions with little else to share, split into partial results that run in parallel.

`splitting` says how. A reduction is split where the variables it keeps make too few tiles for
threads to share; the number of parts follows from sizes and the target alone and the parts are
combined in one order, so that results do not depend on the number of threads. Short sums are also
more accurate than a long one. Like `packing` this rewrites the program: dependences, bounds and the
certificate cover the parts, and the ordinary scheduler finds that their loop is parallel.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, prod

from polyc.frontend.program import Program, Statement, specialize
from polyc.options import Options
from polyc.scheduler.combining import Origin
from polyc.scheduler.facts import accesses, extents, footprint, loads_of, stride, work
from polyc.scheduler.following import equal_lengths, followers
from polyc.scheduler.registers import register_tile
from polyc.scheduler.rewriting import replace_statement
from polyc.scheduler.splitting import Split, ends, in_parts, in_pieces
from polyc.scheduler.traffic import cost
from polyc.scheduler.tree import Decision
from polyc.scheduler.vector import choose_vector, element_bytes
from polyc.target import WORTH_THREADS, Target

FEW_TILES = 8  # from as many on threads share what is kept, and parts would only add to the work
PARTS = 64  # that keep any number of threads busy and balanced
CHUNK = 8192  # cycles of a part: fifty times what its start and the fold of its lanes take
EACH = (
    512  # cycles of a part per element of its result, for writing, reading and adding it once more
)
LONG = 1 << 20  # a size that is not known and long enough to matter


@dataclass(frozen=True, slots=True)
class Privatised:
    """A program with its long reductions in parts, and why each is or is not."""

    program: Program
    origin: Origin
    decisions: tuple[Decision, ...]

    def __str__(self) -> str:
        return "\n".join([str(self.program), *map(str, self.decisions)])


@dataclass(frozen=True, slots=True)
class Plan:
    """A split, and the cycles of the whole reduction on one core."""

    split: Split
    cycles: int


def privatise(program: Program, target: Target, options: Options) -> Privatised:
    """The program with its long reductions in parts; strict mathematics keeps their order."""
    reductions = [s for s in program.statements if s.op is not None and s.reduced]
    if options.math == "strict" or not reductions:
        return Privatised(program, Origin(program, {}), ())
    typical = specialize(program, {z.name: LONG for z in program.sizes})
    found = {s.name: _plan(program, typical, s, target) for s in reductions}
    plans = {n: p for n, p in found.items() if isinstance(p, Plan)}
    splits = equal_lengths(typical, {n: p.split for n, p in plans.items()}, target)
    splits = equal_lengths(typical, followers(program, splits), target)
    out, decisions, meaning = program, [_decision(n, p, splits) for n, p in found.items()], {}
    for name, split in splits.items():
        if name in plans:
            out, meaning[name] = in_parts(out, name, split)
        else:
            piece, meaning[name] = in_pieces(program, program.statement(name), split)
            out = replace_statement(out, name, (piece,))
    return Privatised(out, Origin(program, meaning), tuple(decisions))


def _decision(name: str, found: Plan | str, splits: dict[str, Split]) -> Decision:
    if isinstance(found, str):
        return Decision("privatise", name, "no", found)
    split = splits[name]
    reason = (
        f"partial results of {split.length} values of {split.variable} each, combined in their "
        f"order; {found.cycles} cycles in all"
    )
    return Decision("privatise", name, f"{split.count} parts", reason)


def _plan(program: Program, typical: Program, s: Statement, target: Target) -> Plan | str:
    """How a reduction is split, or why it is not."""
    if len(s.order) > 1:
        return "it runs inside a loop of the text"
    if any(x.tensor == s.tensor for x in loads_of(s.value)):
        return f"its terms read {s.tensor}"
    if s.domain.is_empty():
        return "it has no terms"
    box = {v: ends(program, s, v) for v in s.vars}
    open_ = [v for v, e in box.items() if e is None or not (e[1] - e[0]).is_const]
    if any(v not in s.reduced for v in open_):
        return "the elements it keeps may be many"
    if len(open_) > 1:
        return f"the work along {open_[0]} depends on the range of {open_[1]}, which is open"
    like = typical.statement(s.name)
    ranges, tile = extents(like), _register_tile(typical, like, target)
    tiles = prod(ceil(ranges[v] / tile.get(v, 1)) for v in s.vars if v not in s.reduced)
    if tiles >= FEW_TILES:
        return f"{tiles} independent tiles are enough"
    if tiles > 1 and not _alone(program, s):
        return f"its {tiles} independent tiles are shared with other statements"
    if work(like, ranges) < WORTH_THREADS:
        return f"{work(like, ranges)} operations do not pay for threads"
    cycles = cost(typical, (s.name,), (), frozenset(), target).cycles
    if not tile:  # no vectors: one operation after another
        cycles = max(cycles, work(like, ranges))
    result = accesses(like)[0]
    elements = footprint(result.subs, typical.tensor(s.tensor).shape, ranges)
    parts = min(ceil(PARTS / tiles), cycles // max(CHUNK, EACH * elements))
    v = open_[0] if open_ else _longest(typical, like, ranges, parts)
    unit = tile.get(v, 1)
    length = _length(ranges[v], parts, unit)
    found = box[v]
    if found is None or length >= ranges[v]:
        return f"{cycles} cycles, {elements} elements of the result: too little for parts"
    return Plan(Split(v, *found, length, unit), cycles)


def _register_tile(program: Program, s: Statement, target: Target) -> dict[str, int]:
    """Elements of each variable that one thread takes at least. The sizes are fixed."""
    ranges = extents(s)
    free = [v for v in s.vars if ranges[v] > 1]
    lanes = target.lanes(element_bytes(program, s))
    vector, _ = choose_vector(program, s, free, ranges, lanes)
    tile = register_tile(program, s, vector, free, ranges, target)
    if vector is not None and vector not in s.reduced:
        tile[vector] = max(tile.get(vector, 1), target.vector_bytes)
    return tile


def _alone(program: Program, s: Statement) -> bool:
    """No other statement makes what it reads or reads what it makes: none could share a loop."""
    others = [t for t in program.statements if t.name != s.name]
    made = {t.tensor for t in others if not program.tensor(t.tensor).packs}
    read = {x.tensor for t in others for x in loads_of(t.value)}
    return s.tensor not in read and made.isdisjoint(x.tensor for x in loads_of(s.value))


def _longest(program: Program, s: Statement, ranges: dict[str, int], parts: int) -> str:
    """The reduced variable to cut: of those with a range for all parts the one that makes the
    largest steps in memory, so that a part is contiguous; else the one with the longest range."""

    def merit(v: str) -> tuple[int, int]:
        steps = (abs(stride(a, v, program) or 0) for a in accesses(s)[1:])
        return min(ranges[v], parts), sum(steps)

    return max(s.reduced, key=merit)


def _length(extent: int, parts: int, unit: int) -> int:
    """Values of a part: equal parts of whole register tiles, the last one shorter."""
    tiles = ceil(extent / unit)
    return ceil(tiles / max(1, parts)) * unit
