"""Proofs that accesses stay inside their tensors and that `=` writes each element once."""

from __future__ import annotations

import islpy as isl

from polyc.frontend.bounds import Facts, Pair, shown_point, span_of, surely_inside
from polyc.frontend.drafts import Draft
from polyc.frontend.integers import Int
from polyc.frontend.program import Read, Tensor, box, parameters, reads
from polyc.frontend.prover import Point, Prover
from polyc.frontend.ranges import greatest, least


def prove_inside(p: Pair, facts: Facts) -> None:
    """Records an error or a precondition for each access of a statement that may leave its box."""
    sure = all(
        s is None or surely_inside(s, n, p.d)
        for r in p.d.reads
        for s, n in zip(r.subs, facts.tensors[r.info.name].shape, strict=True)
    )
    for r in () if sure else reads(p.s, facts.program):
        _read_inside(p, r, facts.tensors[r.load.tensor], facts.prover)
    _write_inside(p, facts)


def _read_inside(p: Pair, r: Read, t: Tensor, prover: Prover) -> None:
    # What data decides is checked at the call; the other subscripts are proved here.
    space = box(t, parameters(p.s.domain), lambda k: isinstance(r.load.subs[k], Int))
    prover.require(
        r.map.subtract_range(space).domain(),
        lambda at: _refuse_read(p, r, t, at, prover),
        span_of(p, r),
        likely=_plain_facts(r, p.d, t),
    )


def _plain_facts(r: Read, d: Draft, t: Tensor) -> list[tuple[Int, Int]]:
    """What keeps an access inside wherever its ranges are not empty: pairs a <= b."""
    facts = []
    for x, n in zip(r.load.subs, t.shape, strict=True):
        if isinstance(x, Int) and not surely_inside(x, n, d):
            low, high = least(x, d.ranges), greatest(x, d.ranges)
            facts += [(a, b) for a, b in ((Int.of(0), low), (high + 1, n)) if a != b]
    return facts


def _refuse_read(p: Pair, r: Read, t: Tensor, at: Point, prover: Prover) -> None:
    values = [str(x.eval(at)) if isinstance(x, Int) else "?" for x in r.load.subs]
    wrong = [
        k
        for k, (x, n) in enumerate(zip(r.load.subs, t.shape, strict=True))
        if isinstance(x, Int) and not 0 <= x.eval(at) < n.eval(at)
    ]
    span = span_of(p, r)
    reading = next((q for q in p.d.reads if q.span == span), None)
    prover.findings.add(
        "E050",
        f"`{t.name}[{', '.join(values)}]` is outside `{t.name}`{shown_point(p, at)}, "
        f"but {_extents(t, wrong, at, prover)}",
        reading.spans[wrong[0]] if reading else span,
        "narrow the range, or read through `pad(..., 0)`",
    )


def _extents(t: Tensor, wrong: list[int], at: Point, prover: Prover) -> str:
    shown = []
    for k in wrong:
        n = prover.show(t.shape[k])
        extent = t.shape[k]
        shown.append(f"the extent is {n}" if extent.is_const else f"{n} = {extent.eval(at)}")
    return ", ".join(shown)


def _write_inside(p: Pair, facts: Facts) -> None:
    t, user = facts.tensors[p.s.tensor], facts.infos[p.s.tensor].user
    if all(surely_inside(s, n, p.d) for s, n in zip(p.s.subs, t.shape, strict=True)):
        return
    outside = p.s.write.subtract_range(box(t, parameters(p.s.domain)))

    def refuse(at: Point) -> None:
        values = ", ".join(str(s.eval(at)) for s in p.s.subs)
        rows = enumerate(zip(p.s.subs, t.shape, strict=True))
        wrong = [k for k, (s, n) in rows if not 0 <= s.eval(at) < n.eval(at)]
        facts.prover.findings.add(
            "E051",
            f"`{user}[{values}]` is outside `{user}`{shown_point(p, at)}, "
            f"but {_extents(t, wrong, at, facts.prover)}",
            p.d.span,
            "narrow the range, or declare a larger output",
        )

    facts.prover.require(outside.domain(), refuse, p.d.span)


def prove_once(p: Pair, facts: Facts) -> None:
    """Records an error for an `=` that writes an element at two points."""
    loops = [v for v in p.s.order if isinstance(v, str)]
    own = set(p.s.vars) - set(loops)
    alone: set[str] = set()
    for s in p.s.subs:
        names = s.names & own
        if len(names) == 1 and s.coefficient(next(iter(names))):
            alone |= names
    if p.s.op is not None or alone >= own:
        return
    write = p.s.write
    for v in loops:  # one iteration of the loop at a time
        last = write.dim(isl.dim_type.param)
        k = write.find_dim_by_name(isl.dim_type.in_, v)
        write = write.move_dims(isl.dim_type.param, last, isl.dim_type.in_, k, 1)
    context = facts.prover.context.align_params(write.get_space().params())
    if not write.intersect_params(context).is_injective():
        facts.prover.findings.add(
            "E042",
            f"`=` writes an element of `{facts.infos[p.s.tensor].user}` more than once",
            p.d.span,
            "use `+=` or another reduction, or subscripts that differ at each point",
        )
