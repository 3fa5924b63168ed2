"""Conditions: affine ones as comparisons of indices, others as values of type bool."""

from __future__ import annotations

from polyc.frontend import syntax as syn
from polyc.frontend.affine import Names, NotAffine, affine, expand
from polyc.frontend.dtypes import BOOL, INT64
from polyc.frontend.findings import Stop
from polyc.frontend.integers import Int
from polyc.frontend.program import COMPARISONS, Binary, Cast, Expr, Index, Unary
from polyc.frontend.promotion import Typed, coerce, natural


def truth(t: Typed) -> Expr:
    """A value as a condition: itself if bool, else `!= 0`."""
    e = coerce(t, natural(t))
    return e if e.dtype == BOOL else Cast(e, BOOL)


def condition(e: syn.Exp, names: Names) -> Expr | None:
    """An affine condition as comparisons of indices, or None if it depends on data."""
    match e:
        case syn.Prefix("!", x):
            inner = condition(x, names)
            return None if inner is None else Unary("!", inner, BOOL)
        case syn.Infix("&&" | "||" as op, x, y):
            a, b = condition(x, names), condition(y, names)
            return None if a is None or b is None else Binary(op, a, b, BOOL)
        case syn.Infix(op, x, y) if op in COMPARISONS:
            try:
                p, q = affine(x, names), affine(y, names)
            except NotAffine as why:
                if why.why == "constant":
                    raise Stop() from None
                return None
            return Binary(op, Index(p, INT64), Index(q, INT64), BOOL)  # type: ignore[arg-type]
        case syn.Name(name) if name in names.lets:
            try:
                return expand(name, names, condition, e.span)
            except NotAffine:
                return None
        case _:
            return None


def is_variable(s: Int, names: Names) -> bool:
    """Whether a subscript is one variable and nothing else."""
    if len(s.names) != 1:
        return False
    name = next(iter(s.names))
    return s == Int.var(name) and any(
        names.scope.safe(v) == name for v in (*names.variables, *names.loops)
    )
