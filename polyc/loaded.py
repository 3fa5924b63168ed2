"""`Loaded`: the function of an export, called with the checks of any other kernel."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from polyc import arrays, calls, extents
from polyc.arrays import Array
from polyc.description import Description
from polyc.errors import ArgumentError, ResourceError
from polyc.signature import Argument, Signature

_C = {  # what passes by value, by NumPy's name; small floats as their bits
    "bool": ctypes.c_bool,
    "float16": ctypes.c_uint16,
    "bfloat16": ctypes.c_uint16,
    "float32": ctypes.c_float,
    "float64": ctypes.c_double,
    **{f"{u}int{n}": getattr(ctypes, f"c_{u}int{n}") for u in ("", "u") for n in (8, 16, 32, 64)},
}
NO_MEMORY = 1  # the code for scratch that could not be allocated


@dataclass(frozen=True)
class Loaded:
    """Made by `polyc.load`. Called like the kernel that was exported; it releases the GIL.

    Inputs that are not C-contiguous are copied: the exported function takes no strides.
    """

    description: Description
    path: Path
    _entry: Any  # the ctypes function

    def __post_init__(self) -> None:
        self._entry.restype = ctypes.c_int
        self._entry.argtypes = None

    @cached_property
    def signature(self) -> Signature:
        """Inputs and outputs with their dtypes and shapes, and the sizes that a call decides."""
        return self.description.signature

    def __call__(self, /, *args: object, out: object = None, **named: object) -> Any:
        """Runs on arrays given by position or by name; scalars are numbers or 0-d arrays.

        out     an array, or for several outputs a tuple of arrays or None
        Returns a new array in the caller's array type, `out`, or a tuple for several outputs.
        Raises ArgumentError for a wrong dtype, rank, extent, overlap, name, or sizes that the
        kernel does not take, and ResourceError where there is no memory; outputs are untouched.
        """
        s = self.signature
        inputs = calls.in_order(s.names, args, named)
        found = [calls.fitting(a, x) for a, x in zip(s.inputs, inputs, strict=True)]
        values = self._values(found)
        sizes = [values[name] for name in s.sizes]
        function = _Call(self, values)
        return calls.execute(function, sizes, found, out, arrays.returner(inputs), None)

    def _values(self, found: Sequence[Array]) -> dict[str, int]:
        """What the sizes and the integer scalars are in a call with these inputs."""
        s = self.signature
        pairs = list(zip(s.inputs, found, strict=True))
        shapes = [(a.name, a.shape, x.shape) for a, x in pairs if a.role == "input"]
        scalars = {a.name: int(x) for a, x in pairs if a.role == "scalar" and _is_whole(x)}
        fixed = {name: n for name, n in self.description.sizes.items() if n is not None}
        calls.check_fixed(s.inputs, found, fixed)
        return extents.solve(shapes, {**scalars, **fixed}, s.sizes)

    def __repr__(self) -> str:
        text = ", ".join(
            f"{a.name}: {a.dtype}[{', '.join(map(str, a.shape))}]" for a in self.signature.arguments
        )
        return f"<polyc.Loaded {self.description.entry}({text}) from {str(self.path)!r}>"


def _is_whole(x: Array) -> bool:
    return x.dtype.kind in "biu"


@dataclass(frozen=True)
class _Call:
    """The function with the sizes and integer scalars of one call, as `calls.execute` runs it."""

    loaded: Loaded
    values: Mapping[str, int]
    fixed: None = None

    @property
    def signature(self) -> Signature:
        return self.loaded.signature

    def results(self, sizes: Sequence[int]) -> Sequence[tuple[tuple[int, ...], np.dtype[Any]]]:
        """Sizes that the function will refuse may make an extent negative."""
        del sizes  # they are among the values

        def shape(a: Argument) -> tuple[int, ...]:
            return tuple(max(0, n.eval(self.values)) for n in a.shape)

        return [(shape(a), arrays.dtype(a.dtype)) for a in self.signature.outputs]

    def __call__(self, found: Sequence[Array], sizes: Sequence[int], chosen: int | None) -> None:
        del sizes, chosen  # the values have the sizes, OpenMP decides about threads
        dense = [np.ascontiguousarray(x) if x.ndim else x for x in found]  # held for the call
        given = dict(zip([a.name for a in self.signature.arguments], dense, strict=True))
        passed: list[Any] = []
        for a in self.loaded.description.args:
            if a.kind == "size":
                passed.append(ctypes.c_int64(self.values[a.name]))
            elif a.kind == "scalar" and given[a.name].dtype.kind != "c":
                passed.append(_value(given[a.name]))
            else:
                passed.append(ctypes.c_void_p(arrays.address(given[a.name])))
        if code := self.loaded._entry(*passed):
            self._refuse(code)

    def _refuse(self, code: int) -> None:
        d = self.loaded.description
        text = d.errors[code - 1] if 0 < code <= len(d.errors) else f"code {code}"
        if code == NO_MEMORY:
            raise ResourceError(f"{d.entry}: {text}")
        sizes = ", ".join(f"{name} = {self.values[name]}" for name in d.sizes)
        raise ArgumentError(f"{d.entry}: {text}{f', found {sizes}' if sizes else ''}")


def _value(x: Array) -> Any:
    kind = _C[x.dtype.name]
    if kind is ctypes.c_uint16 and x.dtype.kind != "u":
        return kind(int(x.view(np.uint16)))
    return kind(x.item())
