"""How dtypes and names are spelled in C.

Scalars are C's types; vectors are GNU vector types, f32x16 for sixteen floats. A vector of bools
is a mask, 0 or -1 in signed integers whose width follows from what was compared. float16 and
bfloat16 are uint16_t, converted to float around every operation.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from polyc.codegen.c_names import reserved
from polyc.frontend.dtypes import BFLOAT16, BOOL, FLOAT16, FLOAT32, FLOAT64, Dtype

SMALL_FLOATS = (FLOAT16, BFLOAT16)


class CVal(NamedTuple):
    """An expression that may be an operand as it stands; `bits` is the lane width of a mask."""

    text: str
    dtype: Dtype
    lanes: int
    bits: int = 0

    @property
    def type(self) -> str:
        return type_name(self.dtype, self.lanes, self.bits)


def short(dtype: Dtype) -> str:
    """f32, i8, u16; bool is u8, and the small floats are the u16 that hold them."""
    if dtype == BOOL:
        return "u8"
    if dtype in SMALL_FLOATS:
        return "u16"
    return f"{dtype.kind}{dtype.bits}"


def element(dtype: Dtype) -> str:
    """The type in memory."""
    return _element(short(dtype))


def _element(name: str) -> str:
    if name[0] == "f":
        return "float" if name == "f32" else "double"
    return f"{'u' if name[0] == 'u' else ''}int{name[1:]}_t"


def type_name(dtype: Dtype, lanes: int, bits: int = 0) -> str:
    """The type of a value."""
    if lanes == 1:
        return "bool" if dtype == BOOL else element(dtype)
    return f"i{bits or 8}x{lanes}" if dtype == BOOL else f"{short(dtype)}x{lanes}"


def vector_typedefs(names: list[str]) -> list[str]:
    out = []
    for name in names:
        scalar, lanes = name.split("x")
        size = int(scalar[1:]) // 8 * int(lanes)
        out.append(f"typedef {_element(scalar)} {name} __attribute__((vector_size({size})));")
    return out


def literal(value: bool | int | float, dtype: Dtype) -> str:
    """A number of that type; floats are written so that nothing rounds."""
    if dtype == BOOL:
        return "true" if value else "false"
    if dtype.is_float:
        return _float(float(value), dtype)
    wrapped = int(value) % (1 << dtype.bits)
    if dtype.kind == "u":
        return f"UINT64_C({wrapped})" if dtype.bits == 64 else f"{wrapped}u"
    if wrapped >= 1 << (dtype.bits - 1):
        wrapped -= 1 << dtype.bits
    if wrapped == -(1 << 63):
        return "INT64_MIN"
    if wrapped == -(1 << 31):
        return "INT32_MIN"
    return whole(wrapped) if wrapped >= 0 else f"({whole(wrapped)})"


def whole(value: int) -> str:
    return str(value) if abs(value) < 1 << 31 else f"INT64_C({value})"


def _float(value: float, dtype: Dtype) -> str:
    end = "f" if dtype == FLOAT32 else ""
    if math.isnan(value):
        return "NAN" if dtype == FLOAT32 else "(double)NAN"
    if math.isinf(value):
        text = "INFINITY" if dtype == FLOAT32 else "(double)INFINITY"
        return text if value > 0 else f"(-{text})"
    plain = repr(value)
    exact = plain if dtype == FLOAT64 or len(plain) < 8 else value.hex()
    if math.copysign(1.0, value) < 0:
        return f"({exact}{end})"
    return exact + end


def bare(text: str) -> str:
    """Without parentheses around the whole."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for k, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if depth == 0 and k < len(text) - 1:
            return text
    return text[1:-1]


# ---- names
@dataclass(slots=True)
class Names:
    """One C identifier for each thing: things of equal name but different kind stay apart."""

    used: set[str]
    table: dict[tuple[str, str], str] = field(default_factory=dict)

    def __call__(self, kind: str, name: str) -> str:
        found = self.table.get((kind, name))
        if found is None:
            found = re.sub(r"[^A-Za-z0-9_]", "_", name)
            if not found or found[0].isdigit():
                found = f"v{found}"
            while found in self.used or reserved(found):
                found += "_"
            self.used.add(found)
            self.table[kind, name] = found
        return found
