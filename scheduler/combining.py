"""Proofs about reductions in parts, by code that did not split them.

    P(c) = 0,   P(c) += A(L*c + i),   S() += P(c)

The terms are those of the text, each once; every part starts from the neutral element, takes terms
by one operator, and is combined by the same operator into the element it belongs to, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import islpy as isl

from polyc.frontend.integers import Int, to_isl
from polyc.frontend.program import (
    Load,
    Program,
    Statement,
    Tensor,
    access_map,
    map_expr,
    parameters,
    tuple_text,
)
from polyc.frontend.statements import identity
from polyc.scheduler.facts import loads_of
from polyc.scheduler.proof import Proof


@dataclass(frozen=True, slots=True)
class Origin:
    """A program before statements were cut in pieces.

    `meaning` says for each of these what its variables were, in terms of the piece's: the claim to
    be proved.
    """

    program: Program
    meaning: Mapping[str, Mapping[str, Int]]


def combinations(program: Program, reassociates: bool) -> Iterator[Proof]:
    """Every tensor of partial results is initialised, filled and combined as one reduction."""
    for t in program.tensors:
        if t.parts is None:
            continue
        wrong = None if reassociates else "the order of terms is to be kept"
        wrong = wrong or _wrong(program, t)
        yield Proof(f"parts of {t.parts}", wrong is None, wrong or "combined once each")


def _wrong(program: Program, t: Tensor) -> str | None:
    """What is wrong with the statements around a tensor of partial results."""
    starts = [s for s in program.statements if s.tensor == t.name and s.op is None]
    fills = [s for s in program.statements if s.tensor == t.name and s.op is not None]
    reads = [s for s in program.statements if any(x.tensor == t.name for x in loads_of(s.value))]
    if len(starts) != 1 or len(fills) != 1 or len(reads) != 1:
        return f"{len(starts)} statements start it, {len(fills)} fill, {len(reads)} combine"
    (start,), (fill,), (combine,) = starts, fills, reads
    load = combine.value
    if not isinstance(load, Load) or combine.tensor != t.parts or combine.op != fill.op:
        return f"{combine.name} does not combine by the operator of {fill.name}"
    if fill.op is None or start.value != identity(fill.op, t.dtype):
        return f"{start.name} does not start from the neutral element"
    if not start.order < fill.order < combine.order:
        return "not started, filled and combined in this order"
    if load.subs[1:] != combine.subs:
        return f"{combine.name} combines parts of another element"
    context = program.context
    used = access_map(combine, t.name, load.subs).intersect_params(context)
    filled = fill.write.intersect_params(context).range()
    if not used.is_injective():
        return f"{combine.name} combines a part twice"
    for what, points in (
        (f"not combined by {combine.name}", filled.subtract(used.range())),
        (f"combined without terms by {combine.name}", used.range().subtract(filled)),
        (f"not started by {start.name}", filled.subtract(start.write.range())),
    ):
        if not points.is_empty():
            return f"{what}: {points.sample_point()}"
    return None


def pieces(program: Program, origin: Origin) -> Iterator[Proof]:
    """Every instance of a statement that was cut in pieces is one instance of its pieces."""
    for name, meaning in sorted(origin.meaning.items()):
        s, piece = origin.program.statement(name), program.statement(name)
        wrong = _other_terms(program, s, piece, meaning) or _other_points(
            program, s, piece, meaning
        )
        yield Proof(f"pieces of {name}", wrong is None, wrong or "every instance of the text, once")


def _other_terms(
    program: Program, s: Statement, piece: Statement, meaning: Mapping[str, Int]
) -> str | None:
    """The piece computes or writes something else than the statement where its variables are
    these."""
    parts = program.tensor(piece.tensor).parts
    tensor, subs = (parts, piece.subs[1:]) if parts else (piece.tensor, piece.subs)
    if piece.op != s.op or piece.value != map_expr(s.value, meaning):
        return f"{piece.name} has other terms"
    if tensor != s.tensor or subs != tuple(x.subs(meaning) for x in s.subs):
        return f"{piece.name} writes another element"
    return None


def _other_points(
    program: Program, s: Statement, piece: Statement, meaning: Mapping[str, Int]
) -> str | None:
    """An instance that is in one of them only, or twice in the pieces."""
    was = ", ".join(to_isl(meaning.get(v, Int.of(v))) for v in s.vars)
    text = f"{tuple_text(parameters(piece.domain), piece)} -> {s.name}[{was}] }}"
    places = isl.Map(text).intersect_domain(piece.domain).intersect_params(program.context)
    wanted, found = s.domain.intersect_params(program.context), places.range()
    for what, points in (
        ("left out", wanted.subtract(found)),
        ("not in the text", found.subtract(wanted)),
    ):
        if not points.is_empty():
            return f"{what}: {points.sample_point()}"
    return None if places.is_injective() else f"instances of {s.name} run twice"
