"""Arrays of callers as NumPy arrays, and back.

A NumPy array is used where it lies, with its strides: transposed, sliced, reversed and broadcast
inputs are not copied. Three layouts are, because a kernel cannot address them in elements: byte
strides that are no multiple of the element, unaligned data, and foreign byte order.
"""

from __future__ import annotations

import ctypes
import math
import sys
from collections.abc import Callable, Sequence
from functools import cache
from numbers import Number
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from polyc.errors import ArgumentError, ResourceError

Array = npt.NDArray[Any]
ALIGN = 64
_SMALL = 256  # bytes of a result that gains nothing from starting at a multiple of ALIGN
_CPU = 1  # kDLCPU of DLPack
_CONTIGUOUS, _ALIGNED = 0x1, 0x100  # NPY_ARRAY_C_CONTIGUOUS, NPY_ARRAY_ALIGNED
_POINTER = ctypes.c_void_p.from_address


def _data_offset() -> int:
    """Where NumPy keeps the address of an array's data in the object; 0 if not where it should be.

    `a.ctypes.data` takes a microsecond an array, reading the field a quarter of that.
    """
    a = np.empty(1, np.uint8)
    offset = object.__basicsize__  # the first field of PyArrayObject
    if sys.implementation.name != "cpython" or _POINTER(id(a) + offset).value != a.ctypes.data:
        return 0
    return offset


_DATA = _data_offset()


@cache
def dtype(name: str) -> np.dtype[Any]:
    """NumPy's dtype of that name; bfloat16 is ml_dtypes'."""
    if name == "bfloat16":
        import ml_dtypes  # only where one is met: its import costs more than a warm start may

        return cast("np.dtype[Any]", np.dtype(ml_dtypes.bfloat16))
    return np.dtype(name)


def view(x: object, name: str) -> Array:
    """Any array as a NumPy array over the same memory. ArgumentError for what is not an array."""
    if type(x) is np.ndarray:
        return x
    if isinstance(x, np.ndarray):
        return x.view(np.ndarray)
    if isinstance(x, (Number, np.generic)):
        return np.asarray(x)
    if hasattr(x, "__dlpack__"):
        return _from_dlpack(x, name)
    try:
        return np.asarray(memoryview(cast(Any, x)))
    except (TypeError, ValueError, NotImplementedError):
        raise ArgumentError(
            f"argument {name}: found {type(x).__name__}, expected an array: NumPy, `__dlpack__` on "
            "the CPU, or the buffer protocol; pass it through numpy.asarray"
        ) from None


def _from_dlpack(x: Any, name: str) -> Array:
    device = x.__dlpack_device__()[0] if hasattr(x, "__dlpack_device__") else _CPU
    if device != _CPU:
        raise ArgumentError(
            f"argument {name}: found an array of device type {int(device)}, expected one on the "
            "CPU; copy it there first"
        )
    root = _root(x)
    if root == "torch" and str(x.dtype) == "torch.bfloat16":
        torch = sys.modules["torch"]
        return np.from_dlpack(x.detach().view(torch.int16)).view(dtype("bfloat16"))
    if root == "torch":
        x = x.detach()
    try:
        return np.from_dlpack(x)
    except (BufferError, RuntimeError, TypeError) as e:
        raise ArgumentError(
            f"argument {name}: its `__dlpack__` failed ({e}); pass a plain array on the CPU"
        ) from e


def writable_view(x: object, name: str) -> Array:
    """Like `view`, for an array to write into. DLPack may lose the right to write; it is sought
    again through `__array__`."""
    a = view(x, name)
    if a.flags.writeable or not hasattr(x, "__array__"):
        return a
    b = np.asarray(x)
    same = b.ctypes.data == a.ctypes.data and b.dtype == a.dtype and b.strides == a.strides
    return b if same and b.flags.writeable else a


def address(a: Array) -> int:
    """Where element 0 lies."""
    return _POINTER(id(a) + _DATA).value or 0 if _DATA else a.ctypes.data


def addressable(a: Array) -> Array:
    """The array itself, or a copy where a kernel could not address it in whole elements."""
    flags, size = a.flags.num, a.itemsize
    whole = flags & _CONTIGUOUS or not any(s % size for s in a.strides)
    if whole and flags & _ALIGNED and a.dtype.isnative:
        return a
    return np.array(a, a.dtype.newbyteorder("="), order="C")


def empty(shape: tuple[int, ...], kind: np.dtype[Any]) -> Array:
    """A new C-contiguous array whose data start at a multiple of 64 bytes."""
    size = math.prod(shape) * kind.itemsize
    try:
        raw = np.empty(size + ALIGN, np.uint8)
    except (MemoryError, ValueError):
        raise ResourceError(f"no memory for {shape} of {kind} ({size} bytes)") from None
    start = -address(raw) % ALIGN
    return raw[start : start + size].view(kind).reshape(shape)


def result(shape: tuple[int, ...], kind: np.dtype[Any]) -> Array:
    """A new C-contiguous array to return: like `empty` where that pays."""
    small = math.prod(shape) * kind.itemsize <= _SMALL
    return np.empty(shape, kind) if small else empty(shape, kind)


def overlap(a: Array, b: Array) -> bool:
    """Whether two arrays may share an element; exact unless deciding it would take long."""
    if not np.may_share_memory(a, b):
        return False
    try:
        return bool(np.shares_memory(a, b, max_work=cast(Any, 10_000)))
    except np.exceptions.TooHardError:
        return True


def overlaps_itself(a: Array) -> bool:
    """Whether two indices may name one address (a broadcast or sliding-window view)."""
    covered = a.itemsize
    for stride, n in sorted((abs(s), n) for s, n in zip(a.strides, a.shape, strict=True)):
        if n == 0:
            return False
        if n > 1:
            if stride < covered:
                return True
            covered = stride * (n - 1) + covered
    return False


def returner(operands: Sequence[object]) -> Callable[[Array], Any]:
    """The function that turns a result into the caller's array type.

    The first operand that is neither a NumPy array nor a number decides, if the package it comes
    from has `from_dlpack`; otherwise results are NumPy arrays.
    """
    for x in operands:
        if isinstance(x, (np.ndarray, np.generic, Number)) or not hasattr(x, "__dlpack__"):
            continue
        if maker := _maker(_root(x)):
            return maker
    return _identity


def _maker(root: str) -> Callable[[Array], Any] | None:
    module = sys.modules.get(root)
    found = getattr(module, "from_dlpack", None) or getattr(
        sys.modules.get(f"{root}.numpy"), "from_dlpack", None
    )
    if found is None:
        return None
    make = cast(Callable[[Array], Any], found)

    def convert(result: Array) -> Any:
        if result.dtype.name != "bfloat16":
            return make(result)
        if root == "torch":  # NumPy cannot export a bfloat16 through DLPack
            return make(result.view(np.int16)).view(cast(Any, module).bfloat16)
        return result

    return convert


def _identity(result: Array) -> Array:
    return result


def _root(x: object) -> str:
    return type(x).__module__.partition(".")[0]
