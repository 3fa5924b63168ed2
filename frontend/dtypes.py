"""The element types of the language: one row each, and how they combine.

A row is all the rest of the compiler knows about a type: adding one touches this table and the
two tables of the backends that spell it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["b", "u", "i", "f", "c"]


@dataclass(frozen=True, slots=True)
class Dtype:
    """An element type: NumPy's name, its kind (bool, unsigned, ...), its bits."""

    name: str
    kind: Kind
    bits: int

    @property
    def bytes(self) -> int:
        """Size of one element in memory."""
        return self.bits // 8

    @property
    def is_float(self) -> bool:
        """True for the real floating types (complex is not one)."""
        return self.kind == "f"

    @property
    def is_complex(self) -> bool:
        return self.kind == "c"

    @property
    def is_integer(self) -> bool:
        """True for signed and unsigned integers (bool is not one)."""
        return self.kind in ("i", "u")

    def __str__(self) -> str:
        return self.name


BOOL = Dtype("bool", "b", 8)
UINT8, UINT16, UINT32, UINT64 = (Dtype(f"uint{n}", "u", n) for n in (8, 16, 32, 64))
INT8, INT16, INT32, INT64 = (Dtype(f"int{n}", "i", n) for n in (8, 16, 32, 64))
FLOAT16, BFLOAT16 = Dtype("float16", "f", 16), Dtype("bfloat16", "f", 16)
FLOAT32, FLOAT64 = Dtype("float32", "f", 32), Dtype("float64", "f", 64)
COMPLEX64, COMPLEX128 = Dtype("complex64", "c", 64), Dtype("complex128", "c", 128)

DTYPES: dict[str, Dtype] = {
    d.name: d
    for d in (
        *(BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64),
        *(FLOAT16, BFLOAT16, FLOAT32, FLOAT64, COMPLEX64, COMPLEX128),
    )
}
# Spellings of the grammar that are not NumPy's names.
ALIASES: dict[str, Dtype] = {"float": FLOAT32, "double": FLOAT64, "int": INT32}


def real_part(dtype: Dtype) -> Dtype:
    """The type of the real part: float32 for complex64, itself for a real type."""
    return {"complex64": FLOAT32, "complex128": FLOAT64}.get(dtype.name, dtype)


def compute_dtype(dtype: Dtype) -> Dtype:
    """The type arithmetic happens in: float16 and bfloat16 compute and accumulate in float32."""
    return FLOAT32 if dtype in (FLOAT16, BFLOAT16) else dtype
