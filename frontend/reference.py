"""The oracle: a Program run in NumPy, statement by statement, in float64 and exact integers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, assert_never

import islpy as isl
import numpy as np

from polyc.frontend.dtypes import BOOL, Dtype
from polyc.frontend.functions import FUNCTIONS
from polyc.frontend.integers import Extreme, FloorDiv, Int
from polyc.frontend.program import (
    Binary,
    Call,
    Cast,
    Const,
    Expr,
    Index,
    Load,
    Program,
    Select,
    Statement,
    Unary,
    access_map,
    fix_parameters,
    reads,
    specialize,
)  # fmt: skip

Array = Any
Points = dict[str, Array]  # one index array for each variable, all of one length
CHUNK = 1 << 20  # points evaluated at once

_REDUCE = {"+": np.add, "*": np.multiply, "min": np.minimum, "max": np.maximum,
           "and": np.logical_and, "or": np.logical_or}  # fmt: skip
_OPERATORS = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "min": np.minimum, "max": np.maximum,
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
    "==": np.equal, "!=": np.not_equal, "&&": np.logical_and, "||": np.logical_or,
}  # fmt: skip


def run(
    program: Program, inputs: Mapping[str, Array], sizes: Mapping[str, int]
) -> dict[str, Array]:
    """The outputs of a program, by name: float64, complex128, or the declared integer type.

    `inputs` has an array (or number) for every input tensor, `sizes` a value for every size by
    `Size.name`. Elements that nothing wrote are NaN. Raises IndexError for a gather out of range.
    """
    fixed = specialize(program, sizes)
    with np.errstate(all="ignore"):
        arrays = {t.name: np.asarray(inputs[t.name]).astype(_type(t.dtype)) for t in fixed.inputs}
        for t in fixed.tensors:
            if t.kind != "input":
                blank = np.nan if t.dtype.is_float or t.dtype.is_complex else 0
                arrays[t.name] = np.full([n.value for n in t.shape], blank, _type(t.dtype))
        _block(fixed, list(fixed.statements), 0, {}, arrays)
    return {t.name: arrays[t.name] for t in fixed.outputs}


def _type(dtype: Dtype) -> Any:
    return (
        np.complex128
        if dtype.is_complex
        else np.float64
        if dtype.is_float
        else np.dtype(dtype.name)
    )


def _block(
    program: Program,
    statements: list[Statement],
    depth: int,
    outer: dict[str, int],
    arrays: dict[str, Array],
) -> None:
    """Statements in the order of their places from `depth` on; `for` blocks by iteration."""
    for _, group in groupby(statements, key=lambda s: s.order[depth]):
        inside = list(group)
        if len(inside[0].order) == depth + 1:
            _statement(program, inside[0], outer, arrays)
            continue
        var = str(inside[0].order[depth + 1])
        bounds = [_bounds(_fix(s.domain, outer), s.vars.index(var)) for s in inside]
        for t in range(min(b[0] for b in bounds), max(b[1] for b in bounds) + 1):
            _block(program, inside, depth + 2, outer | {var: t}, arrays)


def _statement(
    program: Program, s: Statement, outer: dict[str, int], arrays: dict[str, Array]
) -> None:
    domain = _fix(s.domain, outer)
    for points in _points(domain, s.vars, _sequential(program, s)):
        count = len(points[s.vars[0]]) if s.vars else 1
        at = tuple(np.broadcast_to(_int(x, points), count) for x in s.subs)
        value = np.broadcast_to(_value(s.value, points, count, arrays), count)
        out = arrays[s.tensor]
        if not s.subs:  # one element, as an array of one
            out, at = out.reshape(1), (np.zeros(count, int),)
        if s.op is None:
            out[at] = value
        else:
            _REDUCE[s.op].at(out, at, value.astype(out.dtype))


def _fix(domain: isl.Set, outer: Mapping[str, int]) -> isl.Set:
    for name, value in outer.items():
        k = domain.find_dim_by_name(isl.dim_type.set, name)
        domain = domain.fix_val(isl.dim_type.set, k, isl.Val(value))
    return domain


def _sequential(program: Program, s: Statement) -> int:
    """How many leading variables run one value at a time, because a later point reads what an
    earlier one wrote."""
    own = [r.map for r in reads(s, program) if r.load.tensor == s.tensor]
    if not own:
        return 0
    write = access_map(s, s.tensor, s.subs)
    names = ", ".join(s.vars)
    for depth in range(len(s.vars) + 1):
        same = " and ".join(f"{v} = {v}_" for v in s.vars[:depth]) or "1 = 1"
        other = ", ".join(f"{v}_" for v in s.vars)
        pairs = isl.Map(f"{{ {s.name}[{names}] -> {s.name}[{other}] : {same} }}").subtract(
            isl.Map(f"{{ {s.name}[{names}] -> {s.name}[{names}] }}")
        )
        if all(r.apply_range(write.reverse()).intersect(pairs).is_empty() for r in own):
            return depth
    return len(s.vars)


# ---- points
def _points(domain: isl.Set, names: tuple[str, ...], sequential: int) -> Iterator[Points]:
    """The points of a set in lexicographic order, in pieces that may be evaluated at once."""
    if domain.is_empty():
        return
    if not names:
        yield {}
        return
    bounds = [_bounds(domain, k) for k in range(len(names))]
    size = int(np.prod([hi - lo + 1 for lo, hi in bounds], dtype=np.float64))
    split = next((k for k, (lo, hi) in enumerate(bounds) if lo < hi), None)
    if split is not None and (split < sequential or size > CHUNK):
        lo, hi = bounds[split]
        for v in range(lo, hi + 1):
            yield from _points(
                domain.fix_val(isl.dim_type.set, split, isl.Val(v)), names, sequential
            )
        return
    grid = np.meshgrid(*(np.arange(lo, hi + 1) for lo, hi in bounds), indexing="ij")
    flat = [g.ravel() for g in grid]
    keep = np.zeros(len(flat[0]), bool)
    for piece in domain.compute_divs().get_basic_sets():
        keep |= _inside(piece, flat)
    if keep.any():
        yield {n: g[keep] for n, g in zip(names, flat, strict=True)}


def _bounds(domain: isl.Set, k: int) -> tuple[int, int]:
    """The least and greatest value of a dimension; (0, -1) if there is none."""
    if domain.is_empty():
        return 0, -1
    return domain.dim_min_val(k).to_python(), domain.dim_max_val(k).to_python()


def _inside(piece: isl.BasicSet, grid: list[Array]) -> Array:
    """Which points of a grid satisfy all constraints of a set."""
    keep = np.ones(len(grid[0]), bool)
    for c in piece.get_constraints():
        value = _affine(c.get_aff(), grid)
        keep &= (value == 0) if c.is_equality() else (value >= 0)
    return keep


def _affine(aff: isl.Aff, grid: list[Array]) -> Array:
    """An isl affine expression, times its denominator, over a grid."""
    scale = aff.get_denominator_val()

    def whole(value: isl.Val) -> int:
        return int(value.mul(scale).to_python())

    total = whole(aff.get_constant_val()) + np.zeros(len(grid[0]), np.int64)
    for k, g in enumerate(grid):
        total = total + whole(aff.get_coefficient_val(isl.dim_type.in_, k)) * g
    for k in range(aff.dim(isl.dim_type.div)):
        if c := whole(aff.get_coefficient_val(isl.dim_type.div, k)):
            div = aff.get_div(k)
            total = total + c * (_affine(div, grid) // div.get_denominator_val().to_python())
    return total


# ---- values
def _int(e: Int, points: Points) -> Array:
    total: Array = 0
    for m, c in e.terms:
        product: Array = c
        for atom in m:
            product = product * _atom(atom, points)
        total = total + product
    return total


def _atom(atom: str | FloorDiv | Extreme, points: Points) -> Array:
    match atom:
        case str():
            return points[atom]
        case FloorDiv(num, den):
            return _int(num, points) // _int(den, points)
        case Extreme(op, a, b):
            return (np.minimum if op == "min" else np.maximum)(_int(a, points), _int(b, points))


def _value(e: Expr, points: Points, count: int, arrays: dict[str, Array]) -> Array:
    def go(x: Expr) -> Array:
        return _value(x, points, count, arrays)

    match e:
        case Const(value, dtype):
            return np.asarray(value).astype(_type(dtype))
        case Index(expr, dtype):
            return np.asarray(_int(expr, points)).astype(_type(dtype))
        case Load(tensor, subs):
            at = tuple(_int(s, points) if isinstance(s, Int) else go(s) for s in subs)
            for a, n in zip(at, arrays[tensor].shape, strict=True):
                if np.any(np.asarray(a) < 0) or np.any(np.asarray(a) >= n):
                    raise IndexError(f"an index of `{tensor}` is outside 0:{n}")
            return arrays[tensor][at]
        case Unary("!", x):
            return np.logical_not(go(x))
        case Unary(_, x):
            return np.negative(go(x))
        case Binary(op, x, y, dtype):
            return _binary(op, go(x), go(y), dtype)
        case Call(fn, args):
            return FUNCTIONS[fn].reference(*map(go, args))
        case Select():
            return _select(e, points, count, arrays)
        case Cast(x, dtype):
            value = go(x)
            return value != 0 if dtype == BOOL else np.asarray(value).astype(_type(dtype))
        case _:
            assert_never(e)


def _select(e: Select, points: Points, count: int, arrays: dict[str, Array]) -> Array:
    """Each branch sees only the points that take it, so a guarded read stays inside."""
    taken = np.broadcast_to(_value(e.cond, points, count, arrays), count)
    out = np.empty(count, _type(e.dtype))
    for branch, mask in ((e.yes, taken), (e.no, ~taken)):
        if mask.any():
            some = {v: g[mask] for v, g in points.items()}
            out[mask] = _value(branch, some, int(mask.sum()), arrays)
    return out


def _binary(op: str, x: Array, y: Array, dtype: Dtype) -> Array:
    if op == "/" and not dtype.is_integer:
        return np.divide(x, y)
    if op in ("/", "%"):  # C's: truncated, and 0 for a zero divisor
        safe = np.where(y == 0, 1, y).astype(_type(dtype))
        rest = np.fmod(x, safe)
        exact = (x - rest).astype(_type(dtype)) // safe
        return np.where(y == 0, 0, exact if op == "/" else rest).astype(_type(dtype))
    return _OPERATORS[op](x, y)


__all__ = ["fix_parameters", "run"]
