"""`einsum` with numpy.einsum's arguments and results, and the bracket form beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal, cast

import numpy as np
import numpy.typing as npt

from polyc import arrays, calls, runtime
from polyc.arrays import Array
from polyc.errors import ArgumentError
from polyc.kernel import Kernel, describe, strided
from polyc.operator import Operator, compiling
from polyc.options import Options, resolve
from polyc.recipe import Recipe
from polyc.runtime import Function

# Statements and definitions have these. Every other text is an einsum string, right or wrong.
_STATEMENT = frozenset("=([{")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"  # NumPy's order of subscripts
_CASTINGS = ("no", "equiv", "safe", "same_kind", "unsafe")
Casting = Literal["no", "equiv", "safe", "same_kind", "unsafe"]


def einsum(
    *operands: Any,
    out: Any = None,
    dtype: npt.DTypeLike | None = None,
    order: Literal["K", "A", "C", "F"] = "K",
    casting: Casting = "safe",
    optimize: object = None,  # noqa: ARG001
    options: Options | None = None,
    threads: int | None = None,
    **named: Any,
) -> Any:
    """Evaluates an einsum string, its sublist form, or the bracket form.

    operands  a text and its arrays, or arrays and sublists in turn; the bracket form also by name
    out       any writable array of the result's shape, also one that overlaps an operand
    dtype     the type to compute in; operands are converted as `casting` allows
    order     memory layout of a new result
    optimize  accepted for NumPy's sake: polyc always chooses
    Types, broadcasting and scalar results follow NumPy. Raises LanguageError for the text and
    ArgumentError for the arrays, both of which are ValueErrors.

    >>> import numpy as np, polyc
    >>> polyc.einsum("ij,j->i", np.eye(2), np.array([3.0, 4.0]))
    array([3., 4.])
    """
    if len(operands) + len(named) < 2:
        raise ArgumentError(
            "einsum: expected a text and at least one operand, or operands and their sublists"
        )
    chosen = resolve(options) if threads is None else resolve(options, threads=threads)
    text: Any = operands[0] if operands else None
    inputs: Sequence[Any] = operands[1:]
    if not isinstance(text, str):
        text, inputs = _from_sublists(operands)
    else:
        if not _STATEMENT.isdisjoint(text):
            if dtype is not None or order != "K" or casting != "safe":
                raise ArgumentError(
                    "einsum: dtype, order and casting are for einsum strings; declare types in the "
                    "text instead"
                )
            return _operator(text, options)(*inputs, out=out, threads=threads, **named)
    if named:
        raise ArgumentError(
            f"einsum: unknown argument {next(iter(named))}; an einsum string takes its operands by "
            "position"
        )
    return _contract(text.strip() or "->", inputs, out, dtype, order, casting, chosen)


def _contract(
    text: str,
    inputs: Sequence[Any],
    out: Any,
    dtype: npt.DTypeLike | None,
    order: str,
    casting: str,
    chosen: Options,
) -> Any:
    found = [_operand(x, i) for i, x in enumerate(inputs)]
    target = None if out is None else _out(out)
    plain = target is None or all(a.dtype is target.dtype for a in found)
    if not plain or dtype is not None or order != "K" or casting != "safe":
        found = _converted(found, target, dtype, order, casting)
    function = _function(text, describe(found), chosen)
    if target is None:
        convert = arrays.returner(tuple(inputs))
        result = calls.execute(function, (), found, None, convert, chosen.threads)
        return _as_numpy_returns(result, found, order)
    ((shape, kind),) = function.results(())
    calls.check_shape(target, "out", shape)
    direct = (
        target.dtype == kind
        and target.flags.c_contiguous
        and arrays.addressable(target) is target
        and not any(arrays.overlap(target, a) for a in found)
    )
    result = calls.execute(function, (), found, target if direct else None, _same, chosen.threads)
    if not direct:
        np.copyto(target, result, casting="unsafe")
    return out


@lru_cache(4096)
def _function(text: str, described: tuple[Any, ...], chosen: Options) -> Function:
    for i, (kind, _, _) in enumerate(described):
        calls.check_dtype(kind, f"of operand {i}", None)
    dtypes = tuple(kind.name for kind, _, _ in described)
    shapes = tuple(shape for _, shape, _ in described)
    with runtime.LOCK:
        kernel = _kernel(Recipe(text, dtypes=dtypes, shapes=shapes), compiling(chosen))
        return kernel.function(strided(described))


@lru_cache(1024)
def _kernel(made_from: Recipe, chosen: Options) -> Kernel:
    return Kernel(made_from, chosen)


@lru_cache(256)
def _operator(text: str, given: Options | None) -> Operator:
    return Operator(text, None, None, given)


def _operand(x: Any, i: int) -> Array:
    """What numpy.asarray makes of it (lists and numbers too), over the same memory where it can."""
    if type(x) is not np.ndarray:
        x = arrays.view(x, f"operand {i}") if hasattr(x, "__dlpack__") else np.asarray(x)
    return arrays.addressable(x)


def _out(out: Any) -> Array:
    target = arrays.writable_view(out, "out")
    if not target.flags.writeable:
        raise ArgumentError("argument out: found a read-only array, expected a writable one")
    return target


def _converted(
    found: list[Array], target: Array | None, dtype: npt.DTypeLike | None, order: str, casting: str
) -> list[Array]:
    """Operands in the type to compute in, under NumPy's casting rules; `out` takes part in them."""
    if order not in ("K", "A", "C", "F"):
        raise ArgumentError(f"order: found {order!r}, expected one of 'C', 'F', 'A', 'K'")
    if casting not in _CASTINGS:
        raise ArgumentError(f"casting: found {casting!r}, expected one of {', '.join(_CASTINGS)}")
    kinds = [a.dtype for a in (*found, *(() if target is None else (target,)))]
    common = np.result_type(*kinds) if dtype is None else np.dtype(dtype)
    for i, a in enumerate(found):
        _check_cast(f"operand {i}", a.dtype, common, casting)
    if target is not None:
        _check_cast("out: the result", common, target.dtype, casting)
    return [a.astype(common, copy=False) for a in found]


def _check_cast(what: str, old: np.dtype[Any], new: np.dtype[Any], casting: str) -> None:
    if not np.can_cast(old, new, cast(Casting, casting)):
        raise ArgumentError(
            f"{what} cannot be cast from {old} to {new} by the rule {casting!r}; convert it, or "
            "pass casting='unsafe'"
        )


def _as_numpy_returns(result: Any, found: Sequence[Array], order: str) -> Any:
    """NumPy's scalar instead of a 0-d array, and the memory layout that was asked for."""
    if not isinstance(result, np.ndarray):
        return result
    if result.ndim == 0:
        return result[()]
    fortran = order == "F" or (order == "A" and all(a.flags.f_contiguous for a in found))
    return np.asfortranarray(result) if fortran else result


def _from_sublists(operands: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """`A, [0, 1], B, [1, 2], [0, 2]` as a text and its operands."""
    inputs = operands[: len(operands) // 2 * 2 : 2]
    terms = [_term(x) for x in operands[1 : len(inputs) * 2 : 2]]
    text = ",".join(terms)
    if len(operands) % 2:
        text += "->" + _term(operands[-1])
    return text, inputs


def _term(sublist: Any) -> str:
    if not isinstance(sublist, (list, tuple, np.ndarray)):
        raise ArgumentError(
            f"einsum: found {type(sublist).__name__} as a sublist, expected a list of integers"
        )
    out = ""
    for x in sublist:
        if x is Ellipsis:
            out += "..."
        elif not isinstance(x, (int, np.integer)) or not 0 <= x < len(_LETTERS):
            raise ArgumentError(
                f"einsum: found {x!r} in a sublist, expected `...` or an integer from 0 to 51"
            )
        else:
            out += _LETTERS[x]
    return out


def _same(result: Array) -> Array:
    return result
