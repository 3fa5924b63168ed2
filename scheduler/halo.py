"""Which rows of every tensor of a pipeline a tile of its results needs, along one dimension.

    A(i) = f(X(i));  B(i) = A(i) + A(i+2);  C(i) = B(2*i) + B(2*i+1)

A tile of T rows of C, from row T*t on, needs 2*T rows of B from row 2*T*t on, and of A these and
two more. A `Strip` says this of each tensor, whatever T is. Following subscripts from tensor to
tensor finds them, or the tensor at which a tile stops: one that is needed whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

import islpy as isl

from polyc.frontend.integers import Int, to_isl
from polyc.frontend.program import Load, Statement, parameters, tuple_text
from polyc.scheduler.affine import plain_variable
from polyc.scheduler.facts import loads_of


@dataclass(frozen=True, slots=True)
class Strip:
    """Rows scale*T*t + low .. scale*T*(t+1) - 1 + high of dimension `dim` belong to tile t."""

    dim: int
    scale: int
    low: int = 0
    high: int = 0

    @property
    def halo(self) -> int:
        """Rows that two tiles side by side both have."""
        return self.high - self.low

    def rows(self, tile: int) -> int:
        return self.scale * tile + self.halo


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Statements that may share tiles, and the temporaries between them (`inner`), which no other
    statement touches. `written` are all tensors that the statements write."""

    statements: tuple[Statement, ...]
    inner: frozenset[str]
    written: frozenset[str]

    def writers(self, tensor: str) -> Iterator[Statement]:
        return (s for s in self.statements if s.tensor == tensor)


class Whole(Exception):
    """A tensor of the pipeline is needed as a whole by whoever reads it."""

    def __init__(self, tensor: str) -> None:
        super().__init__(tensor)
        self.tensor = tensor


def strips(p: Pipeline, root: str, dim: int) -> dict[str, Strip]:
    """The strip of every tensor that the pipeline writes, from tiles of dimension `dim` of `root`.

    Raises `Whole` with the tensor that stands in the way.
    """
    found = _directions(p, root, dim)
    unit = lcm(*(scale.denominator for _, scale in found.values()))
    least = min(scale for _, scale in found.values()) * unit
    if least.denominator != 1 or any(
        (s * unit / least).denominator != 1 for _, s in found.values()
    ):
        raise Whole(root)
    out = {t: Strip(d, int(s * unit / least)) for t, (d, s) in found.items()}
    for tensor in _consumers_first(p):
        out[tensor] = _needed(p, tensor, out)
    return out


def moving(s: Statement, strip: Strip) -> tuple[str, int] | None:
    """v and c where the statement writes row v + c; None where its row is anything else."""
    row = s.subs[strip.dim]
    v = plain_variable(row, s)
    gap = row - v if v is not None else None
    return (v, gap.value) if v is not None and gap is not None and gap.is_const else None


# ---- dimensions and scales
def _directions(p: Pipeline, root: str, dim: int) -> dict[str, tuple[int, Fraction]]:
    """The dimension that tiles cut each tensor in, and its rows for a row of the root."""
    found = {root: (dim, Fraction(1))}
    work = [root]

    def add(tensor: str, d: int, scale: Fraction) -> None:
        if tensor not in found:
            found[tensor] = (d, scale)
            work.append(tensor)
        elif found[tensor] != (d, scale):
            raise Whole(tensor)

    while work:
        tensor = work.pop()
        d, scale = found[tensor]
        for s in p.writers(tensor):
            v = moving(s, Strip(d, 1))
            if v is None:
                raise Whole(tensor)
            for load in _within(p, s):
                add(load.tensor, *_backward(load, v[0], scale))
        for s in p.statements:
            for load in _within(p, s):
                if load.tensor == tensor and s.tensor != tensor:
                    add(s.tensor, *_forward(s, load, d, scale))
    if set(found) != set(p.written):
        raise Whole(root)
    return found


def _within(p: Pipeline, s: Statement) -> Iterator[Load]:
    """Loads of what the pipeline itself writes."""
    return (x for x in loads_of(s.value) if x.tensor in p.written)


def _backward(load: Load, v: str, scale: Fraction) -> tuple[int, Fraction]:
    """Dimension and scale of a tensor that is read in a row that moves with `v`."""
    factors = [x.coefficient(v) if isinstance(x, Int) else None for x in load.subs]
    moved = [d for d, c in enumerate(factors) if c]
    if None in factors or len(moved) != 1 or (factor := factors[moved[0]] or 0) < 1:
        raise Whole(load.tensor)
    return moved[0], scale * factor


def _forward(s: Statement, load: Load, d: int, scale: Fraction) -> tuple[int, Fraction]:
    """Dimension and scale of what a statement writes that reads a tensor cut in dimension `d`."""
    sub = load.subs[d]
    kept = [v for v in s.vars if isinstance(sub, Int) and v in sub.names and v not in s.reduced]
    factor = sub.coefficient(kept[0]) if isinstance(sub, Int) and len(kept) == 1 else None
    places = [k for k, x in enumerate(s.subs) if kept and kept[0] in x.names]
    if not factor or factor < 1 or len(places) != 1:
        raise Whole(load.tensor)
    return places[0], scale / factor


# ---- halos
def _consumers_first(p: Pipeline) -> list[str]:
    """The written tensors, each after those whose statements read it."""
    readers = {
        t: {s.tensor for s in p.statements for x in _within(p, s) if x.tensor == t} - {t}
        for t in p.written
    }
    last = {s.tensor: k for k, s in enumerate(p.statements)}
    out: list[str] = []
    left = sorted(p.written, key=lambda t: -last[t])
    while left:
        ready = next((t for t in left if readers[t] <= set(out)), None)
        if ready is None:  # two tensors that each need the other
            raise Whole(left[0])
        out.append(ready)
        left.remove(ready)
    return out


def _needed(p: Pipeline, tensor: str, known: dict[str, Strip]) -> Strip:
    """The strip of a tensor from those of the tensors that its readers write."""
    strip = known[tensor]
    ends: list[tuple[int, int]] = []
    for s in p.statements:
        for load in _within(p, s):
            if load.tensor != tensor:
                continue
            low, high = _read(s, load, strip, known[s.tensor])
            if s.tensor == tensor and (low, high) != (0, 0):
                raise Whole(tensor)
            if s.tensor != tensor:
                ends.append((low, high))
    low, high = min((a for a, _ in ends), default=0), max((b for _, b in ends), default=0)
    if tensor not in p.inner and (low, high) != (0, 0):  # nothing but a temporary is written twice
        raise Whole(tensor)
    return replace(strip, low=low, high=high)


def _read(s: Statement, load: Load, strip: Strip, own: Strip) -> tuple[int, int]:
    """First and last row that a read adds to a tile, for a statement that fills strip `own`."""
    v, gap = moving(s, own) or ("", 0)
    sub = load.subs[strip.dim]
    if not isinstance(sub, Int) or not (factor := sub.coefficient(v)):
        raise Whole(load.tensor)
    ends = _ends(s, sub - Int.of(v) * factor)
    if ends is None:
        raise Whole(load.tensor)
    return (
        factor * (own.low - gap) + ends[0],
        factor * (own.high - gap) - factor + 1 + ends[1],
    )


def _ends(s: Statement, e: Int) -> tuple[int, int] | None:
    """Least and greatest value of an expression for all sizes, None where there is none."""
    if e.is_const:
        return e.value, e.value
    values = s.domain.apply(isl.Map(f"{tuple_text(parameters(s.domain), s)} -> [{to_isl(e)}] }}"))
    low, high = values.dim_min_val(0), values.dim_max_val(0)
    return (low.to_python(), high.to_python()) if low.is_int() and high.is_int() else None
