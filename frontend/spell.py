"""Expressions of Syntax as text, with the fewest brackets that keep their meaning."""

from __future__ import annotations

from typing import assert_never

from polyc.frontend import syntax as syn
from polyc.frontend.dtypes import ALIASES, DTYPES
from polyc.frontend.functions import FORMS, FUNCTIONS

# From low to high; the grammar has the same levels.
LEVELS = {
    "||": 1, "&&": 2, "<": 3, "<=": 3, ">": 3, ">=": 3, "==": 3, "!=": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "%": 5,
}  # fmt: skip
CONDITIONAL, UNARY, ATOM = 0, 6, 7
WORDS = {*FUNCTIONS, *FORMS, *DTYPES, *ALIASES}  # their brackets are always round


def expression(e: syn.Exp, style: str = "()", tight: bool = False, least: int = CONDITIONAL) -> str:
    """An expression; in brackets where its operator binds less than `least`.

    `style` is the brackets of accesses; `tight` leaves out the spaces around operators, as in
    subscripts.
    """
    text, level = _spelled(e, style, tight)
    return f"({text})" if level < least else text


def _spelled(e: syn.Exp, style: str, tight: bool) -> tuple[str, int]:
    match e:
        case syn.Number(text):
            return text, ATOM
        case syn.Name(name):
            return name, ATOM
        case syn.SizeOf(tensor, dim):
            return f"{tensor}.{dim}", ATOM
        case syn.Apply(name, args):
            if name in WORDS:
                return f"{name}({', '.join(expression(a, style) for a in args)})", ATOM
            return name + brackets(args, style), ATOM
        case syn.Prefix(op, x):
            return op + expression(x, style, tight, UNARY), UNARY
        case syn.Infix(op, x, y):
            level, space = LEVELS[op], "" if tight else " "
            left = expression(x, style, tight, level)
            return f"{left}{space}{op}{space}{expression(y, style, tight, level + 1)}", level
        case syn.Conditional(cond, yes, no):
            parts = expression(cond, style, tight, 1), *(expression(x, style) for x in (yes, no))
            return f"{parts[0]} ? {parts[1]} : {parts[2]}", CONDITIONAL
        case _:
            assert_never(e)


def brackets(subs: tuple[syn.Exp, ...], style: str) -> str:
    """The subscripts of an access."""
    return style[0] + ",".join(expression(s, style, tight=True) for s in subs) + style[1]


def clause(c: syn.Clause, style: str) -> str:
    """A part of `where`. Its no-break spaces are no places for a line break."""
    match c:
        case syn.InRange(name, lo, hi):
            bounds = ":".join(expression(x, style, tight=True, least=1) for x in (lo, hi))
            return f"{name}\xa0in\xa0{bounds}"
        case syn.Let(name, value):
            return f"{name} = {expression(value, style)}"
        case syn.Constraint(cond):
            return expression(cond, style)
        case _:
            assert_never(c)


def declare(d: syn.Declare) -> str:
    """A parameter or a result."""
    dims = "" if d.dims is None else brackets(d.dims, "()")
    return f"{d.type}{dims}\xa0{d.name}" if d.type else d.name
