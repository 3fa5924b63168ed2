"""`Program`: what the frontend hands to the rest of the compiler. It has no operator names in it.

A program is a list of statements over tensors. Each statement runs its body once per point of an
isl domain; `Int` subscripts say which element every access touches. Sizes are isl parameters;
`specialize` replaces some or all of them by numbers.

Names of variables, sizes and statements are plain identifiers that isl reads without quoting;
`Size.display` keeps what the user wrote (`I.0`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Union

import islpy as isl

from polyc.errors import Span
from polyc.frontend.dtypes import Dtype
from polyc.frontend.integers import Int, to_isl


# ---- expressions: a closed union, matched with `match` and closed with assert_never
@dataclass(frozen=True, slots=True)
class Const:
    """A number of a known type."""

    value: bool | int | float | complex
    dtype: Dtype


@dataclass(frozen=True, slots=True)
class Index:
    """An affine expression of variables, sizes and integer scalars, used as a value."""

    expr: Int
    dtype: Dtype


@dataclass(frozen=True, slots=True)
class Load:
    """One element of a tensor (a scalar parameter is a tensor of rank 0).

    A subscript is an `Int`, or an integer `Expr` where the element depends on data (a gather).
    """

    tensor: str
    subs: tuple[Subscript, ...]
    dtype: Dtype


@dataclass(frozen=True, slots=True)
class Unary:
    """`-` or `!`."""

    op: Literal["-", "!"]
    x: Expr
    dtype: Dtype


BinaryOp = Literal[
    "+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "&&", "||", "min", "max"
]
COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})


@dataclass(frozen=True, slots=True)
class Binary:
    """Both operands have one type; comparisons and logic give bool; min and max propagate NaN.

    Integer `/` and `%` truncate as C's and give 0 for a zero divisor. Integers wrap.
    """

    op: BinaryOp
    x: Expr
    y: Expr
    dtype: Dtype


@dataclass(frozen=True, slots=True)
class Call:
    """A built-in function of `frontend.functions`."""

    fn: str
    args: tuple[Expr, ...]
    dtype: Dtype


@dataclass(frozen=True, slots=True)
class Select:
    """`cond ? yes : no`. Where cond is affine, each branch is read only where it is taken."""

    cond: Expr
    yes: Expr
    no: Expr
    dtype: Dtype


@dataclass(frozen=True, slots=True)
class Cast:
    """C's conversion to `dtype` (float to integer truncates; anything to bool is `!= 0`)."""

    x: Expr
    dtype: Dtype


Expr = Union[Const, Index, Load, Unary, Binary, Call, Select, Cast]
Subscript = Union[Int, Expr]
Reduction = Literal["+", "*", "min", "max", "and", "or"]


@dataclass(frozen=True, slots=True)
class Size:
    """A size or integer scalar that shapes or bounds something: an isl parameter."""

    name: str  # as isl and the loops spell it
    display: str  # as the user does: "M", "I.0"
    scalar: bool = False  # an integer scalar argument rather than an extent


@dataclass(frozen=True, slots=True)
class Tensor:
    """A named array. Extents are `Int`s of sizes; a scalar parameter has rank 0 and `scalar`."""

    name: str
    dtype: Dtype
    shape: tuple[Int, ...]
    kind: Literal["input", "output", "temporary"]
    scalar: bool = False  # an argument passed by value
    declared: bool = True  # False: the dtype follows the call (einsum strings, bracket form)
    display: str = ""  # as the user spells it, where isl could not read that name
    packs: str | None = None  # the input of which this temporary holds a copy, or sums, made once
    parts: str | None = None  # the tensor that this temporary's partial results are combined into

    @property
    def label(self) -> str:
        """The user's name of it."""
        return self.display or self.name


@dataclass(frozen=True, slots=True)
class Statement:
    """`tensor[subs] op= value` for every point of the domain, in lexicographic order of `vars`."""

    name: str
    vars: tuple[str, ...]  # the dimensions of the domain, in order
    domain: isl.Set  # [sizes] -> { name[vars] : ... }
    tensor: str
    subs: tuple[Int, ...]
    op: Reduction | None  # None: plain assignment
    value: Expr
    order: tuple[int | str, ...]  # textual place: (3,), or inside `for t`: (3, "t", 0)
    span: Span | None = None
    tiles: tuple[str, ...] = ()  # variables that count tiles whose halos are computed by each

    @property
    def reduced(self) -> tuple[str, ...]:
        """Variables that do not reach the left-hand subscripts (nor an enclosing `for`)."""
        kept = set().union(*(s.names for s in self.subs)) | set(self.order)
        return tuple(v for v in self.vars if v not in kept)

    @property
    def write(self) -> isl.Map:
        """[sizes] -> { name[vars] -> tensor[subs] }, on the domain."""
        return access_map(self, self.tensor, self.subs)


@dataclass(frozen=True, slots=True)
class Precondition:
    """A fact about sizes that could not be proved; checked once per call."""

    text: str  # "H >= R", as the error shows it
    holds: isl.Set  # [sizes] -> { : ... }
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """Statements in textual order, over tensors in order of declaration (inputs, then the rest)."""

    name: str
    sizes: tuple[Size, ...]
    tensors: tuple[Tensor, ...]
    statements: tuple[Statement, ...]
    context: isl.Set  # [sizes] -> { : what every call guarantees }
    preconditions: tuple[Precondition, ...] = ()
    _tensors: dict[str, Tensor] = field(init=False, repr=False, compare=False)
    _statements: dict[str, Statement] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Tables of the two by name: every stage asks for them once per access and row.
        object.__setattr__(self, "_tensors", {t.name: t for t in self.tensors})
        object.__setattr__(self, "_statements", {s.name: s for s in self.statements})

    def tensor(self, name: str) -> Tensor:
        return self._tensors[name]

    def statement(self, name: str) -> Statement:
        return self._statements[name]

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return tuple(t for t in self.tensors if t.kind == "input")

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return tuple(t for t in self.tensors if t.kind == "output")

    def __str__(self) -> str:
        from polyc.frontend.printer import program_text

        return program_text(self)


@dataclass(frozen=True, slots=True)
class Read:
    """One load of a statement with the exact points that perform it."""

    load: Load
    map: isl.Map  # { name[vars] -> tensor[...] }, restricted to guards
    exact: bool  # False: a gather, `map` is everything the index can reach


def children(e: Expr) -> tuple[Expr, ...]:
    """The operands of an expression, data-dependent subscripts included."""
    match e:
        case Const() | Index():
            return ()
        case Load(_, subs):
            return tuple(s for s in subs if not isinstance(s, Int))
        case Unary(_, x) | Cast(x):
            return (x,)
        case Binary(_, x, y):
            return (x, y)
        case Call(_, args):
            return args
        case Select(c, a, b):
            return (c, a, b)


def affine_condition(e: Expr, space: str) -> isl.Set | None:
    """The points where a condition holds, or None if it depends on data.

    `space` is isl's text of the tuple with parameters: "[N] -> { S[i]".
    """
    match e:
        case Const(bool() as value):
            return isl.Set(f"{space} : {'1 = 1' if value else '1 = 0'} }}")
        case Unary("!", x):
            inner = affine_condition(x, space)
            return None if inner is None else isl.Set(space + " }").subtract(inner)
        case Binary("&&" | "||" as op, x, y):
            a, b = affine_condition(x, space), affine_condition(y, space)
            if a is None or b is None:
                return None
            return a.intersect(b) if op == "&&" else a.union(b)
        case Binary(op, x, y) if op in COMPARISONS:
            p, q = affine_value(x), affine_value(y)
            if p is None or q is None:
                return None
            sign = {"==": "=", "!=": "!="}.get(op, op)
            return isl.Set(f"{space} : {to_isl(p)} {sign} {to_isl(q)} }}")
        case _:
            return None


def affine_value(e: Expr) -> Int | None:
    """The integer expression an `Expr` stands for, None where it is anything else."""
    match e:
        case Index(expr, _):
            return expr
        case Const(int() as value):
            return Int.of(int(value))
        case Cast(x, dtype) if dtype.is_integer and dtype.bits >= 32:
            return affine_value(x)
        case _:
            return None


def tuple_text(program_sizes: tuple[str, ...], s: Statement) -> str:
    """isl's opening text of a statement's tuple: "[M, N] -> { S0[i, j]"."""
    return f"[{', '.join(program_sizes)}] -> {{ {s.name}[{', '.join(s.vars)}]"


def parameters(s: isl.Set) -> tuple[str, ...]:
    """Names of a set's isl parameters, in order."""
    n = s.dim(isl.dim_type.param)
    return tuple(s.get_dim_name(isl.dim_type.param, i) or "" for i in range(n))


def access_map(s: Statement, tensor: str, subs: tuple[Subscript, ...]) -> isl.Map:
    """{ S[vars] -> tensor[subs] } on the domain; data-dependent subscripts are unconstrained."""
    dims = [to_isl(x) if isinstance(x, Int) else f"_u{k}" for k, x in enumerate(subs)]
    text = f"{tuple_text(parameters(s.domain), s)} -> {tensor}[{', '.join(dims)}] }}"
    return isl.Map(text).intersect_domain(s.domain)


def reads(s: Statement, program: Program) -> tuple[Read, ...]:
    """Every load of a statement's value (not the implicit read of its reduction target)."""
    return tuple(_reads(s.value, s, s.domain, program))


def _reads(e: Expr, s: Statement, where: isl.Set, program: Program) -> Iterator[Read]:
    match e:
        case Load(tensor, subs):
            exact = all(isinstance(x, Int) for x in subs)
            m = access_map(s, tensor, subs).intersect_domain(where)
            if not exact:
                m = m.intersect_range(box(program.tensor(tensor), parameters(s.domain)))
            yield Read(e, m, exact)
        case Select(cond, yes, no):
            held = affine_condition(cond, tuple_text(parameters(s.domain), s))
            yield from _reads(cond, s, where, program)
            yield from _reads(yes, s, where if held is None else where.intersect(held), program)
            yield from _reads(no, s, where if held is None else where.subtract(held), program)
            return
    for c in children(e):
        yield from _reads(c, s, where, program)


def box(
    t: Tensor, sizes: tuple[str, ...], bounded: Callable[[int], bool] = lambda _: True
) -> isl.Set:
    """[sizes] -> { tensor[...] : inside its extents }, in the dimensions that are `bounded`."""
    dims = [f"d{k}" for k in range(len(t.shape))]
    bounds = " and ".join(
        f"0 <= {d} < {to_isl(n)}"
        for k, (d, n) in enumerate(zip(dims, t.shape, strict=True))
        if bounded(k)
    )
    return isl.Set(
        f"[{', '.join(sizes)}] -> {{ {t.name}[{', '.join(dims)}] : {bounds or '1 = 1'} }}"
    )


def map_children(e: Expr, f: Callable[[Expr], Expr]) -> Expr:
    """The expression with `f` applied to each operand (data-dependent subscripts included)."""
    match e:
        case Const() | Index():
            return e
        case Load(t, subs, d):
            return Load(t, tuple(x if isinstance(x, Int) else f(x) for x in subs), d)
        case Unary(op, x, d):
            return Unary(op, f(x), d)
        case Binary(op, x, y, d):
            return Binary(op, f(x), f(y), d)
        case Call(fn, args, d):
            return Call(fn, tuple(map(f, args)), d)
        case Select(c, a, b, d):
            return Select(f(c), f(a), f(b), d)
        case Cast(x, d):
            return Cast(f(x), d)


def names_of(e: Expr) -> frozenset[str]:
    """Every variable and size in the subscripts and indices of an expression."""
    own: frozenset[str] = frozenset()
    match e:
        case Index(expr, _):
            own = expr.names
        case Load(_, subs):
            own = frozenset(n for x in subs if isinstance(x, Int) for n in x.names)
        case _:
            pass
    return own.union(*(names_of(c) for c in children(e)))


def map_expr(e: Expr, ints: Mapping[str, Int]) -> Expr:
    """Names in every `Int` of an expression replaced."""
    match e:
        case Index(expr, d):
            return Index(expr.subs(ints), d)
        case Load(t, subs, d):
            e = Load(t, tuple(x.subs(ints) if isinstance(x, Int) else x for x in subs), d)
        case _:
            pass
    return map_children(e, lambda x: map_expr(x, ints))


def fix_parameters(s: isl.Set, values: Mapping[str, int]) -> isl.Set:
    """Parameters replaced by numbers and removed."""
    for name in parameters(s):
        if name in values:
            i = s.find_dim_by_name(isl.dim_type.param, name)
            s = s.fix_val(isl.dim_type.param, i, isl.Val(values[name]))
            s = s.project_out(isl.dim_type.param, i, 1)
    return s


def specialize(program: Program, values: Mapping[str, int]) -> Program:
    """The program with the given sizes fixed: they vanish from shapes, domains and expressions."""
    if not values:
        return program
    ints = {n: Int.of(v) for n, v in values.items()}

    def fix(s: isl.Set) -> isl.Set:
        return fix_parameters(s, values)

    return replace(
        program,
        sizes=tuple(z for z in program.sizes if z.name not in values),
        tensors=tuple(
            replace(t, shape=tuple(n.subs(ints) for n in t.shape)) for t in program.tensors
        ),
        statements=tuple(
            replace(
                s,
                domain=fix(s.domain),
                subs=tuple(x.subs(ints) for x in s.subs),
                value=map_expr(s.value, ints),
            )
            for s in program.statements
        ),
        context=fix(program.context),
        preconditions=tuple(
            replace(p, holds=h)
            for p in program.preconditions
            if not (h := fix(p.holds)).plain_is_universe()
        ),
    )
