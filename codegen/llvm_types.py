"""How dtypes are spelled in LLVM IR, in memory and in registers.

bool is i8 (0 or 1) in memory and i1 in registers. float16 and bfloat16 are i16 in both: their
arithmetic happens in float32, between two conversions.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

import numpy as np

from polyc.frontend.dtypes import BFLOAT16, BOOL, FLOAT16, FLOAT32, INT64, Dtype

SMALL_FLOATS = (FLOAT16, BFLOAT16)


class Val(NamedTuple):
    """A value that has been computed: its text (a name or a constant), dtype and lanes."""

    text: str
    dtype: Dtype
    lanes: int

    @property
    def type(self) -> str:
        return register_type(self.dtype, self.lanes)

    @property
    def typed(self) -> str:
        return f"{self.type} {self.text}"


def _scalar(dtype: Dtype) -> str:
    if dtype.is_float and dtype not in SMALL_FLOATS:
        return "float" if dtype == FLOAT32 else "double"
    return f"i{dtype.bits}"


def vector(scalar: str, lanes: int) -> str:
    return scalar if lanes == 1 else f"<{lanes} x {scalar}>"


def memory_type(dtype: Dtype, lanes: int = 1) -> str:
    return vector(_scalar(dtype), lanes)


def register_type(dtype: Dtype, lanes: int = 1) -> str:
    return vector("i1" if dtype == BOOL else _scalar(dtype), lanes)


def suffix(dtype: Dtype, lanes: int) -> str:
    """The type as intrinsics have it in their names: v16f32, i64."""
    short = {"float": "f32", "double": "f64"}.get(_scalar(dtype), _scalar(dtype))
    return f"v{lanes}{short}" if lanes > 1 else short


def constant(value: bool | int | float, dtype: Dtype, lanes: int = 1) -> Val:
    """A number, in every lane. Floats are written as bits, so that nothing rounds."""
    if dtype == BOOL:
        text = "true" if value else "false"
    elif dtype.is_integer:
        text = str(int(value) % (1 << dtype.bits))
    elif dtype == FLOAT16:
        text = str(np.float16(value).view(np.uint16))
    elif dtype == BFLOAT16:
        text = str(_brain_bits(value))
    else:
        # IR spells a float by the bits of the double of equal value.
        rounded = float(np.float32(value)) if dtype == FLOAT32 else float(value)
        text = "0x" + struct.pack(">d", rounded).hex().upper()
    if lanes > 1:
        text = f"splat ({register_type(dtype)} {text})"
    return Val(text, dtype, lanes)


def _brain_bits(value: float) -> int:
    """The upper half of the float32, rounded to nearest even."""
    raw = int(np.array(value, np.float32).view(np.uint32))
    if value != value:
        return 0x7FC0
    return (raw + 0x7FFF + ((raw >> 16) & 1)) >> 16


def lane_numbers(bits: int, lanes: int, step: int = 1) -> str:
    """<i32 0, i32 step, ...> without its type."""
    items = (f"i{bits} {k * step}" for k in range(lanes))
    return f"<{', '.join(items)}>" if lanes > 1 else "0"


def int64(text: str) -> Val:
    return Val(text, INT64, 1)
