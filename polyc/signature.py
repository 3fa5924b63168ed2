"""`Signature`: all a call needs to know about a compiled kernel, as plain data.

The disk cache keeps it beside the object, so that a warm start neither parses nor imports isl.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from polyc.codegen.notes import Site
from polyc.frontend.integers import ZERO, Extreme, FloorDiv, Int

Role = Literal["input", "scalar", "output"]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a kernel: an array, or a number passed by value.

    name    as in the text
    dtype   NumPy's name of the element type
    shape   extents, in sizes that are still symbolic; () for a scalar
    """

    name: str
    dtype: str
    shape: tuple[Int, ...]
    role: Role

    @property
    def extents(self) -> tuple[int, ...]:
        """The shape as numbers; ValueError while a size in it is symbolic."""
        return tuple([n.value for n in self.shape])


@dataclass(frozen=True, slots=True)
class Signature:
    """How to call a kernel.

    symbol        name of the function in the object
    arguments     inputs in order, then outputs
    sizes         symbolic sizes, the first of the kernel's integers
    strided       (argument, dimension) of the run-time strides, the rest of the integers
    shared_bytes  workspace of a call; thread_bytes of it for every thread on top
    parallel      whether anything runs on more than one thread
    messages      what a failed run-time check means
    checks        what the notes of a kernel with `Options.check` mean; it takes them behind the
                  arguments
    points        of all statements' domains at most: what a call costs, very roughly; None: unknown
    conditional   whether more is asked of the symbolic sizes than that extents agree
    """

    symbol: str
    arguments: tuple[Argument, ...]
    sizes: tuple[str, ...] = ()
    strided: tuple[tuple[int, int], ...] = ()
    shared_bytes: Int = ZERO
    thread_bytes: Int = ZERO
    parallel: bool = False
    messages: tuple[str, ...] = ()
    points: int | None = None
    checks: tuple[Site, ...] = ()
    conditional: bool = False

    @property
    def inputs(self) -> tuple[Argument, ...]:
        return tuple([a for a in self.arguments if a.role != "output"])

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the inputs."""
        return tuple([a.name for a in self.arguments if a.role != "output"])

    @property
    def outputs(self) -> tuple[Argument, ...]:
        return tuple([a for a in self.arguments if a.role == "output"])


def to_json(signature: Signature) -> dict[str, Any]:
    """The signature as JSON's types."""
    arguments = [
        {**asdict(a), "shape": [int_to_json(n) for n in a.shape]} for a in signature.arguments
    ]
    return {
        "symbol": signature.symbol,
        "arguments": arguments,
        "sizes": list(signature.sizes),
        "strided": [list(pair) for pair in signature.strided],
        "shared_bytes": int_to_json(signature.shared_bytes),
        "thread_bytes": int_to_json(signature.thread_bytes),
        "parallel": signature.parallel,
        "messages": list(signature.messages),
        "points": signature.points,
        "checks": [
            [s.what, s.buffer, [int_to_json(n) for n in s.shape], list(s.step)]
            for s in signature.checks
        ],
        "conditional": signature.conditional,
    }


def from_json(data: dict[str, Any]) -> Signature:
    """The inverse of `to_json`; KeyError, TypeError or ValueError where the data is not one."""
    return Signature(
        symbol=data["symbol"],
        arguments=tuple(
            Argument(a["name"], a["dtype"], tuple(map(int_from_json, a["shape"])), a["role"])
            for a in data["arguments"]
        ),
        sizes=tuple(data["sizes"]),
        strided=tuple((int(i), int(d)) for i, d in data["strided"]),
        shared_bytes=int_from_json(data["shared_bytes"]),
        thread_bytes=int_from_json(data["thread_bytes"]),
        parallel=bool(data["parallel"]),
        messages=tuple(data["messages"]),
        points=data["points"],
        checks=tuple(
            Site(what, buffer, tuple(map(int_from_json, shape)), tuple(step))
            for what, buffer, shape, step in data["checks"]
        ),
        conditional=bool(data["conditional"]),
    )


def int_to_json(e: Int) -> Any:
    """A number, or [[coefficient, atom, ...], ...]; an atom is a name or [op, a, b]."""
    if e.is_const:
        return e.value
    return [[c, *map(_atom_to_json, m)] for m, c in e.terms]


def _atom_to_json(atom: str | FloorDiv | Extreme) -> Any:
    match atom:
        case str():
            return atom
        case FloorDiv(num, den):
            return ["/", int_to_json(num), int_to_json(den)]
        case Extreme(op, a, b):
            return [op, int_to_json(a), int_to_json(b)]


def int_from_json(data: Any) -> Int:
    """The inverse of `int_to_json`."""
    if isinstance(data, int):
        return Int.of(data)
    return Int({tuple(map(_atom_from_json, atoms)): int(c) for c, *atoms in data})


def _atom_from_json(data: Any) -> str | FloorDiv | Extreme:
    if isinstance(data, str):
        return data
    op, a, b = data[0], int_from_json(data[1]), int_from_json(data[2])
    return FloorDiv(a, b) if op == "/" else Extreme(op, a, b)
