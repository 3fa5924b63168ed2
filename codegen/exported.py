"""`Exported`: a kernel as a C function that stands alone: its parameters, limits and error codes.

    int NAME(inputs..., scalars..., sizes..., outputs...)

Both ways to machine code (`codegen.c_export`, `codegen.llvm_export`) print this value, so they
check the same limits in the same order and return the same codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import islpy as isl

from polyc.codegen.ast import condition
from polyc.codegen.c_names import function_name, is_function, parameter_name
from polyc.codegen.loops import Buffer, Cond, LoopNest
from polyc.errors import ArgumentError
from polyc.frontend.dtypes import INT64, Dtype
from polyc.frontend.integers import Int
from polyc.frontend.program import Precondition, Program, Tensor

Kind = Literal["input", "scalar", "size", "output"]

# The codes that every exported function has. Those of its own limits and checks follow.
NO_MEMORY, NULL, BAD_SIZE = 1, 2, 3
MOST = 1 << 40  # a size or an integer scalar beyond it belongs to no array of this age
_COMMON = (
    "there is no memory for the scratch",
    "an array is a null pointer",
    "a size is negative or beyond 2^40, or an integer scalar is not one that this code is for",
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the C function.

    name      as in the text
    c         as in C
    argument  its place among `LoopNest.arguments`; None for a size
    integer   the name of the integer of `LoopNest.ints` that it gives, None: it gives none
    fixed     the only value that an integer scalar may have, None: any
    shape     extents, in sizes as the text names them; () for what is passed by value
    """

    name: str
    c: str
    kind: Kind
    dtype: Dtype
    shape: tuple[Int, ...]
    argument: int | None
    integer: str | None
    fixed: int | None
    pointer: bool


@dataclass(frozen=True, slots=True)
class Exported:
    """A kernel and how C calls it. `limits` are checked in order; the first that fails is returned
    as code 4, 5, ...; a failed check of the nest follows. `errors[code - 1]` says what is wrong.
    `sizes` has the sizes of the text, with a number where it is fixed."""

    nest: LoopNest
    parameters: tuple[Parameter, ...]
    limits: tuple[Cond, ...]
    errors: tuple[str, ...]
    parallel: bool
    sizes: Mapping[str, int | None]

    @property
    def symbol(self) -> str:
        return self.nest.name

    def in_c(self, e: Int) -> str:
        """An expression of the nest's integers as the header spells it."""
        return str(e.subs({p.integer: Int.var(p.c) for p in self.parameters if p.integer}))

    def in_text(self, e: Int) -> Int:
        """The same in sizes as the text names them."""
        return e.subs({p.integer: Int.var(p.name) for p in self.parameters if p.integer})

    @property
    def first_check(self) -> int:
        """What is added to the code of a failed check of the nest."""
        return len(_COMMON) + len(self.limits)


def exported(
    program: Program,
    nest: LoopNest,
    name: str | None,
    parallel: bool,
    sizes: Mapping[str, int | None],
) -> Exported:
    """The C function of a nest whose inputs are all in C order.

    `program` is the text before any rewriting, `sizes` what is fixed in it. Raises ArgumentError
    where `name` is no name of a C function, or one that has a meaning already.
    """
    assert nest.ints == tuple(z.name for z in program.sizes), "inputs with strides"
    symbol = function_name(program.name) if name is None else _checked(name)
    shown = {z.name: Int.var(z.display) for z in program.sizes if z.name != z.display}
    used = {symbol, f"{symbol}_body", guard(symbol)}
    parameters = tuple(_parameter(p, shown, used, sizes) for p in _ordered(program, nest))
    limits = tuple(_condition(p, program.context) for p in program.preconditions)
    needs = tuple(f"the operator needs {p.text}" for p in program.preconditions)
    errors = (*_COMMON, *needs, *nest.messages)
    return Exported(replace(nest, name=symbol), parameters, limits, errors, parallel, sizes)


def guard(symbol: str) -> str:
    """The macro that keeps the header from being read twice."""
    return f"POLYC_{symbol.upper()}_H"


def _checked(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise ArgumentError(
            f"name: found {name!r}, expected the name of a C function: letters, digits and "
            "underscores, a letter first"
        )
    if not is_function(name):
        raise ArgumentError(
            f"name: {name!r} has a meaning in C or C++; choose another, such as {name + '_'!r}"
        )
    return name


@dataclass(frozen=True, slots=True)
class _Draft:
    """A parameter before it has a name in C."""

    name: str
    kind: Kind
    dtype: Dtype
    shape: tuple[Int, ...]
    argument: int | None
    integer: str | None
    pointer: bool


def _ordered(program: Program, nest: LoopNest) -> Iterator[_Draft]:
    """Inputs, scalars, sizes, outputs, each in the order of the text."""
    tensors = list(enumerate((*program.inputs, *program.outputs)))
    integers = {z.name for z in program.sizes if z.scalar}

    def draft(k: int, t: Tensor, kind: Kind) -> _Draft:
        integer = t.name if t.scalar and t.name in integers else None
        pointer = isinstance(nest.arguments[k], Buffer)
        return _Draft(t.label, kind, t.dtype, t.shape, k, integer, pointer)

    yield from (draft(k, t, "input") for k, t in tensors if t.kind == "input" and not t.scalar)
    yield from (draft(k, t, "scalar") for k, t in tensors if t.kind == "input" and t.scalar)
    for z in program.sizes:
        if not z.scalar:
            yield _Draft(z.display, "size", INT64, (), None, z.name, False)
    yield from (draft(k, t, "output") for k, t in tensors if t.kind == "output")


def _parameter(
    d: _Draft, shown: dict[str, Int], used: set[str], sizes: Mapping[str, int | None]
) -> Parameter:
    c = parameter_name(d.name, used)
    used.add(c)
    shape = tuple(n.subs(shown) for n in d.shape)
    fixed = sizes.get(d.name) if d.kind == "scalar" else None
    return Parameter(d.name, c, d.kind, d.dtype, shape, d.argument, d.integer, fixed, d.pointer)


def _condition(p: Precondition, context: isl.Set) -> Cond:
    """The precondition as comparisons of sizes, all of which are at least 0."""
    none = isl.Set.universe(context.get_space())
    return condition(isl.AstBuild.from_context(none).expr_from_set(p.holds), {})
