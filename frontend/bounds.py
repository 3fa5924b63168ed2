"""Proofs about elements: every access inside its tensor, every output element written, none
assigned twice by one statement, none read before it is written.

A cheap symbolic test decides the common cases; isl decides the others.
"""

from __future__ import annotations

from dataclasses import dataclass

from polyc.errors import Span
from polyc.frontend.drafts import Draft
from polyc.frontend.integers import Int
from polyc.frontend.program import Program, Read, Statement, Tensor
from polyc.frontend.prover import Point, Prover
from polyc.frontend.ranges import greatest, least
from polyc.frontend.scope import TensorInfo


@dataclass(frozen=True, slots=True)
class Pair:
    """A finished statement beside the draft it was made from."""

    s: Statement
    d: Draft


@dataclass(frozen=True, slots=True)
class Facts:
    """What the proofs look at."""

    program: Program
    tensors: dict[str, Tensor]
    infos: dict[str, TensorInfo]
    writers: dict[str, list[Pair]]  # of each tensor, in textual order
    prover: Prover


def gather_facts(
    pairs: list[Pair], program: Program, infos: dict[str, TensorInfo], prover: Prover
) -> Facts:
    """The tables of a program."""
    writers: dict[str, list[Pair]] = {n: [] for n in infos}
    for p in pairs:
        writers[p.s.tensor].append(p)
    return Facts(program, {t.name: t for t in program.tensors}, infos, writers, prover)


def surely_inside(sub: Int, extent: Int, d: Draft) -> bool:
    """Whether a subscript lies in 0..extent-1, by interval arithmetic."""
    low, room = least(sub, d.ranges), extent - 1 - greatest(sub, d.ranges)
    return low.is_const and low.value >= 0 and room.is_const and room.value >= 0


def span_of(p: Pair, r: Read) -> Span:
    """Where a read stands in the text."""
    exact = tuple(x if isinstance(x, Int) else None for x in r.load.subs)
    for reading in p.d.reads:
        if reading.info.name == r.load.tensor and reading.subs == exact:
            return reading.span
    return p.d.span


def shown_point(p: Pair, at: Point) -> str:
    """` at h=55, r=2`, or nothing for a statement without variables."""
    points = ", ".join(f"{p.d.shown.get(v, v)}={at[v]}" for v in p.s.vars if v in at)
    return f" at {points}" if points else ""
