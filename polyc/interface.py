"""What an operator takes and gives, as plain data that the disk cache keeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from polyc.arrays import dtype
from polyc.frontend.integers import Int
from polyc.signature import int_from_json, int_to_json

if TYPE_CHECKING:
    from polyc.frontend.program import Program, Tensor
    from polyc.recipe import Recipe


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One input or output.

    name   as in the text
    dtype  None where the call decides it (einsum strings, the bracket form)
    shape  extents as text over the operator's sizes: ("M", "H - R + 1"); () for a scalar
    """

    name: str
    dtype: np.dtype[Any] | None
    shape: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What `specialize` must know of a program: with it, a kernel from the disk needs no parser.

    sizes    of each size and integer scalar its name, its name for the user, whether it is a scalar
    inputs   of each input its name for the user, its element type, its extents
    """

    sizes: tuple[tuple[str, str, bool], ...]
    inputs: tuple[tuple[str, str, tuple[Int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Interface:
    """`scalars` are inputs passed by value. Of them, `keys` shape the code, and `constants` must
    be numbers before there is a Program: a call's values join the constants of the text, and there
    is no `outline` without them."""

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    sizes: tuple[str, ...]
    scalars: frozenset[str]
    keys: frozenset[str]
    constants: frozenset[str] = frozenset()
    outline: Outline | None = None


def read(made_from: Recipe) -> Interface:
    """The interface of a text. Raises LanguageError."""
    from polyc.frontend import NeedsConstants

    try:
        return of_program(made_from.program())
    except NeedsConstants as e:
        names = e.names
    # The text has no Program without these values: shapes that depend on them print as "?".
    one, two = (
        of_program(
            replace(made_from, consts=(*made_from.consts, *((n, k) for n in names))).program()
        )
        for k in (1, 2)
    )
    order = _parameters(made_from)
    missing = tuple(TensorSpec(n, dtype("int32"), ()) for n in names)
    inputs = sorted((*one.inputs, *missing), key=lambda t: order.index(t.name))
    return replace(
        one,
        inputs=tuple(inputs),
        outputs=tuple(map(_common, one.outputs, two.outputs)),
        scalars=one.scalars | set(names),
        constants=frozenset(names),
        outline=None,
    )


def _common(one: TensorSpec, two: TensorSpec) -> TensorSpec:
    pairs = zip(one.shape, two.shape, strict=True)
    return replace(one, shape=tuple(a if a == b else "?" for a, b in pairs))


def _parameters(made_from: Recipe) -> list[str]:
    """Names of the entry's parameters, in order."""
    from polyc.frontend.findings import Findings
    from polyc.frontend.parse import parse

    module = parse(made_from.text, Findings(made_from.text))
    defs = module if isinstance(module, tuple) else ()
    chosen = [d for d in defs if made_from.entry in (None, d.name)]
    return [p.name for p in chosen[-1].params]


def of_program(program: Program) -> Interface:
    """The interface of a program that is not specialised."""
    shown = {z.name: Int.var(z.display) for z in program.sizes if z.name != z.display}
    declared = all(t.declared for t in program.inputs)

    def spec(t: Tensor) -> TensorSpec:
        known = t.declared and (declared or t.kind == "input")
        shape = tuple(str(n.subs(shown)) for n in t.shape)
        return TensorSpec(t.label, dtype(t.dtype.name) if known else None, shape)

    scalars = {t.label for t in program.inputs if t.scalar}
    return Interface(
        tuple(map(spec, program.inputs)),
        tuple(map(spec, program.outputs)),
        tuple(z.display for z in program.sizes if not z.scalar),
        frozenset(scalars),
        frozenset(z.display for z in program.sizes if z.scalar),
        outline=outline(program),
    )


def outline(program: Program) -> Outline:
    """The outline of a program that is not specialised."""
    return Outline(
        tuple((z.name, z.display, z.scalar) for z in program.sizes),
        tuple((t.label, t.dtype.name, t.shape) for t in program.inputs),
    )


def to_json(i: Interface) -> dict[str, Any]:
    """The interface as JSON's types."""

    def spec(t: TensorSpec) -> list[Any]:
        return [t.name, None if t.dtype is None else t.dtype.name, list(t.shape)]

    return {
        "inputs": [spec(t) for t in i.inputs],
        "outputs": [spec(t) for t in i.outputs],
        "sizes": list(i.sizes),
        "scalars": sorted(i.scalars),
        "keys": sorted(i.keys),
        "constants": sorted(i.constants),
        "outline": None if i.outline is None else _outline_to_json(i.outline),
    }


def _outline_to_json(o: Outline) -> dict[str, Any]:
    inputs = [[name, kind, list(map(int_to_json, shape))] for name, kind, shape in o.inputs]
    return {"sizes": [list(z) for z in o.sizes], "inputs": inputs}


def _outline_from_json(data: dict[str, Any]) -> Outline:
    return Outline(
        tuple((str(name), str(shown), bool(scalar)) for name, shown, scalar in data["sizes"]),
        tuple(
            (str(name), str(kind), tuple(map(int_from_json, shape)))
            for name, kind, shape in data["inputs"]
        ),
    )


def from_json(data: dict[str, Any]) -> Interface:
    """The inverse of `to_json`; KeyError, TypeError or ValueError where the data is not one."""

    def spec(t: list[Any]) -> TensorSpec:
        return TensorSpec(t[0], None if t[1] is None else dtype(t[1]), tuple(t[2]))

    return Interface(
        tuple(map(spec, data["inputs"])),
        tuple(map(spec, data["outputs"])),
        tuple(data["sizes"]),
        frozenset(data["scalars"]),
        frozenset(data["keys"]),
        frozenset(data["constants"]),
        None if data["outline"] is None else _outline_from_json(data["outline"]),
    )
