"""What one assignment says: its subscripts, its value, the ranges of its variables, its type."""

from __future__ import annotations

from dataclasses import dataclass, field

from polyc.errors import Span
from polyc.frontend import syntax as syn
from polyc.frontend.affine import Names, NotAffine, affine, refuse
from polyc.frontend.conditions import condition
from polyc.frontend.drafts import Node
from polyc.frontend.dtypes import ALIASES, BOOL, DTYPES, INT32, INT64, Dtype
from polyc.frontend.functions import FORMS, FUNCTIONS
from polyc.frontend.integers import Int
from polyc.frontend.limits import RANK, check_count
from polyc.frontend.program import Expr
from polyc.frontend.promotion import Typed, natural
from polyc.frontend.ranges import Range, Subscript, behind_range, greatest, infer
from polyc.frontend.scope import Scope, TensorInfo
from polyc.frontend.values import Values


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


def understand(a: syn.Assign, scope: Scope, frames: list[Frame]) -> Parts:
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
    ranges = infer(known, local, values.reads, write, scope, lambda v: _place(v, a), shown)
    _never_negative(ranges, given, a, scope, shown)
    _no_reduction_without_operator(a, left, names, scope)
    order = (*(f.var for f in frames), *(scope.safe(v) for v in left))
    order = (*order, *(v for v in local if v not in order))
    check_count(order, RANK, "the number of variables of the statement is", a.span, scope.findings)
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
    check_count(a.subs, RANK, f"the number of dimensions of `{name[:80]}` is", a.lhs_span, f)
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
            "a tensor has one subscript for each dimension",
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
                "the upper bound is exclusive and above the lower one",
            )


def _no_reduction_without_operator(
    a: syn.Assign, left: dict[str, None], names: Names, scope: Scope
) -> None:
    extra = [v for v in names.used if v not in left]
    if extra and not a.op:
        verb = "is" if len(extra) == 1 else "are"
        at = _place(extra[0], a, right=True)
        raise scope.findings.stop(
            "E040",
            f"{', '.join(extra)} {verb} on the right and not on the left, but `=` does not reduce",
            at,
            "use `+=`, `max=` or another operator",
        )


def _place(name: str, a: syn.Assign, *, right: bool = False) -> Span:
    """Where a statement first uses a variable, or uses it on the right."""
    left = () if right else (x for s in a.subs for x in syn.walk(s))
    uses = (x.span for x in (*left, *syn.walk_all(a)) if isinstance(x, syn.Name) and x.id == name)
    return next(uses, a.span)


def _natural_dtype(p: Parts) -> Dtype:
    if p.a.op in ("argmin", "argmax"):
        return INT64
    if p.a.op in ("and", "or"):
        return BOOL
    dtype = natural(p.value)
    return INT32 if dtype == BOOL and p.a.op in ("+", "*") else dtype


def known_apply(name: str) -> bool:
    """Whether a name with brackets means something that is not a tensor."""
    return name in FUNCTIONS or name in FORMS or name in DTYPES or name in ALIASES
