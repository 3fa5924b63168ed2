"""Einsum strings -> Program, by NumPy's rules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import islpy as isl
import numpy as np

from polyc.errors import Span
from polyc.frontend.dtypes import BFLOAT16, BOOL, DTYPES, FLOAT32, FLOAT64, Dtype, compute_dtype
from polyc.frontend.einsum_spec import EINSUM_CHARACTERS, Spec, Term, parse_spec
from polyc.frontend.findings import Findings
from polyc.frontend.integers import Int
from polyc.frontend.lower import Operand
from polyc.frontend.program import (
    Binary,
    Cast,
    Expr,
    Load,
    Program,
    Reduction,
    Size,
    Statement,
    Tensor,
)
from polyc.frontend.promotion import promote
from polyc.frontend.statements import identity

UNKNOWN_EXTENT = 256  # of a letter without operands, to choose a contraction order


@dataclass(frozen=True, slots=True)
class Piece:
    """A tensor in a contraction: one letter per dimension, "" for a broadcast dimension of 1."""

    tensor: str
    dtype: Dtype
    letters: tuple[str, ...]


def einsum_program(
    text: str,
    operands: Sequence[Operand] | None,
    findings: Findings,
    dtype: Dtype | None = None,
) -> Program:
    """The Program of an einsum string. Letters are sizes; operands are x0, x1, ..., the result y.

    Raises LanguageError where `numpy.einsum` raises.
    """
    known = [o.shape for o in operands or () if o.shape is not None]
    shapes = known if operands is not None and len(known) == len(operands) else None
    spec = parse_spec(text, shapes, findings)
    types = [o.dtype for o in operands] if operands else [FLOAT32] * len(spec.terms)
    return _Builder(spec, types, dtype or result_type(types)).program()


def result_type(types: Sequence[Dtype]) -> Dtype:
    """NumPy's result type; bfloat16, which NumPy lacks, promotes as in the language."""
    if BFLOAT16 in types:
        out = types[0]
        for t in types[1:]:
            out = out if t == BOOL else t if out == BOOL else promote(out, t)
        return out
    return DTYPES[np.result_type(*(np.dtype(t.name) for t in types)).name]


class _Builder:
    """Collects the statements of one einsum program."""

    def __init__(self, spec: Spec, types: Sequence[Dtype], dtype: Dtype) -> None:
        self.spec, self.types, self.dtype = spec, types, dtype
        self.sizes = tuple(Size(n, d) for n, d in spec.sizes.items())
        self.tensors: list[Tensor] = []
        self.statements: list[Statement] = []

    def program(self) -> Program:
        pieces = []
        for k, (term, dtype) in enumerate(zip(self.spec.terms, self.types, strict=True)):
            name = f"x{k}"
            shape = tuple(self.extent(n, d) for n, d in zip(term.letters, term.ones, strict=True))
            self.tensors.append(Tensor(name, dtype, shape, "input", declared=False))
            letters = tuple(
                "" if one else n for n, one in zip(term.letters, term.ones, strict=True)
            )
            pieces.append(Piece(name, dtype, letters))
        shape = tuple(self.extent(n, False) for n in self.spec.output)
        y = Tensor("y", self.dtype, shape, "output", declared=False)
        self.tensors.append(y)
        for step in _path(pieces, self.spec):
            last = len(pieces) == len(step)
            inside = [pieces[k] for k in step]
            pieces = [p for k, p in enumerate(pieces) if k not in step]
            if last:
                self.contract(inside, Piece("y", self.dtype, self.spec.output))
            else:
                pieces.append(self.temporary(inside, pieces))
        text = " and ".join(f"{s.name} >= 0" for s in self.sizes) or "1 = 1"
        context = isl.Set(f"{self.prefix}{{ : {text} }}")
        return Program("einsum", self.sizes, tuple(self.tensors), tuple(self.statements), context)

    @property
    def prefix(self) -> str:
        return f"[{', '.join(s.name for s in self.sizes)}] -> "

    def extent(self, letter: str, one: bool) -> Int:
        return Int.of(1) if one or letter in self.spec.units else Int.var(letter)

    def temporary(self, inside: list[Piece], rest: list[Piece]) -> Piece:
        """The result of one pairwise contraction: the letters that something later needs."""
        needed = set(self.spec.output).union(*(p.letters for p in rest))
        letters = tuple(dict.fromkeys(n for p in inside for n in p.letters if n in needed and n))
        name = f"t{len(self.statements)}"
        out = Piece(name, compute_dtype(self.dtype), letters)
        shape = tuple(self.extent(n, False) for n in letters)
        self.tensors.append(Tensor(name, out.dtype, shape, "temporary", declared=False))
        self.contract(inside, out)
        return out

    def contract(self, inside: list[Piece], out: Piece) -> None:
        """`out` = the product of `inside`, summed over the letters `out` lacks."""
        reduced = dict.fromkeys(n for p in inside for n in p.letters if n and n not in out.letters)
        value = self.product(inside)
        if not reduced:
            self.emit(out, out.letters, None, _as(value, out.dtype))
            return
        wide = compute_dtype(out.dtype)
        acc = out
        if wide != out.dtype:
            acc = Piece("y_sum", wide, out.letters)
            shape = tuple(self.extent(n, False) for n in out.letters)
            self.tensors.append(Tensor("y_sum", wide, shape, "temporary", declared=False))
        op: Reduction = "or" if self.dtype == BOOL else "+"
        self.emit(acc, acc.letters, None, identity(op, acc.dtype))
        self.emit(acc, (*acc.letters, *reduced), op, value)
        if acc is not out:
            self.emit(out, out.letters, None, _as(self.load(acc), out.dtype))

    def product(self, inside: list[Piece]) -> Expr:
        want = compute_dtype(self.dtype)
        value: Expr | None = None
        for p in inside:
            factor = _as(self.load(p), want)
            if value is None:
                value = factor
            else:
                value = Binary("&&" if want == BOOL else "*", value, factor, want)
        assert value is not None
        return value

    def load(self, p: Piece) -> Expr:
        return Load(p.tensor, tuple(map(self.subscript, p.letters)), p.dtype)

    def subscript(self, letter: str) -> Int:
        return Int.of(0) if not letter or letter in self.spec.units else Int.var(variable(letter))

    def emit(self, out: Piece, letters: Sequence[str], op: Reduction | None, value: Expr) -> None:
        name = f"S{len(self.statements)}"
        kept = [n for n in dict.fromkeys(letters) if n not in self.spec.units]
        bounds = " and ".join(f"0 <= {variable(n)} < {n}" for n in kept) or "1 = 1"
        names = tuple(map(variable, kept))
        domain = isl.Set(f"{self.prefix}{{ {name}[{', '.join(names)}] : {bounds} }}")
        subs = tuple(map(self.subscript, out.letters))
        place = (len(self.statements),)
        self.statements.append(
            Statement(
                name,
                names,
                domain,
                out.tensor,
                subs,
                op,
                value,
                place,
                Span(1, 1, self.spec.length),
            )
        )


def variable(letter: str) -> str:
    """The loop variable of a letter; the letter itself names the size."""
    return f"i_{letter}"


def _as(e: Expr, dtype: Dtype) -> Expr:
    return e if e.dtype == dtype else Cast(e, dtype)


def _path(pieces: list[Piece], spec: Spec) -> list[tuple[int, ...]]:
    """Which pieces to contract in each step. All at once where that costs no more operations.

    An empty sum is 0 whatever it would be multiplied by, a NaN too, so it is not split.
    """
    everything = tuple(range(len(pieces)))
    if len(pieces) < 3 or 0 in spec.extents.values():
        return [everything]
    import opt_einsum  # only three and more operands need it

    known = dict.fromkeys(spec.sizes, UNKNOWN_EXTENT) | spec.extents
    symbols = {n: opt_einsum.get_symbol(k) for k, n in enumerate(spec.sizes)}
    terms = [list(dict.fromkeys(n for n in p.letters if n in symbols)) for p in pieces]
    text = ",".join("".join(symbols[n] for n in t) for t in terms)
    text += "->" + "".join(symbols[n] for n in spec.output if n in symbols)
    shapes = [tuple(max(1, known[n]) for n in t) for t in terms]
    path: Any
    path, info = opt_einsum.contract_path(text, *shapes, shapes=True, optimize="auto")
    letters = {n for t in terms for n in t}
    direct = math.prod(max(1, known[n]) for n in letters)
    direct *= len(pieces) - 1 + bool(letters - set(spec.output))
    if direct <= info.opt_cost:
        return [everything]
    return [tuple(sorted(step)) for step in path]


def sublists_to_string(inputs: Sequence[Sequence[object]], output: Sequence[object] | None) -> str:
    """The einsum string of the call form `einsum(A, [0, 1], B, [1, 2], [0, 2])`.

    Entries are integers 0..51 or Ellipsis; raises ValueError for any other.
    """

    def letters(entries: Sequence[object]) -> str:
        return "".join(_letter(e) for e in entries)

    text = ",".join(map(letters, inputs))
    return text if output is None else f"{text}->{letters(output)}"


def _letter(entry: object) -> str:
    if entry is Ellipsis:
        return "..."
    index = getattr(entry, "__index__", None)
    k = index() if index and not isinstance(entry, bool) else -1
    if not 0 <= k < 52:
        raise ValueError(
            f"an entry of a sublist is an integer from 0 to 51 or Ellipsis, found {entry!r}"
        )
    return chr(ord("A") + k) if k < 26 else chr(ord("a") + k - 26)


__all__ = ["EINSUM_CHARACTERS", "FLOAT64", "Term", "einsum_program", "sublists_to_string"]
