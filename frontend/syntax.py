"""`Syntax`: what the parser hands to the checks. Every node knows its place in the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Union

from polyc.errors import Span


# ---- expressions
@dataclass(frozen=True, slots=True)
class Number:
    """A constant as written: `3`, `.5`, `1e-5`."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, size, scalar, or tensor of rank 0."""

    id: str
    span: Span


@dataclass(frozen=True, slots=True)
class SizeOf:
    """`I.0`: the extent of a tensor's dimension."""

    tensor: str
    dim: int
    span: Span


@dataclass(frozen=True, slots=True)
class Apply:
    """`f(x, y)`: an access, a call of a function, or a cast; the name decides later."""

    id: str
    args: tuple[Exp, ...]
    span: Span
    name_span: Span


@dataclass(frozen=True, slots=True)
class Prefix:
    """`-x`, `+x` or `!x`."""

    op: str
    x: Exp
    span: Span


@dataclass(frozen=True, slots=True)
class Infix:
    """Two operands and an operator of the grammar."""

    op: str
    x: Exp
    y: Exp
    span: Span


@dataclass(frozen=True, slots=True)
class Conditional:
    """`cond ? yes : no`."""

    cond: Exp
    yes: Exp
    no: Exp
    span: Span


Exp = Union[Number, Name, SizeOf, Apply, Prefix, Infix, Conditional]


# ---- clauses of `where`
@dataclass(frozen=True, slots=True)
class InRange:
    """`id in lo:hi`, half-open."""

    id: str
    lo: Exp
    hi: Exp
    span: Span


@dataclass(frozen=True, slots=True)
class Let:
    """`id = exp`: a name for an expression."""

    id: str
    value: Exp
    span: Span


@dataclass(frozen=True, slots=True)
class Constraint:
    """An affine condition on the points of a statement."""

    cond: Exp
    span: Span


Clause = Union[InRange, Let, Constraint]


# ---- statements
@dataclass(frozen=True, slots=True)
class Assign:
    """`tensor(subs) op= value where ...`.

    `init` is the `!`. `depth` is set by inlining only: the number of `for` blocks around the call,
    which the first initialisation of a callee's tensor must not leave; `fresh` marks the first
    write of the callee.
    """

    tensor: str
    subs: tuple[Exp, ...]
    op: str  # "" for a plain "="
    init: bool
    value: Exp
    where: tuple[Clause, ...]
    span: Span
    lhs_span: Span
    depth: int = 0
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class CallDef:
    """`(targets) = fn(args)`: a call of another definition."""

    targets: tuple[Name, ...]
    fn: str
    args: tuple[Exp, ...]
    span: Span
    fn_span: Span


@dataclass(frozen=True, slots=True)
class For:
    """`for var in lo:hi { body }`."""

    var: str
    lo: Exp
    hi: Exp
    body: tuple[Item, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Expect:
    """Made by inlining: two sizes that a call requires to be equal."""

    x: Exp
    y: Exp
    span: Span


# ---- definitions
@dataclass(frozen=True, slots=True)
class Declare:
    """A parameter or result: `float(M,K) A`, `int st`, `Y`. `dims` is None without parentheses."""

    name: str
    type: str | None
    dims: tuple[Exp, ...] | None
    span: Span


@dataclass(frozen=True, slots=True)
class ExpectTensor:
    """Made by inlining: a tensor handed to a definition, which declares its type and rank."""

    name: str
    declared: Declare
    span: Span


# A `Declare` among the statements comes from inlining: the result a called definition declares.
Item = Union[Assign, CallDef, For, Expect, ExpectTensor, Declare]


@dataclass(frozen=True, slots=True)
class Def:
    """One definition."""

    name: str
    params: tuple[Declare, ...]
    returns: tuple[Declare, ...]
    body: tuple[Item, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Bracket:
    """The bracket form: statements without declarations."""

    body: tuple[Item, ...]


Module = Union[tuple[Def, ...], Bracket]


def operands(e: Exp) -> tuple[Exp, ...]:
    """The direct parts of an expression."""
    match e:
        case Number() | Name() | SizeOf():
            return ()
        case Apply(_, args):
            return args
        case Prefix(_, x):
            return (x,)
        case Infix(_, x, y):
            return (x, y)
        case Conditional(c, a, b):
            return (c, a, b)


def walk(e: Exp) -> Iterator[Exp]:
    """Every node of an expression, parents first, left to right."""
    yield e
    for x in operands(e):
        yield from walk(x)


def assigns(items: tuple[Item, ...]) -> Iterator[Assign]:
    """Every assignment, inside `for` too, in textual order."""
    for item in items:
        match item:
            case Assign():
                yield item
            case For(body=body):
                yield from assigns(body)
            case _:
                pass


def walk_all(a: Assign) -> Iterator[Exp]:
    """Every node of the right side and the `where` of an assignment."""
    yield from walk(a.value)
    for c in a.where:
        match c:
            case InRange(_, lo, hi):
                yield from walk(lo)
                yield from walk(hi)
            case Let(_, value):
                yield from walk(value)
            case Constraint(cond):
                yield from walk(cond)
