"""Scratch that no machine has: sizes may be so large that their product wraps to a small number."""

from __future__ import annotations

from polyc.codegen.loops import Bin, FromInt, Lit, Value
from polyc.codegen.workspace import Workspace
from polyc.frontend.dtypes import FLOAT64
from polyc.frontend.integers import Atom, Extreme, FloorDiv, Int

_MOST_BYTES, _MOST_THREADS = 1 << 62, 1 << 16


def too_much(w: Workspace) -> Value | None:
    """Whether scratch is beyond what an int64 counts, found without one; None where it never is."""
    total = w.slices + w.slice_bytes * _MOST_THREADS
    if all(len(m) < 2 for m, _ in total.terms):  # no product of sizes, each of which is limited
        return None
    return Bin(">", _roughly(total), _number(_MOST_BYTES))


def _number(n: int) -> Value:
    return Lit(float(n), FLOAT64)


def _roughly(e: Int) -> Value:
    """The expression in float64, quotients not rounded."""
    total = _number(0)
    for m, c in e.terms:
        product = _number(c)
        for atom in m:
            product = Bin("*", product, _rough_atom(atom))
        total = Bin("+", total, product)
    return total


def _rough_atom(atom: Atom) -> Value:
    match atom:
        case str():
            return FromInt(Int.var(atom), FLOAT64)
        case FloorDiv(num, den):
            return Bin("/", _roughly(num), _roughly(den))
        case Extreme(op, a, b):
            return Bin("min" if op == "min" else "max", _roughly(a), _roughly(b))
