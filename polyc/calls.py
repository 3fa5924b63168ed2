"""The checks around one call: which argument is which, does it fit, where do results go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Number
from typing import Any, Protocol

import numpy as np

from polyc import arrays
from polyc.arrays import Array
from polyc.errors import ArgumentError
from polyc.frontend.dtypes import DTYPES
from polyc.signature import Argument, Signature


class Runs(Protocol):
    """What `execute` runs: compiled code with its signature."""

    @property
    def signature(self) -> Signature: ...

    @property
    def fixed(self) -> Sequence[tuple[tuple[int, ...], np.dtype[Any]]] | None:
        """Shape and dtype of each output where no size is open."""

    def results(self, sizes: Sequence[int]) -> Sequence[tuple[tuple[int, ...], np.dtype[Any]]]:
        """Shape and dtype of each output for these sizes."""
        ...

    def __call__(self, found: Sequence[Array], sizes: Sequence[int], chosen: int | None) -> None:
        """Runs on arrays in the order of the signature."""


def in_order(
    names: Sequence[str], args: Sequence[object], named: Mapping[str, object]
) -> tuple[object, ...]:
    """Arguments given by position and by name, in the order of `names`."""
    if not named and len(args) == len(names):
        return tuple(args)
    expected = f"expected {len(names)}: {', '.join(names)}"
    if len(args) > len(names):
        raise ArgumentError(f"too many arguments: found {len(args)}, {expected}")
    given = dict(zip(names, args, strict=False))
    for name, value in named.items():
        if name in given:
            raise ArgumentError(f"argument {name}: given by position and by name; give it once")
        if name not in names:
            raise ArgumentError(f"unknown argument {name}; {expected}")
        given[name] = value
    missing = [name for name in names if name not in given]
    if missing:
        raise ArgumentError(f"missing argument {', '.join(missing)}; {expected}")
    return tuple(given[name] for name in names)


def scalar(x: object, name: str, kind: np.dtype[Any]) -> Array:
    """A Python number or 0-d array as a 0-d array of `kind`, if that keeps what it says.

    Floats may be rounded; a fraction or an out-of-range number for an integer is an error.
    """
    a = x if isinstance(x, Number) else arrays.view(x, name)
    if isinstance(a, np.ndarray):
        if a.ndim:
            raise ArgumentError(
                f"argument {name}: found an array of shape {a.shape}, expected a number of type "
                f"{kind}"
            )
        a = a.item()
    out = _as_scalar(a, kind)
    if out is None:
        raise ArgumentError(f"argument {name}: found {a!r}, expected a number of type {kind}")
    return out


def _as_scalar(value: Any, kind: np.dtype[Any]) -> Array | None:
    """The number in another type; None where that loses a fraction, an imaginary part or range."""
    if isinstance(value, int) and kind.kind not in "biu":
        value = float(value)
    a = np.asarray(value)
    if a.dtype.kind not in "biufcV" or (a.dtype.kind == "c" and kind.kind != "c"):
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        out = a.astype(kind)
    exact = kind.kind not in "biu" or bool(a == out)
    return out if exact else None


def fitting(a: Argument, x: object) -> Array:
    """An argument as an addressable array of the right element type, or ArgumentError."""
    kind = arrays.dtype(a.dtype)
    if a.role == "scalar" or (not a.shape and isinstance(x, (bool, int, float, complex))):
        return scalar(x, a.name, kind)
    found = arrays.addressable(arrays.view(x, a.name))
    if found.dtype != kind:
        check_dtype(found.dtype, a.name, kind)
    return found


def check_dtype(found: np.dtype[Any], name: str, expected: np.dtype[Any] | None) -> None:
    """ArgumentError unless it is the expected element type, or with None one polyc knows."""
    if expected is None and found.name not in DTYPES:
        raise ArgumentError(
            f"argument {name}: found element type {found}, expected one of {', '.join(DTYPES)}"
        )
    if expected is not None and found != expected:
        raise ArgumentError(
            f"argument {name}: found {found}, expected {expected}; convert it with "
            f"{name}.astype({expected.name!r})"
        )


def check_shape(a: Array, name: str, shape: tuple[int, ...]) -> None:
    """ArgumentError unless the array has these extents."""
    if a.ndim != len(shape):
        raise ArgumentError(
            f"argument {name}: found {a.ndim} dimensions, shape {a.shape}, expected {len(shape)}, "
            f"shape {shape}; add or drop dimensions with {name}.reshape"
        )
    for d, (found, expected) in enumerate(zip(a.shape, shape, strict=True)):
        if found != expected:
            raise ArgumentError(
                f"argument {name}: found extent {found} in dimension {d} of shape {a.shape}, "
                f"expected {expected} of shape {shape}; pass an array of that shape"
            )


def check_fixed(
    inputs: Sequence[Argument], found: Sequence[Array], fixed: Mapping[str, int]
) -> None:
    """ArgumentError where an integer scalar is not the number the kernel was compiled for."""
    for a, x in zip(inputs, found, strict=True):
        if a.role == "scalar" and a.name in fixed and int(x) != fixed[a.name]:
            raise ArgumentError(
                f"argument {a.name}: found {int(x)}, but this kernel is specialised for "
                f"{fixed[a.name]}; leave {a.name} out of the sizes, or call the operator"
            )


@dataclass(frozen=True, slots=True)
class Place:
    """Where one result goes: the kernel writes `buffer`, which is then copied to `target`."""

    given: object  # what the caller passed, None for a new array
    target: Array | None
    buffer: Array

    def finish(self) -> None:
        if self.target is not None and self.target is not self.buffer:
            self.target[...] = self.buffer


def places(
    function: Runs, sizes: Sequence[int], out: object, inputs: Sequence[Array]
) -> list[Place]:
    """One place for each output. Raises ArgumentError for an `out` that cannot be one."""
    wanted = function.results(sizes)
    if out is None:
        return [Place(None, None, arrays.empty(shape, kind)) for shape, kind in wanted]
    outputs = function.signature.outputs
    given = _given(out, [a.name for a in outputs])
    found: list[Place] = []
    for a, x, (shape, kind) in zip(outputs, given, wanted, strict=True):
        if x is None:
            found.append(Place(None, None, arrays.empty(shape, kind)))
            continue
        target = arrays.writable_view(x, a.name)
        check_dtype(target.dtype, a.name, kind)
        check_shape(target, a.name, shape)
        _check_free(target, a.name, function, inputs, found)
        # What a test inside the kernel finds is known at its end: the caller's array comes after.
        tested = bool(function.signature.checks)
        direct = not tested and target.flags.c_contiguous and arrays.addressable(target) is target
        found.append(Place(x, target, target if direct else arrays.empty(shape, kind)))
    return found


def _given(out: object, names: Sequence[str]) -> Sequence[object]:
    if isinstance(out, (tuple, list)):
        if len(out) != len(names):
            raise ArgumentError(
                f"out: found {len(out)} entries, expected {len(names)}: {', '.join(names)}"
            )
        return out
    if len(names) != 1:
        raise ArgumentError(
            f"out: found {type(out).__name__}, expected a tuple of {len(names)} arrays or None: "
            f"{', '.join(names)}"
        )
    return [out]


def _check_free(
    target: Array, name: str, function: Runs, inputs: Sequence[Array], earlier: Sequence[Place]
) -> None:
    if not target.flags.writeable:
        raise ArgumentError(
            f"argument {name}: found a read-only array as out, expected a writable one; pass a copy"
        )
    if arrays.overlaps_itself(target):
        raise ArgumentError(
            f"argument {name}: elements of this out share memory (strides {target.strides}); pass "
            "an array with one place for each element"
        )
    for a, x in zip(function.signature.inputs, inputs, strict=True):
        if arrays.overlap(target, x):
            raise ArgumentError(
                f"argument {name}: out overlaps the input {a.name}; pass a separate array"
            )
    for a, p in zip(function.signature.outputs, earlier, strict=False):
        if p.target is not None and arrays.overlap(target, p.target):
            raise ArgumentError(
                f"argument {name}: out overlaps the output {a.name}; pass a separate array"
            )


def execute(
    function: Runs,
    sizes: Sequence[int],
    inputs: Sequence[Array],
    out: object,
    convert: Callable[[Array], Any],
    threads: int | None,
) -> Any:
    """Runs a kernel on inputs that fit and are addressable. One result, or a tuple of several."""
    if out is None and function.fixed is not None and len(function.fixed) == 1:
        result = arrays.result(*function.fixed[0])  # most calls: no places to look after
        function([*inputs, result], sizes, threads)
        return convert(result)
    found = places(function, sizes, out, inputs)
    function([*inputs, *[p.buffer for p in found]], sizes, threads)
    if out is not None:
        for p in found:
            p.finish()
    results = [convert(p.buffer) if p.given is None else p.given for p in found]
    return results[0] if len(results) == 1 else tuple(results)
