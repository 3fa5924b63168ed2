"""`CALL`: the native side of a call, where the interpreter and NumPy lay objects out as it expects.

What it is, and the tables that it reads, is in `polyc.entry_layout`. It is compiled once for a
processor and kept in the disk cache; it is loaded when a call comes back for the second time.
"""

from __future__ import annotations

import ctypes
import logging
import sys
from typing import Any

import numpy as np

from polyc import entry_code, entry_layout
from polyc.arrays import Array, address, empty
from polyc.errors import PolycError
from polyc.threads import LOCK, PROVIDER

_ROOM_BYTES = 64 << 20  # of all workspaces in the room together
_WORD = ctypes.c_int64.from_address
_INT = ctypes.c_int32.from_address


def _always_the_long_way(_rows: object, _operands: object, _out: object, _threads: object) -> Any:
    return NotImplemented


class Entry:
    """The process's one native entry. `call` answers NotImplemented until it is loaded, and for
    ever where it cannot be."""

    def __init__(self) -> None:
        self.call = _always_the_long_way
        self.ready: bool | None = None  # None: not tried yet
        self._room = np.zeros(2 * entry_layout.SLOTS, np.int64)  # (address, bytes) of each slot
        self._spaces: list[Array] = []
        self._keep: list[object] = []

    def load(self) -> bool:
        """Whether calls can go the short way; prepared at the first use."""
        if self.ready is None:
            with LOCK:
                if self.ready is None:
                    try:
                        self.ready = fits_here() and self._load()
                    except (PolycError, RuntimeError, OSError) as e:
                        self.ready = False
                        logging.getLogger("polyc").warning("calls stay slow: %s", e)
        return self.ready

    def make_room(self, size: int, more: bool) -> None:
        """A workspace of so many bytes, for kernels that need more than the stack gives.

        more  another one where there is one, because somebody may be using it
        """
        rounded = 1 << (size - 1).bit_length()
        with LOCK:
            if not more and any(s.nbytes >= size for s in self._spaces):
                return
            i = len(self._spaces)
            kept = sum(s.nbytes for s in self._spaces)
            if i == entry_layout.SLOTS or kept + rounded > _ROOM_BYTES:
                return
            space = empty((rounded,), np.dtype(np.uint8))
            self._spaces.append(space)
            self._room[2 * i + 1] = rounded
            self._room[2 * i] = address(space)  # last: from now on it can be taken

    def _load(self) -> bool:
        from polyc.codegen import native

        table = _numpy_table()
        if table is None:
            return False
        loaded = native.load_kept("entry", entry_code.TEXT, entry_code.NAME)
        context = np.array([self._words(table)[name] for name in entry_layout.CONTEXT], np.int64)
        method = _Method(b"call", loaded.address, _METH_FASTCALL, None)
        create = ctypes.PYFUNCTYPE(
            ctypes.py_object, ctypes.c_void_p, ctypes.py_object, ctypes.c_void_p
        )(("PyCFunction_NewEx", ctypes.pythonapi))
        self._keep = [loaded, context, method]
        self.call = create(ctypes.addressof(method), context, None)
        return True

    def _words(self, table: Any) -> dict[str, int]:
        functions = {n: _symbol(n) for n in entry_layout.CONTEXT if n.startswith("Py") and "_" in n}
        return {
            **functions,
            **{x.__name__: id(x) for x in (np.ndarray, float, int, tuple)},
            "None": id(None),
            "NotImplemented": id(NotImplemented),
            "uint8": id(np.dtype(np.uint8)),
            "room": address(self._room),
            "sched_getaffinity": _symbol("sched_getaffinity"),
            "max_threads": ctypes.addressof(PROVIDER.max_threads),
            "PyArray_NewFromDescr": table[94],  # NumPy's ABI: __multiarray_api.h
            "PyArray_SetBaseObject": table[282],
        }


_METH_FASTCALL = 0x80


class _Method(ctypes.Structure):
    """PyMethodDef."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


def _symbol(name: str) -> int:
    found = getattr(ctypes.pythonapi, name, None)  # PyArray_ functions are not there
    return ctypes.cast(found, ctypes.c_void_p).value or 0 if found else 0


def _numpy_table() -> Any:
    """The functions of NumPy's C interface, None where they are not where they have been since
    NumPy 1.7."""
    major = int(np.__version__.partition(".")[0])
    core: Any = getattr(np, "_core", None) or np.core
    pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
        ("PyCapsule_GetPointer", ctypes.pythonapi)
    )
    table = (ctypes.c_void_p * 300).from_address(pointer(core.multiarray._ARRAY_API, None))
    return table if major in (1, 2) and table[2] == id(np.ndarray) else None


def fits_here() -> bool:
    """Whether this is a CPython with a GIL, of the main interpreter, whose objects and NumPy's
    arrays lie as the native side reads them."""
    return (
        sys.implementation.name == "cpython"
        and ctypes.sizeof(ctypes.c_void_p) == 8
        and object.__basicsize__ == 16
        and getattr(sys, "_is_gil_enabled", lambda: True)()
        and _main_interpreter()
        and _objects_fit()
        and all(map(_array_fits, _samples()))
    )


def _main_interpreter() -> bool:
    api = ctypes.pythonapi
    here, main = (
        ctypes.PYFUNCTYPE(ctypes.c_void_p)((name, api))()
        for name in ("PyInterpreterState_Get", "PyInterpreterState_Main")
    )
    return bool(here == main)


def _objects_fit() -> bool:
    pair, real, single = (object(), object()), 1.5, np.float32(2.5)
    c = entry_layout
    return (
        _WORD(id(pair) + c.LENGTH).value == len(pair)
        and all(_WORD(id(pair) + c.ITEMS + 8 * k).value == id(x) for k, x in enumerate(pair))
        and all(_WORD(id(x) + c.TYPE).value == id(type(x)) for x in (pair, real, single, 7))
        and ctypes.c_double.from_address(id(real) + c.VALUE).value == real
        and ctypes.c_float.from_address(id(single) + c.VALUE).value == single
    )


def _samples() -> list[Array]:
    a = np.zeros((3, 5, 7), np.float32)
    read_only = np.zeros((), np.int64)
    read_only.flags.writeable = False
    return [a, a[::-2, 1:, ::3], read_only, np.zeros(25, np.uint8)[1:].view(np.float64)]


def _array_fits(a: Array) -> bool:
    """Whether the fields of an array say what its attributes do."""
    c, n, start = entry_layout, a.ndim, id(a)
    flags = _INT(start + c.FLAGS).value
    return (
        _WORD(start + c.DATA).value == a.__array_interface__["data"][0]
        and _INT(start + c.NDIM).value == n
        and _WORD(start + c.DESCR).value == id(a.dtype)
        and bool(flags & 0x1) == a.flags.c_contiguous
        and bool(flags & 0x100) == a.flags.aligned
        and bool(flags & 0x400) == a.flags.writeable
        and _numbers(start + c.SHAPE, n) == a.shape
        and _numbers(start + c.STRIDES, n) == a.strides
    )


def _numbers(place: int, n: int) -> tuple[int, ...]:
    return tuple((ctypes.c_int64 * n).from_address(_WORD(place).value)) if n else ()


ENTRY = Entry()
