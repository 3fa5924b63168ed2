"""Affine conditions of the program: selects that guard loads, and their integer form."""

from __future__ import annotations

from polyc.codegen.loops import Aligned, All, Cond, Ge, Some
from polyc.errors import InternalError
from polyc.frontend import program as ir
from polyc.frontend.integers import Int

Table = dict[str, Int]


def first_guard(e: ir.Expr) -> ir.Select | None:
    """The outermost select on an affine condition with a load in a branch."""
    if isinstance(e, ir.Select) and _is_affine(e.cond) and _has_load(e.yes, e.no):
        return e
    return next((g for c in ir.children(e) if (g := first_guard(c)) is not None), None)


def _has_load(*parts: ir.Expr) -> bool:
    """A load of a tensor element (a scalar is always there to be read)."""
    return any(isinstance(p, ir.Load) and p.subs for p in parts) or any(
        _has_load(*ir.children(p)) for p in parts
    )


def _is_affine(e: ir.Expr) -> bool:
    match e:
        case ir.Const(bool()):
            return True
        case ir.Unary("!", x):
            return _is_affine(x)
        case ir.Binary("&&" | "||", x, y):
            return _is_affine(x) and _is_affine(y)
        case ir.Binary(op, x, y) if op in ir.COMPARISONS:
            return ir.affine_value(x) is not None and ir.affine_value(y) is not None
        case _:
            return False


def decide(e: ir.Expr, guard: ir.Select, taken: bool) -> ir.Expr:
    """The expression with every select on the guard's condition replaced by one branch."""

    def go(x: ir.Expr) -> ir.Expr:
        if isinstance(x, ir.Select) and x.cond == guard.cond:
            return go(x.yes if taken else x.no)
        return ir.map_children(x, go)

    return go(e)


def condition_of(e: ir.Expr, table: Table) -> Cond:
    match e:
        case ir.Const(bool() as value):
            return All(()) if value else Some(())
        case ir.Unary("!", x):
            return negate(condition_of(x, table))
        case ir.Binary("&&", x, y):
            return All((condition_of(x, table), condition_of(y, table)))
        case ir.Binary("||", x, y):
            return Some((condition_of(x, table), condition_of(y, table)))
        case ir.Binary(op, x, y):
            p, q = ir.affine_value(x), ir.affine_value(y)
            if p is not None and q is not None:
                return _compare(op, p.subs(table), q.subs(table))
        case _:
            pass
    raise InternalError(f"not an affine condition: {e}")


def _compare(op: str, a: Int, b: Int) -> Cond:
    match op:
        case "<":
            return Ge(b - a - 1)
        case "<=":
            return Ge(b - a)
        case ">":
            return Ge(a - b - 1)
        case ">=":
            return Ge(a - b)
        case "==":
            return All((Ge(a - b), Ge(b - a)))
        case _:
            return Some((Ge(a - b - 1), Ge(b - a - 1)))


def negate(c: Cond) -> Cond:
    """The opposite condition."""
    match c:
        case Ge(e):
            return Ge(-e - 1)
        case All(parts):
            return Some(tuple(map(negate, parts)))
        case Some(parts):
            return All(tuple(map(negate, parts)))
        case Aligned():
            raise InternalError("an address has no opposite condition")
