"""The arguments of `einsum` that are no arrays: sublists, `order`, `casting`, `dtype`, `optimize`.

What NumPy refuses is an ArgumentError here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, cast

import numpy as np
import numpy.typing as npt

from polyc.arrays import Array
from polyc.errors import ArgumentError

Order = Literal["K", "A", "C", "F"]
Casting = Literal["no", "equiv", "safe", "same_kind", "unsafe"]
_ORDERS = ("K", "A", "C", "F")
_CASTINGS = ("no", "equiv", "safe", "same_kind", "unsafe")
_PATHS = ("greedy", "optimal")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"  # NumPy's order of subscripts


def from_sublists(operands: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """`A, [0, 1], B, [1, 2], [0, 2]` as a text and its operands."""
    inputs = operands[: len(operands) // 2 * 2 : 2]
    terms = [_term(x) for x in operands[1 : len(inputs) * 2 : 2]]
    text = ",".join(terms)
    if len(operands) % 2:
        text += "->" + _term(operands[-1])
    return text, inputs


def _term(sublist: Any) -> str:
    try:
        entries = list(sublist)
    except TypeError:
        raise ArgumentError(
            f"einsum: found {type(sublist).__name__} as a sublist, expected a list of integers"
        ) from None
    return "".join(map(_letter, entries))


def _letter(entry: Any) -> str:
    if entry is Ellipsis:
        return "..."
    index = getattr(entry, "__index__", None)
    k = index() if index is not None and not isinstance(entry, (bool, np.ndarray)) else -1
    if not 0 <= k < len(_LETTERS):
        raise ArgumentError(
            f"einsum: found {entry!r} in a sublist, expected `...` or an integer from 0 to 51"
        )
    return _LETTERS[k]


def check_text(text: str) -> None:
    """Spaces are the only white space that NumPy's einsum strings have."""
    if other := [c for c in text if c.isspace() and c != " "]:
        raise ArgumentError(
            f"einsum: found {other[0]!r} in the string; the only white space of an einsum string "
            "is the space"
        )


def check_layout(order: str, casting: str) -> None:
    """ArgumentError unless both are words that NumPy knows."""
    if order not in _ORDERS:
        raise ArgumentError(f"order: found {order!r}, expected one of {', '.join(_ORDERS)}")
    if casting not in _CASTINGS:
        raise ArgumentError(f"casting: found {casting!r}, expected one of {', '.join(_CASTINGS)}")


def converted(
    found: Sequence[Array], target: Array | None, dtype: npt.DTypeLike | None, casting: str
) -> list[Array]:
    """Operands in the type to compute in, under NumPy's casting rules.

    NumPy reads and writes `out` while it sums, so `out` takes part like an operand.
    """
    kinds = [a.dtype for a in (*found, *(() if target is None else (target,)))]
    common = (np.result_type(*kinds) if dtype is None else element_type(dtype)).newbyteorder("=")
    for i, a in enumerate(found):
        _check_cast(f"operand {i}", a.dtype, common, casting)
    if target is not None:
        _check_cast("out", target.dtype, common, casting)
        _check_cast("out: the result", common, target.dtype, casting)
    return [a.astype(common, copy=False) for a in found]


def element_type(dtype: npt.DTypeLike) -> np.dtype[Any]:
    """NumPy's dtype of anything that names one."""
    try:
        return np.dtype(dtype)
    except TypeError as e:
        raise ArgumentError(f"dtype: {e}") from None


def _check_cast(what: str, old: np.dtype[Any], new: np.dtype[Any], casting: str) -> None:
    if not np.can_cast(old, new, cast(Casting, casting)):
        raise ArgumentError(
            f"{what} cannot be cast from {old} to {new} by the rule {casting!r}; convert it, or "
            "pass casting='unsafe'"
        )


def check_optimize(optimize: Any, operands: int) -> None:
    """ArgumentError for what `numpy.einsum_path` does not take as a path."""
    known = f"expected True, False, {', '.join(map(repr, _PATHS))}, or a path of numpy.einsum_path"
    message = f"optimize: found {optimize!r}, {known}"
    if not isinstance(optimize, (str, list, tuple)) or not optimize:
        raise ArgumentError(message)
    name, steps = (optimize, ()) if isinstance(optimize, str) else (optimize[0], optimize[1:])
    if name == "einsum_path":
        if not _contracts(steps, operands):
            raise ArgumentError(f"{message} that contracts {operands} operands to one")
        return
    limited = len(steps) == 1 and isinstance(steps[0], (int, float))
    if not isinstance(name, str) or not (isinstance(optimize, str) or limited):
        raise ArgumentError(message)
    if name not in _PATHS and operands > 2:  # NumPy looks for no path among one or two operands
        raise ArgumentError(message)


def _contracts(steps: Sequence[Any], operands: int) -> bool:
    """Whether steps of positions, each of which puts its result last, leave one operand."""
    for step in steps:
        if not isinstance(step, (list, tuple)) or not step:
            return False
        if len({*step}) < len(step) or not all(x in range(operands) for x in step):
            return False
        operands += 1 - len(step)
    return operands == 1
