"""One assignment -> drafts: its ranges, its initialisation, its accumulation."""

from __future__ import annotations

from dataclasses import dataclass, field

from polyc.errors import Span
from polyc.frontend import syntax as syn
from polyc.frontend.affine import Names, NotAffine, affine, refuse
from polyc.frontend.drafts import Draft, Loop, Node
from polyc.frontend.dtypes import ALIASES, BOOL, DTYPES, INT32, INT64, Dtype, compute_dtype
from polyc.frontend.findings import nearest
from polyc.frontend.functions import FORMS, FUNCTIONS
from polyc.frontend.integers import Int
from polyc.frontend.program import Binary, Call, Cast, Const, Expr, Index, Load, Reduction, Select
from polyc.frontend.promotion import Typed, coerce, integer_range, natural, store
from polyc.frontend.ranges import Range, Subscript, behind_range, greatest, infer
from polyc.frontend.scope import Scope, TensorInfo
from polyc.frontend.values import Values, condition


@dataclass(frozen=True, slots=True)
class Frame:
    """An enclosing `for`: its iterator, its range, and the block it stands in."""

    user: str
    var: str
    range: Range
    outer: list[Node]


@dataclass(slots=True)
class Parts:
    """One assignment, understood but not yet placed."""

    a: syn.Assign
    names: Names
    info: TensorInfo
    subs: tuple[Int, ...]
    value: Typed
    conditions: tuple[Expr, ...]
    ranges: dict[str, Range]
    vars: tuple[str, ...]  # iterators, variables of the left side, reduced variables
    left: frozenset[str]
    values: Values
    given: frozenset[str] = frozenset()
    shown: dict[str, str] = field(default_factory=dict)


def lower_assign(a: syn.Assign, scope: Scope, frames: list[Frame], block: list[Node]) -> None:
    """Appends the drafts of one assignment to `block` (and its initialisation where that belongs).

    Raises Stop after recording an error.
    """
    p = _understand(a, scope, frames)
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


# ---- understanding
def _understand(a: syn.Assign, scope: Scope, frames: list[Frame]) -> Parts:
    info = _target(a, scope)
    names = _names(a, scope, frames)
    subs = tuple(_left_subscript(s, names) for s in a.subs)
    left = dict(names.used)
    given = _given(a, names)
    wide = a.op in ("+", "*")
    values = Values(names, wide=wide)
    value = values.value(a.value)
    conditions = tuple(_constraint(c, names) for c in a.where if isinstance(c, syn.Constraint))
    for v in names.variables:  # a range in `where` makes a variable, even if nothing reads it
        names.used.setdefault(v, None)
    shown = {scope.safe(v): v for v in (*names.used, *(f.user for f in frames))}
    known = {f.var: f.range for f in frames} | given
    local = [scope.safe(v) for v in names.used]
    write = _write_subscripts(info, subs, a, scope)
    ranges = infer(known, local, values.reads, write, scope, a.span, shown)
    _never_negative(ranges, given, a, scope, shown)
    _no_reduction_without_operator(a, left, names, scope)
    order = (*(f.var for f in frames), *(scope.safe(v) for v in left))
    order = (*order, *(v for v in local if v not in order))
    p = Parts(
        a,
        names,
        info,
        subs,
        value,
        conditions,
        ranges,
        order,
        frozenset(n for s in subs for n in s.names if n in ranges),
        values,
        frozenset(known),
        shown,
    )
    if info.dtype is None:
        info.dtype = _natural_dtype(p)
    scope.grow(info, tuple(greatest(s, ranges) + 1 for s in subs))
    return p


def _target(a: syn.Assign, scope: Scope) -> TensorInfo:
    f, name = scope.findings, a.tensor
    if name in scope.sizes or name in scope.consts:
        raise f.stop(
            "E041", f"`{name}` is a size and cannot be assigned", a.lhs_span, "use another name"
        )
    info = scope.tensors.get(name)
    if info is None:
        info = TensorInfo(
            scope.safe(name), name, "temporary", None, None, a.lhs_span, declared=True, fixed=False
        )
        scope.tensors[name] = info
    if info.kind == "input":
        raise f.stop(
            "E041",
            f"`{name}` is an input and cannot be assigned",
            a.lhs_span,
            "write to a new name",
        )
    if info.shape is not None and len(info.shape) != len(a.subs):
        raise f.stop(
            "E020",
            f"`{name}` has {len(info.shape)} dimensions, found {len(a.subs)} subscripts",
            a.lhs_span,
        )
    return info


def _names(a: syn.Assign, scope: Scope, frames: list[Frame]) -> Names:
    loops = {f.user: Int.var(f.var) for f in frames}
    lets = {c.id: c.value for c in a.where if isinstance(c, syn.Let)}
    bound = {*loops, *lets, *scope.sizes, *scope.consts, *scope.tensors}
    variables = dict.fromkeys(
        n for e in (*a.subs, *_subscripts(a, scope)) for n in _plain_names(e) if n not in bound
    )
    for c in a.where:
        if isinstance(c, (syn.InRange, syn.Let)):
            _new_name(c, bound - lets.keys(), scope)
        if isinstance(c, syn.InRange):
            variables[c.id] = None
    _let_sizes(a, lets, scope)
    return Names(scope, loops, variables, lets)


def _new_name(c: syn.InRange | syn.Let, bound: set[str], scope: Scope) -> None:
    if c.id in bound:
        kind = "a tensor" if c.id in scope.tensors else "an iterator or a size"
        raise scope.findings.stop("E011", f"`{c.id}` is already {kind}", c.span, "use another name")


def _let_sizes(a: syn.Assign, lets: dict[str, syn.Exp], scope: Scope) -> None:
    """Names stand for their expressions; a chain of doublings must not fill the memory."""
    weight = dict.fromkeys(lets, 1)
    for _ in range(min(len(lets), 64)):
        weight = {
            n: min(
                10**6,
                sum(weight.get(x.id, 1) if isinstance(x, syn.Name) else 1 for x in syn.walk(e)),
            )
            for n, e in lets.items()
        }
    if any(w > 10_000 for w in weight.values()):
        raise scope.findings.stop(
            "E005",
            "the expressions that `where` names are too large together",
            a.span,
            "write them as statements of their own",
        )


def _subscripts(a: syn.Assign, scope: Scope) -> list[syn.Exp]:
    """Every expression in the place of a subscript, on the right and in `where`."""
    exps = [a.value]
    exps += [
        c.value if isinstance(c, syn.Let) else c.cond
        for c in a.where
        if not isinstance(c, syn.InRange)
    ]
    return [
        s for e in exps for x in syn.walk(e)
        if isinstance(x, syn.Apply) and (x.id in scope.tensors) for s in x.args
    ]  # fmt: skip


def _plain_names(e: syn.Exp) -> list[str]:
    return [x.id for x in syn.walk(e) if isinstance(x, syn.Name)]


def _left_subscript(e: syn.Exp, names: Names) -> Int:
    try:
        return affine(e, names)
    except NotAffine as why:
        raise refuse(why, "subscript", names.scope) from None


def _given(a: syn.Assign, names: Names) -> dict[str, Range]:
    out: dict[str, Range] = {}
    f = names.scope.findings
    for c in a.where:
        if not isinstance(c, syn.InRange):
            continue
        try:
            lo, hi = affine(c.lo, names), affine(c.hi, names)
        except NotAffine as why:
            raise refuse(why, "bound", names.scope) from None
        v = names.scope.safe(c.id)
        if v in out:
            raise f.stop("E034", f"`{c.id}` has a range already", c.span, "write one range")
        # Bounds may name other variables: `j in 0:i+1`.
        gap = hi - lo
        if gap.is_const and gap.value <= 0:
            raise f.stop(
                "E032",
                f"the range of `{c.id}` is always empty",
                c.span,
                "a range is half-open: `in lo:hi` with lo < hi",
            )
        out[v] = Range(lo, hi)
    for c in a.where:
        if isinstance(c, syn.InRange) and names.scope.safe(c.id) in behind_range(
            names.scope.safe(c.id), out
        ):
            raise f.stop(
                "E033",
                f"the range of `{c.id}` depends on itself",
                c.span,
                "a bound names sizes and other variables",
            )
    return out


def _constraint(c: syn.Constraint, names: Names) -> Expr:
    cond = condition(c.cond, names)
    if cond is not None:
        return cond
    f = names.scope.findings
    match c.cond:
        case syn.Infix("<" | "<=" | ">" | ">=" | "==" | "!=", x, y):
            for e in (x, y):
                try:
                    affine(e, names)
                except NotAffine as why:
                    raise refuse(why, "condition", names.scope) from None
    raise f.stop(
        "E044",
        "a condition in `where` compares affine expressions",
        c.span,
        "for a choice by data use `cond ? a : b`",
    )


def _write_subscripts(
    info: TensorInfo, subs: tuple[Int, ...], a: syn.Assign, scope: Scope
) -> list[Subscript]:
    if info.shape is None:
        return []
    rows = zip(subs, info.shape, a.subs, strict=True)
    return [Subscript(s, scope.resolve(n), info.user, e.span) for s, n, e in rows]


def _never_negative(
    ranges: dict[str, Range],
    given: dict[str, Range],
    a: syn.Assign,
    scope: Scope,
    shown: dict[str, str],
) -> None:
    for v, r in ranges.items():
        gap = r.hi - r.lo
        if v not in given and gap.is_const and gap.value < 0:
            raise scope.findings.stop(
                "E032",
                f"the range of `{shown[v]}` is always empty: {scope.show(r.lo)}:{scope.show(r.hi)}",
                a.span,
            )


def _no_reduction_without_operator(
    a: syn.Assign, left: dict[str, None], names: Names, scope: Scope
) -> None:
    extra = [v for v in names.used if v not in left]
    if extra and not a.op:
        verb = "is" if len(extra) == 1 else "are"
        at = next(
            (x.span for x in syn.walk_all(a) if isinstance(x, syn.Name) and x.id == extra[0]),
            a.span,
        )
        raise scope.findings.stop(
            "E040",
            f"{', '.join(extra)} {verb} on the right and not on the left, but `=` does not reduce",
            at,
            "use `+=`, `max=` or another operator",
        )


# ---- types
def _natural_dtype(p: Parts) -> Dtype:
    if p.a.op in ("argmin", "argmax"):
        return INT64
    if p.a.op in ("and", "or"):
        return BOOL
    dtype = natural(p.value)
    return INT32 if dtype == BOOL and p.a.op in ("+", "*") else dtype


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
        case _ if hasattr(e, "x"):
            return _index_names(e.x)
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
            "E060", f"`{p.a.op}=` is not defined for complex numbers", p.a.lhs_span
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
            "E060", f"`{p.a.op}=` gives an index: the result must be an integer", p.a.lhs_span
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
        raise f.stop("E032", f"the range of `{loop.var}` is always empty", loop.span)
    made = Loop(scope.safe(loop.var), Range(lo, hi), [])
    return made, Frame(loop.var, made.var, made.range, block)


def known_apply(name: str) -> bool:
    """Whether a name with brackets means something that is not a tensor."""
    return name in FUNCTIONS or name in FORMS or name in DTYPES or name in ALIASES


__all__ = ["Frame", "Span", "known_apply", "lower_assign", "lower_loop", "nearest"]
