"""`einsum` with numpy.einsum's arguments and results, and the bracket form beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from numbers import Number
from typing import Any

import numpy as np
import numpy.typing as npt

from polyc import arrays, calls, runtime, views
from polyc import einsum_arguments as arguments
from polyc.arrays import Array
from polyc.einsum_arguments import Casting, Order
from polyc.einsum_fusion import fuse
from polyc.entry import ENTRY
from polyc.errors import ArgumentError, CompileError, LanguageError
from polyc.kernel import Kernel, describe, strided
from polyc.often import Often
from polyc.operator import Operator, compiling
from polyc.options import Options, in_force, resolve
from polyc.recipe import Recipe
from polyc.remembered import Remembered
from polyc.runtime import Function

# Statements and definitions have these. Every other text is an einsum string, right or wrong.
_STATEMENT = frozenset("=([{")
_TEXTS = 1024
# Calls of a text without and with `out`, under the options used last.
_CALLS: dict[str, tuple[Options, Remembered]] = {}
_CALLS_OUT: dict[str, tuple[Options, Remembered]] = {}
_OFTEN: dict[str, Often] = {}


def einsum(
    *operands: Any,
    out: Any = None,
    dtype: npt.DTypeLike | None = None,
    order: Order = "K",
    casting: Casting = "safe",
    optimize: object = None,
    options: Options | None = None,
    threads: int | None = None,
    **named: Any,
) -> Any:
    """Evaluates an einsum string, its sublist form, or the bracket form.

    operands  a text and its arrays, or arrays and sublists in turn; the bracket form also by name
    out       any writable array of the result's shape, also one that overlaps an operand
    dtype     the type to compute in; operands are converted as `casting` allows
    order     memory layout of a new result
    optimize  checked as NumPy does, and without effect: polyc always chooses the order
    Types, broadcasting and scalar results follow NumPy. So do results that are part of one operand,
    such as a transpose or a diagonal: they are views of it whatever `dtype` says (or copies for an
    `order` that the view has not), and can be written where the operand can. Raises LanguageError
    for the text and ArgumentError for the arrays, both of which are ValueErrors.

    >>> import numpy as np, polyc
    >>> polyc.einsum("ij,j->i", np.eye(2), np.array([3.0, 4.0]))
    array([3., 4.])
    """
    if (
        options is None
        and threads is None
        and dtype is None
        and order == "K"
        and casting == "safe"
        and not named
        and operands
        and type(operands[0]) is str
        and (optimize is None or optimize is True or optimize is False)
    ):
        result = _as_before(operands, out)
        if result is not NotImplemented:
            return result
    if len(operands) + len(named) < 2:
        raise ArgumentError(
            "einsum: expected a text and at least one operand, or operands and their sublists"
        )
    chosen = resolve(options) if threads is None else resolve(options, threads=threads)
    text: Any = operands[0] if operands else None
    inputs: Sequence[Any] = operands[1:]
    if not isinstance(text, (str, bytes)):
        text, inputs = arguments.from_sublists(operands)
    else:
        if isinstance(text, bytes):
            text = text.decode("latin-1")
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
    if optimize is not None and not isinstance(optimize, bool):
        arguments.check_optimize(optimize, len(inputs))
    return _contract(text, inputs, out, dtype, order, casting, chosen)


def _as_before(operands: tuple[Any, ...], out: Any) -> Any:
    """The result of a call like an earlier one, by default in everything else; NotImplemented."""
    known = (_CALLS if out is None else _CALLS_OUT).get(operands[0])
    if known is None:
        return NotImplemented
    chosen, rows = known
    if in_force() is not chosen or not (out is None or type(out) is np.ndarray):
        return NotImplemented
    n = rows.threads(chosen.threads) if rows.parallel else None
    result = ENTRY.call(rows.rows, operands, out, n)
    return result if out is not None or result is NotImplemented or result.ndim else result[()]


def _remember(
    known: dict[str, tuple[Options, Remembered]],
    text: str,
    inputs: Sequence[Any],
    found: Sequence[Array],
    function: Function,
) -> None:
    chosen = in_force()
    before = known.get(text)
    if before is None or before[0] is not chosen:
        if len(known) >= _TEXTS:
            known.clear()
        before = known[text] = (chosen, Remembered(chosen.backend))
    before[1].learn(inputs, found, function, (), skip=1)


def _contract(
    text: str,
    inputs: Sequence[Any],
    out: Any,
    dtype: npt.DTypeLike | None,
    order: Order,
    casting: str,
    chosen: Options,
) -> Any:
    found = [x if type(x) is np.ndarray else _operand(x, i) for i, x in enumerate(inputs)]
    target = None if out is None else _out(out)
    given = dtype is not None or order != "K" or casting != "safe"
    if given:
        arguments.check_layout(order, casting)
    alone = len(found) == 1 and target is None and not _foreign(inputs[0])
    if alone and (seen := views.view(text, found[0])) is not None:
        return (np.asarray(seen, order=order) if order in "CF" else seen)[()]
    fortran = order == "F" or (order == "A" and all(a.flags.f_contiguous for a in found))
    if given or (target is not None and not all(a.dtype is target.dtype for a in found)):
        found = arguments.converted(found, target, dtype, casting)
    found = [arrays.addressable(a) for a in found]
    function, sizes = _code(text, found, chosen)
    own = not sizes and chosen is in_force() and not given
    if target is None:
        convert = arrays.returner(inputs)
        result = calls.execute(function, sizes, found, None, convert, chosen.threads)
        if own:
            _remember(_CALLS, text, inputs, found, function)
        return _as_numpy_returns(result, fortran)
    ((shape, kind),) = function.results(sizes)
    calls.check_shape(target, "out", shape)
    direct = (
        target.dtype == kind
        and target.flags.c_contiguous
        and arrays.addressable(target) is target
        and not any(arrays.overlap(target, a) for a in found)
    )
    into = target if direct else None
    result = calls.execute(function, sizes, found, into, _same, chosen.threads)
    if direct and own and all(a.dtype is kind for a in found):
        _remember(_CALLS_OUT, text, inputs, found, function)
    if not direct:
        np.copyto(target, result, casting="unsafe")
    return out


def _code(text: str, found: Sequence[Array], chosen: Options) -> tuple[Function, Sequence[int]]:
    """The function for these arrays and its symbolic sizes, () where it is for these alone."""
    described = describe(found)
    often = _OFTEN.get(text)
    if often is None:
        if len(_OFTEN) >= _TEXTS:
            _OFTEN.clear()
        often = _OFTEN[text] = Often()
    if not often.enough(tuple([a.shape for a in found]), sum([a.size for a in found])):
        try:
            kernel = _open_kernel(text, tuple([a.dtype for a in found]), chosen)
            return kernel.function(strided(described)), kernel.bind(found)
        except (ArgumentError, CompileError, LanguageError):
            pass  # broadcasting, wrong shapes, or no code for open sizes: what follows says which
    return _function(text, described, chosen), ()


@lru_cache(256)
def _open_kernel(text: str, kinds: tuple[np.dtype[Any], ...], chosen: Options) -> Kernel:
    for i, kind in enumerate(kinds):
        calls.check_dtype(kind, f"of operand {i}", None)
    arguments.check_text(text)
    made_from = Recipe(text.strip() or "->", dtypes=tuple(k.name for k in kinds))
    return _kernel(made_from, compiling(chosen))


@lru_cache(4096)
def _function(text: str, described: tuple[Any, ...], chosen: Options) -> Function:
    for i, (kind, _, _) in enumerate(described):
        calls.check_dtype(kind, f"of operand {i}", None)
    arguments.check_text(text)
    dtypes = tuple(kind.name for kind, _, _ in described)
    shapes = tuple(shape for _, shape, _ in described)
    apart = strided(described)
    fused = None if apart else fuse(text, shapes)
    if fused is not None:
        text, shapes = fused.text, fused.shapes
    made_from = Recipe(text.strip() or "->", dtypes=dtypes, shapes=shapes)
    with runtime.LOCK:
        function = _kernel(made_from, compiling(chosen)).function(apart)
    if fused is None:
        return function
    ((_, result),) = function.results(())
    return replace(function, fixed=((fused.result, result),))


@lru_cache(1024)
def _kernel(made_from: Recipe, chosen: Options) -> Kernel:
    return Kernel(made_from, chosen)


@lru_cache(256)
def _operator(text: str, given: Options | None) -> Operator:
    return Operator(text, None, None, given)


def _operand(x: Any, i: int) -> Array:
    """What numpy.asarray makes of it (lists and numbers too), over the same memory where it can."""
    return arrays.view(x, f"operand {i}") if _foreign(x) else np.asarray(x)


def _foreign(x: Any) -> bool:
    return not isinstance(x, np.ndarray) and hasattr(x, "__dlpack__")


def _out(out: Any) -> Array:
    if isinstance(out, (Number, np.generic)):
        raise ArgumentError(f"argument out: found the number {out!r}, expected an array")
    target = arrays.writable_view(out, "out")
    if not target.flags.writeable:
        raise ArgumentError("argument out: found a read-only array, expected a writable one")
    return target


def _as_numpy_returns(result: Any, fortran: bool) -> Any:
    """NumPy's scalar instead of a 0-d array, and the memory layout that was asked for."""
    if not isinstance(result, np.ndarray):
        return result
    if result.ndim == 0:
        return result[()]
    return np.asfortranarray(result) if fortran else result


def _same(result: Array) -> Array:
    return result
