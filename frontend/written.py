"""Proofs that elements are written before they are read, and outputs completely."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count

import islpy as isl

from polyc.errors import Span
from polyc.frontend.bounds import Facts, Pair, shown_point, span_of
from polyc.frontend.integers import ZERO, Int
from polyc.frontend.program import access_map, box, parameters, reads, tuple_text
from polyc.frontend.prover import Point
from polyc.frontend.scope import TensorInfo


@dataclass(frozen=True, slots=True)
class _Need:
    """Elements that must have been written: { the statement's points -> elements }."""

    tensor: str
    elements: isl.Map
    what: str
    span: Span


def fills(p: Pair, shape: tuple[Int, ...]) -> bool:
    """Whether a statement surely assigns every element, outside any `for`."""
    if p.s.op is not None or p.d.conditions or p.d.hidden or len(p.s.order) > 1:
        return False
    if len(set(p.s.subs)) != len(p.s.subs) or len(p.s.subs) != len(p.s.vars):
        return False
    for s, n in zip(p.s.subs, shape, strict=True):
        v = next(iter(s.names), "")
        r = p.d.ranges.get(v)
        if s != Int.var(v) or r is None or r.lo != ZERO or r.hi != n:
            return False
    return True


def prove_written(p: Pair, facts: Facts) -> None:
    """Records an error where a statement reads or accumulates into what nothing wrote."""
    for need in _needs(p, facts):
        missing = need.elements
        for q in facts.writers[need.tensor]:
            missing = missing.subtract(_before(p, q).apply_range(q.s.write))
            if missing.is_empty():  # the first writers say it all: thousands may follow
                break
        missing = missing.intersect_params(facts.prover.context)

        def refuse(at: Point, need: _Need = need) -> None:
            facts.prover.findings.add(
                "E053",
                f"`{facts.infos[need.tensor].user}` is {need.what} where nothing wrote it"
                + shown_point(p, at),
                need.span,
                "write these elements first, or use `=!` to start afresh",
            )

        facts.prover.require(missing.domain(), refuse, p.d.span)


def _needs(p: Pair, facts: Facts) -> Iterator[_Need]:
    if p.s.op is not None and not _filled(p, p.s.tensor, facts):
        elements = access_map(p.s, p.s.tensor, p.s.subs)
        yield _Need(p.s.tensor, elements, "accumulated into", p.d.span)
    # Statements that the compiler adds list no reads of the text: theirs are looked at too.
    if p.d.reads and all(_filled(p, r.info.name, facts) for r in p.d.reads):
        return
    for r in reads(p.s, facts.program):
        if not _filled(p, r.load.tensor, facts):
            yield _Need(r.load.tensor, r.map, "read", span_of(p, r))


def _filled(p: Pair, tensor: str, facts: Facts) -> bool:
    """Whether a tensor is an input, or an earlier statement writes all of it."""
    t = facts.tensors[tensor]
    if t.kind == "input":
        return True
    for q in facts.writers[tensor]:
        if q.s.order >= p.s.order:
            return False
        if fills(q, t.shape):
            return True
    return False


def _before(p: Pair, q: Pair) -> isl.Map:
    """{ p's points -> q's points that the text runs earlier }."""
    a, b = _schedule(p), _schedule(q)
    n = max(len(a), len(b))
    a, b = a + ["0"] * (n - len(a)), b + ["0"] * (n - len(b))
    names = parameters(p.s.domain)
    later = isl.Map(f"{tuple_text(names, p.s)} -> [{', '.join(a)}] }}")
    sooner = isl.Map(f"{tuple_text(names, q.s)} -> [{', '.join(b)}] }}")
    return later.intersect_domain(p.s.domain).lex_gt_map(sooner.intersect_domain(q.s.domain))


def _schedule(p: Pair) -> list[str]:
    loops = [x for x in p.s.order if isinstance(x, str)]
    own = [v for v in p.s.vars if v not in loops]
    return [str(x) for x in p.s.order] + own


def prove_complete(info: TensorInfo, facts: Facts) -> None:
    """Records an error for an output with an element that no statement writes."""
    t, writers, prover = facts.tensors[info.name], facts.writers[info.name], facts.prover
    if any(fills(q, t.shape) for q in writers):
        return
    missing = box(t, tuple(s.name for s in prover.sizes))
    for q in writers:
        missing = missing.subtract(q.s.write.range())

    def refuse(at: Point) -> None:
        point = ", ".join(str(v) for v in list(at.values())[len(at) - len(t.shape) :])
        sizes = ", ".join(f"{s.display}={at[s.name]}" for s in prover.sizes if s.name in at)
        prover.findings.add(
            "E052",
            f"`{info.user}({point})` is never written" + (f" when {sizes}" if sizes else ""),
            writers[0].d.span,
            f"an output starts at 0 and has no holes: before this write `{_filling(info, facts)}`",
        )

    prover.require(missing, refuse, writers[-1].d.span)


def _filling(info: TensorInfo, facts: Facts) -> str:
    """The statement that gives every element of an output a first value."""
    taken = {x.user for x in facts.infos.values()} | {s.display for s in facts.prover.sizes}
    free = (v for v in chain("ijklmnpq", (f"i{k}" for k in count())) if v not in taken)
    extents = [facts.prover.show(n) for n in facts.tensors[info.name].shape]
    names = [v for _, v in zip(extents, free, strict=False)]
    where = ", ".join(f"{v} in 0:{n}" for v, n in zip(names, extents, strict=True))
    subscripts = f"({', '.join(names)})" if names else ""
    return f"{info.user}{subscripts} = 0" + (f" where {where}" if where else "")
