"""One assignment -> drafts: its initialisation and its accumulation, in their places."""

from __future__ import annotations

from polyc.frontend import syntax as syn
from polyc.frontend.affine import Names, NotAffine, affine, refuse
from polyc.frontend.drafts import Draft, Loop, Node
from polyc.frontend.dtypes import BOOL, INT32, INT64, Dtype, compute_dtype
from polyc.frontend.integers import Int
from polyc.frontend.program import (
    Binary,
    Call,
    Cast,
    Const,
    Expr,
    Index,
    Load,
    Reduction,
    Select,
    Unary,
)
from polyc.frontend.promotion import coerce, integer_range, natural, store
from polyc.frontend.ranges import Range, greatest
from polyc.frontend.scope import Scope, TensorInfo
from polyc.frontend.understand import Frame, Parts, understand


def lower_assign(a: syn.Assign, scope: Scope, frames: list[Frame], block: list[Node]) -> None:
    """Appends the drafts of one assignment to `block` (and its initialisation where that belongs).

    Raises Stop after recording an error.
    """
    p = understand(a, scope, frames)
    if natural(p.value).is_complex and not _dtype(p).is_complex:
        raise scope.findings.stop(
            "E060",
            f"`{a.tensor}` is {_dtype(p)}, but the value is complex",
            a.value.span,
            "declare a complex output",
        )
    first = a.init or a.fresh or not p.info.written
    if a.op in ("argmin", "argmax"):
        _arg(p, scope, frames, block, first)
    elif not a.op:
        _emit(p, block, p.info, None, store(p.value, _dtype(p)), first=first)
    else:
        _reduce(p, scope, frames, block, first)
    p.info.written = True


def _dtype(p: Parts) -> Dtype:
    assert p.info.dtype is not None
    return p.info.dtype


def identity(op: Reduction, dtype: Dtype) -> Expr:
    """The value a reduction starts from."""
    value: int | float
    match op:
        case "+" | "or":
            value = 0
        case "*" | "and":
            value = 1
        case "min" | "max" if dtype.is_float:
            value = float("inf") if op == "min" else float("-inf")
        case "min" | "max":
            value = integer_range(dtype)[1 if op == "min" else 0]
    if dtype.kind == "b":
        return Const(bool(value), dtype)
    return Const(
        complex(value) if dtype.is_complex else float(value) if dtype.is_float else value, dtype
    )


def boolean(op: str, dtype: Dtype) -> Reduction:
    """The reduction an operator means for a type: on bool, `+` and `max` are or."""
    if dtype == BOOL:
        op = {"+": "or", "max": "or", "*": "and", "min": "and"}.get(op, op)
    return op  # type: ignore[return-value]


# ---- placing
def _emit(
    p: Parts,
    block: list[Node],
    info: TensorInfo,
    op: Reduction | None,
    value: Expr,
    first: bool = False,
) -> None:
    block.append(
        Draft(
            p.vars,
            p.ranges,
            p.conditions,
            info.name,
            p.subs,
            op,
            value,
            p.a.span,
            reads=tuple(p.values.reads),
            given=p.given,
            first=first,
            shown=p.shown,
        )
    )


def _left_draft(
    p: Parts, frames: list[Frame], info: TensorInfo, value: Expr, inside: int, first: bool = True
) -> Draft:
    """A statement over the left-hand points, in the innermost `inside` of the enclosing loops."""
    outer = [f.var for f in frames[:inside]]
    kept = [v for v in p.vars if v in p.left and v not in outer]
    lifted = [f.var for f in frames[inside:] if f.var not in kept]
    needed = [
        v for v in lifted if any(v in p.ranges[k].lo.names | p.ranges[k].hi.names for k in kept)
    ]
    reach = {*outer, *kept, *needed}
    sized = {s.name for s in p.names.scope.sizes.values()}
    held = tuple(c for c in p.conditions if _index_names(c) <= reach | sized)
    hidden = tuple(needed) + tuple(
        v
        for v in p.vars
        if v not in reach
        and any(v in p.ranges[k].lo.names | p.ranges[k].hi.names for k in (*kept, *needed))
    )
    plain = [s for s in p.subs if not s.is_const and not (s.names <= {*outer, *sized})]
    image = len({*plain}) != len(kept) or any(s != Int.var(next(iter(s.names))) for s in plain)
    return Draft(
        (*outer, *kept),
        p.ranges,
        held,
        info.name,
        p.subs,
        None,
        value,
        p.a.span,
        hidden=hidden,
        image=image,
        given=p.given,
        first=first,
        shown=p.shown,
    )


def _index_names(e: Expr) -> set[str]:
    match e:
        case Index(expr):
            return set(expr.names)
        case Binary(_, x, y):
            return _index_names(x) | _index_names(y)
        case Unary(_, x) | Cast(x):
            return _index_names(x)
        case _:
            return set()


def _initialise(
    p: Parts, frames: list[Frame], block: list[Node], info: TensorInfo, value: Expr
) -> None:
    """Places the initialisation: before the loops whose iterators the left side lacks."""
    inside = len(frames)
    if not p.a.init:
        while inside > p.a.depth and not all(f.var in p.left for f in frames[p.a.depth : inside]):
            inside -= 1
    home = block if inside == len(frames) else frames[inside].outer
    home.append(_left_draft(p, frames, info, value, inside))


def _reduce(p: Parts, scope: Scope, frames: list[Frame], block: list[Node], first: bool) -> None:
    dtype = _dtype(p)
    op = boolean(p.a.op, dtype)
    if dtype.is_complex and op not in ("+", "*"):
        raise scope.findings.stop(
            "E060",
            f"`{p.a.op}=` is not defined for complex numbers",
            p.a.lhs_span,
            "complex numbers have `+=` and `*=`",
        )
    if compute_dtype(dtype) != dtype and op in ("+", "*"):
        _reduce_wide(p, scope, frames, block, first)
        return
    if first:
        _initialise(p, frames, block, p.info, identity(op, dtype))
    _emit(p, block, p.info, op, store(p.value, dtype))


def _reduce_wide(
    p: Parts, scope: Scope, frames: list[Frame], block: list[Node], first: bool
) -> None:
    """float16 and bfloat16 accumulate in a float32 temporary."""
    dtype, wide = _dtype(p), compute_dtype(_dtype(p))
    acc = _temporary(f"{p.info.user}_sum", wide, p, scope)
    here = len(frames)
    old = Cast(Load(p.info.name, p.subs, dtype), wide)
    start = identity(boolean(p.a.op, wide), wide) if first and p.a.init else old
    if first and not p.a.init:
        _initialise(p, frames, block, p.info, identity(boolean(p.a.op, dtype), dtype))
    block.append(_left_draft(p, frames, acc, start, here))
    _emit(p, block, acc, boolean(p.a.op, wide), coerce(p.value, wide))
    block.append(
        _left_draft(p, frames, p.info, Cast(Load(acc.name, p.subs, wide), dtype), here, first=False)
    )


def _temporary(wanted: str, dtype: Dtype, p: Parts, scope: Scope) -> TensorInfo:
    name = scope.fresh(wanted)
    shape = tuple(greatest(s, p.ranges) + 1 for s in p.subs)
    info = TensorInfo(name, name, "temporary", dtype, shape, p.a.lhs_span, written=True)
    scope.tensors[name] = info
    return info


def _arg(p: Parts, scope: Scope, frames: list[Frame], block: list[Node], first: bool) -> None:
    """argmax: the best value first, then the least index that has it. NaN is best, as in NumPy."""
    f = scope.findings
    reduced = [v for v in p.vars if v not in p.left and v not in {x.var for x in frames}]
    if len(reduced) != 1:
        raise f.stop(
            "E043",
            f"`{p.a.op}=` reduces exactly one variable, found {len(reduced)}",
            p.a.span,
            "the result is the index of that variable",
        )
    if not first:
        raise f.stop(
            "E043", f"`{p.a.op}=` cannot continue an earlier one", p.a.span, f"write `{p.a.op}=!`"
        )
    dtype, value_type = _dtype(p), natural(p.value)
    if not dtype.is_integer or value_type.is_complex:
        raise f.stop(
            "E060",
            f"`{p.a.op}=` gives an index: the result must be an integer",
            p.a.lhs_span,
            "declare an integer output, and compare real values",
        )
    kind = compute_dtype(INT32 if value_type == BOOL else value_type)
    value = coerce(p.value, kind)
    best = _temporary(f"{p.info.user}_best", kind, p, scope)
    op: Reduction = "max" if p.a.op == "argmax" else "min"
    here = len(frames)
    block.append(_left_draft(p, frames, best, identity(op, kind), here))
    _emit(p, block, best, op, value)
    found: Expr = Load(best.name, p.subs, kind)
    hit: Expr = Binary("==", value, found, BOOL)
    if kind.is_float:
        nans = Binary("&&", Call("isnan", (value,), BOOL), Call("isnan", (found,), BOOL), BOOL)
        hit = Binary("||", hit, nans, BOOL)
    none = identity("min", dtype)
    at: Expr = Index(Int.var(reduced[0]), INT64)
    index = at if dtype == INT64 else Cast(at, dtype)
    block.append(_left_draft(p, frames, p.info, none, here))
    _emit(p, block, p.info, "min", Select(hit, index, none, dtype))


def lower_loop(
    loop: syn.For, scope: Scope, frames: list[Frame], block: list[Node]
) -> tuple[Loop, Frame]:
    """The loop of a `for`, empty as yet, and its frame."""
    f = scope.findings
    taken = {*scope.sizes, *scope.consts, *scope.tensors, *(x.user for x in frames)}
    if loop.var in taken:
        raise f.stop("E011", f"`{loop.var}` is already used", loop.span, "use another name")
    names = Names(scope, {x.user: Int.var(x.var) for x in frames}, {}, {})
    try:
        lo, hi = affine(loop.lo, names), affine(loop.hi, names)
    except NotAffine as why:
        raise refuse(why, "bound", scope) from None
    gap = hi - lo
    if gap.is_const and gap.value <= 0:
        raise f.stop(
            "E032",
            f"the range of `{loop.var}` is always empty",
            loop.span,
            "the upper bound is exclusive and above the lower one",
        )
    made = Loop(scope.safe(loop.var), Range(lo, hi), [])
    return made, Frame(loop.var, made.var, made.range, block)
