"""Proofs about elements: every access inside its tensor, every output element written, none
assigned twice by one statement, none read before it is written.

A cheap symbolic test decides the common cases; isl decides the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import islpy as isl

from polyc.errors import Span
from polyc.frontend.drafts import Draft
from polyc.frontend.integers import Int
from polyc.frontend.program import (
    Program,
    Read,
    Statement,
    access_map,
    box,
    parameters,
    reads,
    tuple_text,
)
from polyc.frontend.prover import Point, Prover
from polyc.frontend.ranges import greatest, least
from polyc.frontend.scope import TensorInfo


@dataclass(frozen=True, slots=True)
class Pair:
    """A finished statement beside the draft it was made from."""

    s: Statement
    d: Draft


def prove(
    pairs: list[Pair], program: Program, infos: dict[str, TensorInfo], prover: Prover
) -> None:
    """Records an error or a precondition for each fact that is not certain."""
    for p in pairs:
        _reads_inside(p, program, prover)
        _write_inside(p, infos[p.s.tensor], program, prover)
        _assigned_once(p, prover, infos)
    if prover.findings.found:
        return  # what follows would repeat the same trouble in other words
    for p in pairs:
        _written_before(p, pairs, program, infos, prover)
    for info in infos.values():
        if info.kind == "output" and not prover.findings.found:
            _written_completely(info, pairs, program, prover)


def inside(sub: Int, extent: Int, d: Draft) -> bool:
    """Whether a subscript surely lies in 0..extent-1, by interval arithmetic."""
    low, room = least(sub, d.ranges), extent - 1 - greatest(sub, d.ranges)
    return low.is_const and low.value >= 0 and room.is_const and room.value >= 0


# ---- inside the box
def _reads_inside(p: Pair, program: Program, prover: Prover) -> None:
    sure = all(
        s is None or inside(s, n, p.d)
        for r in p.d.reads
        for s, n in zip(r.subs, program.tensor(r.info.name).shape, strict=True)
    )
    if sure:
        return
    for r in reads(p.s, program):
        _read_inside(p, r, program, prover)


def _read_inside(p: Pair, r: Read, program: Program, prover: Prover) -> None:
    # What data decides is checked at the call; the other subscripts are proved here.
    inside_box = box(
        program.tensor(r.load.tensor),
        parameters(p.s.domain),
        lambda k: isinstance(r.load.subs[k], Int),
    )
    prover.require(
        r.map.subtract_range(inside_box).domain(),
        lambda at: _outside(p, r, at, program, prover),
        _span_of(p, r),
        likely=_plain_fact(r, p.d, program),
    )


def _plain_fact(r: Read, d: Draft, program: Program) -> list[tuple[Int, Int]]:
    """What keeps an access inside wherever its ranges are not empty: pairs a <= b."""
    facts = []
    for x, n in zip(r.load.subs, program.tensor(r.load.tensor).shape, strict=True):
        if isinstance(x, Int) and not inside(x, n, d):
            low, high = least(x, d.ranges), greatest(x, d.ranges)
            facts += [(a, b) for a, b in ((Int.of(0), low), (high + 1, n)) if a != b]
    return facts


def _span_of(p: Pair, r: Read) -> Span:
    exact = tuple(x if isinstance(x, Int) else None for x in r.load.subs)
    for reading in p.d.reads:
        if reading.info.name == r.load.tensor and reading.subs == exact:
            return reading.span
    return p.d.span


def _outside(p: Pair, r: Read, at: Point, program: Program, prover: Prover) -> None:
    t = program.tensor(r.load.tensor)
    values = [str(x.eval(at)) if isinstance(x, Int) else "?" for x in r.load.subs]
    rows = [
        (k, x) for k, x in enumerate(r.load.subs)
        if isinstance(x, Int) and not 0 <= x.eval(at) < t.shape[k].eval(at)
    ]  # fmt: skip
    span = _span_of(p, r)
    if len(rows) and (reading := next((q for q in p.d.reads if q.span == span), None)):
        span = reading.spans[rows[0][0]]
    where = _where(p, at)
    fact = "; ".join(f"{_extent(prover, t.shape[k], at)}" for k, _ in rows)
    prover.findings.add(
        "E050",
        f"`{t.name}[{', '.join(values)}]` is outside `{t.name}`{where}, but {fact}",
        span,
        "narrow the range, or read through `pad(..., 0)`",
    )


def _extent(prover: Prover, n: Int, at: Point) -> str:
    shown = prover.show(n)
    return f"{shown} = {n.eval(at)}" if not n.is_const else f"the extent is {shown}"


def _where(p: Pair, at: Point) -> str:
    points = ", ".join(f"{p.d.shown.get(v, v)}={at[v]}" for v in p.s.vars if v in at)
    return f" at {points}" if points else ""


def _write_inside(p: Pair, info: TensorInfo, program: Program, prover: Prover) -> None:
    shape = program.tensor(info.name).shape
    if all(inside(s, n, p.d) for s, n in zip(p.s.subs, shape, strict=True)):
        return
    outside = p.s.write.subtract_range(box(program.tensor(info.name), parameters(p.s.domain)))

    def refuse(at: Point) -> None:
        values = ", ".join(str(s.eval(at)) for s in p.s.subs)
        facts = ", ".join(
            _extent(prover, n, at)
            for s, n in zip(p.s.subs, shape, strict=True)
            if not 0 <= s.eval(at) < n.eval(at)
        )
        prover.findings.add(
            "E051",
            f"`{info.user}[{values}]` is outside `{info.user}`{_where(p, at)}, but {facts}",
            p.d.span,
            "narrow the range, or declare a larger output",
        )

    prover.require(outside.domain(), refuse, p.d.span)


# ---- assigned once
def _assigned_once(p: Pair, prover: Prover, infos: dict[str, TensorInfo]) -> None:
    loops = [v for v in p.s.order if isinstance(v, str)]
    own = [v for v in p.s.vars if v not in loops]
    alone = {next(iter(s.names & set(own))) for s in p.s.subs if len(s.names & set(own)) == 1
             and s.coefficient(next(iter(s.names & set(own))))}  # fmt: skip
    if p.s.op is not None or alone >= set(own):
        return
    write = p.s.write
    for v in loops:  # one iteration of the loop at a time
        write = write.move_dims(
            isl.dim_type.param,
            write.dim(isl.dim_type.param),
            isl.dim_type.in_,
            write.find_dim_by_name(isl.dim_type.in_, v),
            1,
        )
    if not write.intersect_params(align_map(prover.context, write)).is_injective():
        user = infos[p.s.tensor].user
        prover.findings.add(
            "E042",
            f"`=` writes an element of `{user}` more than once",
            p.d.span,
            "use `+=` or another reduction, or subscripts that differ at each point",
        )


def align_map(context: isl.Set, m: isl.Map) -> isl.Set:
    """The context with the parameters of a map."""
    return context.align_params(m.get_space().params())


# ---- written before it is read
def fills(p: Pair, shape: tuple[Int, ...]) -> bool:
    """Whether a statement surely assigns every element, outside any `for`."""
    if (
        p.s.op is not None
        or p.d.conditions
        or p.d.hidden
        or any(isinstance(x, str) for x in p.s.order)
    ):
        return False
    if len(set(p.s.subs)) != len(p.s.subs) or len(p.s.subs) != len(p.s.vars):
        return False
    for s, n in zip(p.s.subs, shape, strict=True):
        v = next(iter(s.names), "")
        r = p.d.ranges.get(v)
        if s != Int.var(v) or r is None or r.lo != Int.of(0) or r.hi != n:
            return False
    return True


def _written_before(
    p: Pair, pairs: list[Pair], program: Program, infos: dict[str, TensorInfo], prover: Prover
) -> None:
    for tensor, read, what in _needs(p, program):
        info = infos[tensor]
        shape = program.tensor(tensor).shape
        writers = [q for q in pairs if q.s.tensor == tensor]
        if info.kind == "input" or any(fills(q, shape) and q.s.order < p.s.order for q in writers if q.s is not p.s
                                       and not isinstance(q.s.order[0], str)):  # fmt: skip
            continue
        missing = access_map(p.s, tensor, read.subs) if isinstance(read, Statement) else read.map
        for q in writers:
            missing = missing.subtract(_before(p, q).apply_range(q.s.write))
        missing = missing.intersect_params(prover.context)

        def refuse(at: Point, info: TensorInfo = info, what: str = what) -> None:
            prover.findings.add(
                "E053",
                f"`{info.user}` is {what} where nothing wrote it{_where(p, at)}",
                p.d.span if isinstance(read, Statement) else _span_of(p, read),
                "write these elements first, or use `=!` to start afresh",
            )

        prover.require(missing.domain(), refuse, p.d.span)


def _needs(p: Pair, program: Program) -> Iterator[tuple[str, Statement | Read, str]]:
    if p.s.op is not None:
        yield p.s.tensor, p.s, "accumulated into"
    kinds = {t.name: t.kind for t in program.tensors}
    if any(kinds[r.info.name] != "input" for r in p.d.reads) or not p.d.reads:
        for r in reads(p.s, program):
            if kinds[r.load.tensor] != "input":
                yield r.load.tensor, r, "read"


def _before(p: Pair, q: Pair) -> isl.Map:
    """{ p's points -> q's points that the text runs earlier }."""
    a, b = _schedule(p), _schedule(q)
    n = max(len(a), len(b))
    a, b = a + ["0"] * (n - len(a)), b + ["0"] * (n - len(b))
    names = parameters(p.s.domain)
    later = isl.Map(f"{tuple_text(names, p.s)} -> [{', '.join(a)}] }}").intersect_domain(p.s.domain)
    sooner = isl.Map(f"{tuple_text(names, q.s)} -> [{', '.join(b)}] }}").intersect_domain(
        q.s.domain
    )
    return later.lex_gt_map(sooner)


def _schedule(p: Pair) -> list[str]:
    loops = [x for x in p.s.order if isinstance(x, str)]
    own = [v for v in p.s.vars if v not in loops]
    return [str(x) for x in p.s.order] + own


# ---- completely written
def _written_completely(
    info: TensorInfo, pairs: list[Pair], program: Program, prover: Prover
) -> None:
    t = program.tensor(info.name)
    writers = [q for q in pairs if q.s.tensor == info.name]
    if any(fills(q, t.shape) for q in writers):
        return
    missing = box(t, tuple(s.name for s in prover.sizes))
    for q in writers:
        missing = missing.subtract(q.s.write.range())

    def refuse(at: Point) -> None:
        point = [at[k] for k in list(at)[len(at) - len(t.shape) :]]
        at_sizes = ", ".join(f"{s.display}={at[s.name]}" for s in prover.sizes if s.name in at)
        prover.findings.add(
            "E052",
            f"`{info.user}({', '.join(map(str, point))})` is never written"
            + (f" when {at_sizes}" if at_sizes else ""),
            writers[0].d.span if writers else info.span,
            "an output starts at 0: shift the subscripts, or read through `pad(..., 0)`",
        )

    prover.require(missing, refuse, writers[-1].d.span if writers else info.span)
