"""Syntax -> `Int`: subscripts, bounds and conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeVar, assert_never

from polyc.errors import Span
from polyc.frontend import syntax as syn
from polyc.frontend.findings import Stop, nearest, plural
from polyc.frontend.integers import Int, maximum, minimum
from polyc.frontend.scope import Scope

Why = Literal["float", "data", "product", "divisor", "unknown", "constant", "large"]
LARGEST = 2**40  # a coefficient or constant: products with extents stay inside 64 bits


class NotAffine(Exception):
    """Why an expression is not an affine integer expression, and which part of it."""

    def __init__(self, why: Why, at: Span, name: str = "") -> None:
        super().__init__(why)
        self.why: Why = why
        self.at, self.name = at, name


@dataclass(slots=True)
class Names:
    """What the names of one statement mean, beyond those of its definition."""

    scope: Scope
    loops: dict[str, Int]  # iterators of the enclosing `for` blocks
    variables: dict[str, None]  # in order of appearance
    lets: dict[str, syn.Exp]
    active: set[str] = field(default_factory=set)  # lets being expanded: a cycle is an error
    used: dict[str, None] = field(default_factory=dict)  # variables in order of appearance

    def variable(self, name: str) -> Int:
        """The `Int` of a variable of this statement."""
        self.used[name] = None
        return Int.var(self.scope.safe(name))


def affine(e: syn.Exp, names: Names) -> Int:
    """An integer expression as an `Int`; raises NotAffine. Division rounds down."""
    match e:
        case syn.Number(text, span):
            if not text.isdigit():
                raise NotAffine("float", span, text)
            if len(text) > 13 or int(text) > LARGEST:
                raise NotAffine("large", span)
            return Int.of(int(text))
        case syn.Name(name, span):
            return _name(name, span, names)
        case syn.SizeOf():
            return size_of(e, names.scope)
        case syn.Prefix("-" | "+" as op, x):
            return -affine(x, names) if op == "-" else affine(x, names)
        case syn.Infix("+" | "-" | "*" | "/" | "%" as op, x, y, span):
            return _arithmetic(op, affine(x, names), affine(y, names), span, names)
        case syn.Apply("min" | "max" as fn, (x, y)) if fn not in names.scope.tensors:
            return (minimum if fn == "min" else maximum)(affine(x, names), affine(y, names))
        case syn.Apply("int" | "int32" | "int64", (x,)):
            return affine(x, names)
        case syn.Apply() | syn.Prefix() | syn.Infix() | syn.Conditional():
            raise NotAffine("data", e.span, getattr(e, "id", ""))
        case _:
            assert_never(e)


def _name(name: str, span: Span, names: Names) -> Int:
    scope = names.scope
    if name in names.lets:
        return expand(name, names, affine, span)
    if name in names.loops:
        return names.loops[name]
    if name in scope.consts:
        return Int.of(scope.consts[name])
    if name in scope.sizes:
        return Int.var(scope.sizes[name].name)
    if name in scope.tensors:
        raise NotAffine("data", span, name)
    if name in names.variables:
        return names.variable(name)
    raise NotAffine("unknown", span, name)


T = TypeVar("T")


def expand(name: str, names: Names, go: Callable[[syn.Exp, Names], T], span: Span) -> T:
    """`go` on the expression a `where` gave a name; NotAffine for a name defined by itself."""
    if name in names.active:
        raise NotAffine("unknown", span, name)
    names.active.add(name)
    try:
        return go(names.lets[name], names)
    finally:
        names.active.discard(name)


def _arithmetic(op: str, x: Int, y: Int, span: Span, names: Names) -> Int:
    match op:
        case "+":
            return x + y
        case "-":
            return x - y
        case "*" if x.is_const or y.is_const:
            made = x * y
            if any(abs(c) > LARGEST for _, c in made.terms):
                raise NotAffine("large", span)
            return made
        case "*":
            raise _product(x, y, span, names)
        case _ if not y.is_const:
            scalars = _scalars(y, names.scope)
            names.scope.required.update(scalars)
            raise NotAffine("constant" if scalars else "divisor", span)
        case _ if y.value <= 0:
            raise NotAffine("divisor", span)
        case _:
            return x // y if op == "/" else x % y


def _product(x: Int, y: Int, span: Span, names: Names) -> NotAffine:
    # A scalar times a variable is affine once the scalar is a number: the driver supplies it.
    for a in (x, y):
        scalars = _scalars(a, names.scope)
        if scalars and a.names <= {names.scope.sizes[s].name for s in scalars}:
            names.scope.required.update(scalars)
            return NotAffine("constant", span)
    return NotAffine("product", span)


def _scalars(e: Int, scope: Scope) -> set[str]:
    return {d for d, s in scope.sizes.items() if s.scalar and s.name in e.names}


def size_of(e: syn.SizeOf, scope: Scope) -> Int:
    """The extent `I.0`; records an error for an unknown tensor or dimension."""
    info = scope.tensors.get(e.tensor)
    if info is None:
        raise scope.findings.stop(
            "E010",
            f"unknown tensor `{e.tensor}`",
            e.span,
            nearest(e.tensor, scope.tensors) or "`X.0` is the first extent of a tensor `X`",
        )
    if info.shape is None:
        raise scope.findings.stop(
            "E053",
            f"`{e.tensor}` has no shape yet: nothing wrote it",
            e.span,
            "write it first, or declare it",
        )
    if e.dim >= len(info.shape):
        raise scope.findings.stop(
            "E014",
            f"`{e.tensor}` has {plural(len(info.shape), 'dimension')}, found dimension {e.dim}",
            e.span,
            "dimensions count from 0",
        )
    return scope.resolve(info.shape[e.dim])


def refuse(why: NotAffine, what: str, scope: Scope) -> Stop:
    """Records why a subscript or bound is no good; gives the exception that abandons the statement.

    `what` is "subscript", "bound", "extent" or "condition".
    """
    f, name = scope.findings, why.name
    reason = why.why
    match reason:
        case "constant":
            return Stop()  # the scalar's value is asked for, see `NeedsConstants`
        case "float":
            return f.stop(
                "E021", f"{what} is not an integer: `{name}` is a float", why.at, "use an integer"
            )
        case "unknown":
            return f.stop(
                "E010",
                f"unknown name `{name}`",
                why.at,
                nearest(name, scope.known()) or "declare it as a parameter",
            )
        case "large":
            return f.stop(
                "E063",
                f"a number in the {what} is larger than {LARGEST}",
                why.at,
                "use smaller numbers",
            )
        case "product":
            return f.stop(
                "E022",
                f"{what} is not affine: a product of two names",
                why.at,
                "one factor must be a constant or an integer scalar",
            )
        case "divisor":
            return f.stop(
                "E022",
                f"{what} is not affine: the divisor must be a positive constant",
                why.at,
                "divide by a number",
            )
        case "data" if what == "bound":
            found = f": `{name}` is data" if name in scope.tensors else ""
            return f.stop(
                "E033",
                f"a bound must be affine in sizes{found}",
                why.at,
                "use sizes, integer scalars and numbers",
            )
        case "data":
            return f.stop(
                "E022",
                f"{what} must be an affine expression of variables and sizes",
                why.at,
                "it cannot depend on data here",
            )
        case _:
            assert_never(reason)
