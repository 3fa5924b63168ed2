"""Random calls of einsum, right and wrong, and the comparison of polyc's answer with NumPy's."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import pytest

import polyc
from polyc.errors import ArgumentError, LanguageError

Array = Any
KINDS = ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
LETTERS = "abcijkxyzABFZ"


@dataclass(frozen=True, slots=True)
class Call:
    """The arguments of one call."""

    args: tuple[Any, ...]
    named: dict[str, Any]

    def __str__(self) -> str:
        shown = [_shown(x) for x in self.args]
        shown += [f"{k}={_shown(v)}" for k, v in self.named.items()]
        return f"einsum({', '.join(shown)})"


def _shown(x: Any) -> str:
    if not isinstance(x, np.ndarray):
        return repr(x)
    return f"<{x.dtype.str} {x.shape} strides {x.strides}>"


@dataclass(slots=True)
class _Draft:
    """The parts of a call while chance decides them."""

    rng: random.Random
    numbers: np.random.Generator
    terms: list[list[str]] = field(default_factory=list)
    shapes: list[tuple[int, ...]] = field(default_factory=list)
    output: list[str] | None = None
    result: tuple[int, ...] = ()


def random_call(seed: int) -> Call:
    """The call of a seed: the same in every process, with arrays of its own at every use."""
    d = _Draft(random.Random(seed), np.random.default_rng(seed))
    _subscripts(d)
    kinds = _kinds(d)
    operands = [_operand(d, s, k) for s, k in zip(d.shapes, kinds, strict=True)]
    named = _named(d, operands)
    if d.rng.random() < 0.15 and all(len(set(t)) for t in d.terms):
        args = _sublists(d, operands)
    else:
        args = (_text(d), *operands)
    if d.rng.random() < 0.04:
        args = _broken(d, args)
    return Call(args, named)


def _subscripts(d: _Draft) -> None:
    """Terms, the shapes they ask for, and an output; one part in ten does not fit."""
    rng = d.rng
    large = rng.random() < 0.15  # enough for vectors and tiles
    letters = rng.sample(LETTERS, rng.randint(1, 4 if large else 5))
    extents = [7, 8, 16, 17, 31, 33] if large else [1, 2, 3, 4, 5]
    extent = {n: rng.choice([0, 1, 2, 7] if rng.random() < 0.1 else extents) for n in letters}
    dots = [rng.choice([1, 2, 3]) for _ in range(rng.choice([0, 0, 1, 2]))]
    wrong = rng.random() < 0.08
    for _ in range(rng.choice([1, 2, 2] if large else [1, 1, 2, 2, 2, 3, 3, 4, 5])):
        term = [rng.choice(letters) for _ in range(rng.choice([0, 1, 1, 2, 2, 3, 3, 4]))]
        if rng.random() < 0.6:
            term = list(dict.fromkeys(term))
        ones = {n for n in term if rng.random() < 0.06}
        shape = [1 if n in ones else extent[n] for n in term]
        if wrong and shape and rng.random() < 0.3:
            shape[rng.randrange(len(shape))] = 6
        if rng.random() < (0.5 if dots else 0.05):
            at, k = rng.randint(0, len(term)), rng.randint(0, len(dots))
            shape[at:at] = [x if rng.random() < 0.8 else 1 for x in dots[len(dots) - k :]]
            term.insert(at, "...")
        if wrong and rng.random() < 0.1:
            shape.append(2)
        d.terms.append(term)
        d.shapes.append(tuple(shape))
    used = [n for n in letters if any(n in t for t in d.terms)]
    if rng.random() < 0.7:
        d.output = rng.sample(used, rng.randint(0, len(used)))
        if any("..." in t for t in d.terms) and rng.random() < 0.9:
            d.output.insert(rng.randint(0, len(d.output)), "...")
        if rng.random() < 0.03:
            d.output.append(rng.choice(letters))
    shapes = [np.broadcast_to(np.int8(0), s) for s in d.shapes]
    try:
        d.result = np.shape(np.einsum(_text(d), *shapes))
    except ValueError:
        d.result = (2,)


def _text(d: _Draft) -> str:
    space = "" if d.rng.random() < 0.8 else " "
    comma = d.rng.choice([",", ", ", " ,"]) if space else ","
    text = comma.join(space.join(t) for t in d.terms)
    return text if d.output is None else f"{text}{space}->{space}{space.join(d.output)}"


def _kinds(d: _Draft) -> list[str]:
    if d.rng.random() < 0.7:
        return [d.rng.choice(KINDS)] * len(d.terms)
    return [d.rng.choice(KINDS) for _ in d.terms]


def _values(d: _Draft, shape: tuple[int, ...], kind: str) -> Array:
    """Integers over the whole range or small, numbers that round, sometimes a NaN."""
    t = np.dtype(kind)
    if t.kind == "b":
        return d.numbers.random(shape) < 0.6
    if t.kind in "iu" and d.rng.random() < 0.5:
        limits = np.iinfo(t)
        return d.numbers.integers(limits.min, limits.max, shape, t, endpoint=True)
    if t.kind in "iu":
        return d.numbers.integers(0, 5, shape).astype(t)
    values = d.numbers.standard_normal(shape)
    if t.kind == "c":
        values = values + 1j * d.numbers.standard_normal(shape)
    values = np.asarray(values).astype(t)
    if values.size and d.rng.random() < 0.03:
        values.flat[d.rng.randrange(values.size)] = np.nan
    return values


def _operand(d: _Draft, shape: tuple[int, ...], kind: str) -> Array:
    """An array of this shape, in one of the ways in which arrays lie in memory."""
    rng = d.rng
    a = np.asarray(_values(d, shape, kind))
    way = rng.choice(["C"] * 6 + list(_WAYS))
    if way in _WAYS:
        a = _WAYS[way](a)
    if rng.random() < 0.1 and isinstance(a, np.ndarray):
        a.flags.writeable = False
    return a


def _sliced(a: Array) -> Array:
    if a.ndim == 0:
        return a
    big = np.zeros([2 * n + 1 for n in a.shape], a.dtype)
    inner = big[tuple(slice(1, 2 * n + 1, 2) for n in a.shape)]
    inner[...] = a
    return inner


def _reversed(a: Array) -> Array:
    back = (slice(None, None, -1),) * a.ndim
    return np.ascontiguousarray(a[back])[back] if a.ndim else a


def _shuffled(a: Array) -> Array:
    axes = sorted(range(a.ndim), key=lambda d: (d * 7 + 3) % 5)
    return np.ascontiguousarray(a.transpose(axes)).transpose(np.argsort(axes)) if axes else a


def _broadcast(a: Array) -> Array:
    return np.broadcast_to(a[:1], a.shape) if a.ndim and a.shape[0] else a


def _unaligned(a: Array) -> Array:
    raw = np.zeros(a.nbytes + 1, np.uint8)[1:]
    b = raw.view(a.dtype).reshape(a.shape) if a.size else a
    if a.size:
        b[...] = a
    return b


def _number(a: Array) -> Any:
    return a.item() if a.ndim == 0 else a.tolist() if a.size else a


_WAYS: dict[str, Callable[[Array], Any]] = {
    "F": np.asfortranarray,
    "sliced": _sliced,
    "reversed": _reversed,
    "shuffled": _shuffled,
    "broadcast": _broadcast,
    "unaligned": _unaligned,
    "swapped": lambda a: a.astype(a.dtype.newbyteorder()),
    "list": _number,
    "scalar": lambda a: a[()],
    "matrix": lambda a: a.view(np.matrix) if a.ndim == 2 else a,
}


def _named(d: _Draft, operands: list[Any]) -> dict[str, Any]:
    """Keywords; `out` takes the result's type most of the time."""
    rng, named = d.rng, dict[str, Any]()
    common = np.result_type(*(np.asarray(x).dtype for x in operands))
    if rng.random() < 0.1:
        named["order"] = rng.choice("KACF" if rng.random() < 0.95 else "Zx")
    if rng.random() < 0.1:
        named["casting"] = rng.choice(["no", "equiv", "safe", "same_kind", "unsafe"])
    if rng.random() < 0.12:
        named["dtype"] = rng.choice([common, rng.choice(KINDS)])
    if rng.random() < 0.2:
        path = ["einsum_path", tuple(range(len(operands)))]
        named["optimize"] = rng.choice([*_OPTIMIZE, path] if rng.random() < 0.9 else _WRONG)
    if rng.random() < 0.2:
        named["out"] = _out(d, operands, np.dtype(named.get("dtype", common)))
    return named


_WRONG = (["einsum_path", 3], ["einsum_path", (0, 7)], [1, 2, 3], 3, ())
_OPTIMIZE = [True, False, None, "greedy", "optimal", ("greedy", 10**6)]


def _out(d: _Draft, operands: list[Any], common: np.dtype[Any]) -> Any:
    rng = d.rng
    shape = d.result if rng.random() < 0.9 else (*d.result, 2)
    kind = common if rng.random() < 0.7 else np.dtype(rng.choice(KINDS))
    fits = [x for x in operands if isinstance(x, np.ndarray) and x.shape == shape]
    if fits and rng.random() < 0.5:
        return rng.choice(fits)
    out = np.asarray(np.full(shape, 3, kind), order=rng.choice(("C", "C", "F")))
    way = rng.choice(["plain"] * 4 + ["sliced", "reversed", "unaligned", "swapped", "list", "shut"])
    if way == "shut":
        out.flags.writeable = False
    return _WAYS[way](out) if way in _WAYS else out


def _sublists(d: _Draft, operands: list[Any]) -> tuple[Any, ...]:
    base = d.rng.choice([0, 20, 38])
    wrap = cast("Callable[[Any], Any]", d.rng.choice([list, tuple, np.array]))

    def sublist(term: list[str]) -> Any:
        entries = [... if n == "..." else base + LETTERS.index(n) for n in term]
        return entries if ... in entries else wrap(entries)

    args: list[Any] = []
    for x, t in zip(operands, d.terms, strict=True):
        args += [x, sublist(t)]
    return (*args, sublist(d.output)) if d.output is not None else tuple(args)


def _broken(d: _Draft, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """A call with one part that cannot be right, or is seldom written."""
    rng, first = d.rng, args[0]
    if not isinstance(first, str):
        at = rng.randrange(1, len(args), 2)
        return (*args[:at], rng.choice([[99], [-1], [True], ["i"], 3, None]), *args[at + 1 :])
    at = rng.randint(0, len(first))
    piece = rng.choice([",", "->", ".", "...", "i", "1", "$", "-", ">", "\t", "é", " ", "q", "\n"])
    return rng.choice(
        [(first[:at] + piece + first[at:], *args[1:]), args[:-1], (*args, args[-1]),
         (first[:at] + first[at + 1:], *args[1:])]
    )  # fmt: skip


# ---- the comparison
def check(seed: int) -> None:
    """Fails where polyc and NumPy differ in more than rounding."""
    theirs, ours = random_call(seed), random_call(seed)
    before = random_call(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        want, refused = _numpy(theirs)
        if refused:
            with pytest.raises((LanguageError, ArgumentError)):
                polyc.einsum(*ours.args, **ours.named)
            _untouched(ours, before, with_out=True)
        else:
            _compare(polyc.einsum(*ours.args, **ours.named), want, ours, theirs, before)


def _numpy(call: Call) -> tuple[Any, bool]:
    """NumPy's result and False, or what it raised and True.

    A right `optimize` changes nothing here: with it NumPy accepts some strings that it else
    refuses, and sums in other types and orders.
    """
    named = dict(call.named)
    if named.get("optimize") not in _WRONG:
        named.pop("optimize", None)
    try:
        return np.einsum(*call.args, **named), False
    except Exception as e:  # NumPy raises many: ValueError, TypeError, KeyError, RuntimeError
        return e, True


def _untouched(call: Call, before: Call, with_out: bool) -> None:
    out = call.named.get("out")
    for a, b in zip(call.args, before.args, strict=True):
        if isinstance(a, np.ndarray) and (with_out or a is not out):
            np.testing.assert_array_equal(a, b)
    if with_out and isinstance(out, np.ndarray):
        np.testing.assert_array_equal(out, before.named["out"])


def _compare(found: Any, want: Any, ours: Call, theirs: Call, before: Call) -> None:
    if "out" in ours.named:
        assert found is ours.named["out"], ours
        assert want is theirs.named["out"], ours
    else:
        # NumPy's own scalars of one dtype may differ in type (uint64 and ulonglong).
        kind = np.ndarray if isinstance(want, np.ndarray) else np.generic
        assert isinstance(found, kind), (ours, type(found), type(want))
        assert found.dtype == want.dtype, (ours, found.dtype, want.dtype)
    assert found.shape == want.shape, (ours, found.shape, want.shape)
    _values_agree(found, want, before)
    _untouched(ours, before, with_out=False)
    _layout(found, ours)


def _values_agree(found: Any, want: Any, call: Call) -> None:
    if want.dtype.kind in "biu" and np.dtype(call.named.get("dtype", "?")).kind in "biu":
        np.testing.assert_array_equal(found, want, str(call))
        return
    size = _magnitude(call)
    error = np.abs(np.subtract(found, want, dtype=np.result_type(want.dtype, "f8")))
    error = np.where(found == want, 0, error)  # infinities too
    nan = np.isnan(found)
    np.testing.assert_array_equal(nan, np.isnan(want), str(call))
    limit = _epsilon(want.dtype, call) * size
    assert (nan | (error <= limit)).all(), f"{call}\n{found}\n{want}"


def _epsilon(kind: np.dtype[Any], call: Call) -> float:
    """Of the coarsest type on the way, once for each operation that an element may take."""
    kinds = [kind, np.dtype(call.named.get("dtype", kind))]
    coarsest = max(float(np.finfo(k).eps) for k in kinds if k.kind in "fc")
    return 30 * coarsest if coarsest < 1e-4 else 8 * coarsest


def _magnitude(call: Call) -> Array:
    """einsum of the absolute values, in float64."""

    def size(x: Any) -> Any:
        a = np.asarray(x)
        return np.nan_to_num(np.abs(a.astype("c16" if a.dtype.kind == "c" else "f8")))

    if isinstance(call.args[0], str):
        return 1e-7 + np.einsum(call.args[0], *map(size, call.args[1:]))
    args = list(call.args)
    args[: len(args) // 2 * 2 : 2] = map(size, args[: len(args) // 2 * 2 : 2])
    return 1e-7 + np.einsum(*args)


def _layout(found: Any, call: Call) -> None:
    order = call.named.get("order", "K")
    if "out" in call.named or order == "K" or not isinstance(found, np.ndarray):
        return
    assert found.flags.c_contiguous or order != "C", call
    assert found.flags.f_contiguous or order != "F", call
