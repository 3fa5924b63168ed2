"""Neutral elements of the reduction operators."""

from __future__ import annotations

from polyc.frontend.dtypes import Dtype


def identity(op: str, dtype: Dtype) -> bool | int | float:
    """x with x op y == y for every y of the type (NaN included for min and max)."""
    if op in ("and", "or"):
        return op == "and"
    if op in ("+", "*"):
        value = 0 if op == "+" else 1
        # -0.0 is neutral for every float, +0.0 is not for -0.0.
        return (-0.0 if op == "+" else 1.0) if dtype.is_float else value
    return extreme(dtype, smallest=op == "max")


def extreme(dtype: Dtype, smallest: bool) -> bool | int | float:
    """The least or greatest value of a type, infinities for floats."""
    if dtype.is_float:
        return float("-inf") if smallest else float("inf")
    if dtype.kind == "i":
        return -(1 << (dtype.bits - 1)) if smallest else (1 << (dtype.bits - 1)) - 1
    if dtype.kind == "u":
        return 0 if smallest else (1 << dtype.bits) - 1
    return not smallest
