"""Sums over a triangle computed in whole register tiles.

    T(i,j) += A(i,k) * A(j,k) where j <= i        with a register tile of 6 x 64
becomes the same sum for all points of the tiles that the diagonal crosses:
    … where 64*(j/64) <= 6*(i/6) + 5

The additional sums go into elements of a temporary that nobody reads. Tiles that the diagonal
crosses would otherwise be made of rows of unequal length, at a fraction of the speed and many times
the code. Only where the additional points are few, their operands lie inside of their arrays, and
every element of the text keeps its terms.

This is a rewriting of the program like those in `padding` and `packing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import islpy as isl

from polyc.frontend.program import Program, Statement, access_map, box, parameters
from polyc.scheduler.counting import count
from polyc.scheduler.facts import accesses, extents, loads_of, sized
from polyc.scheduler.registers import register_tile
from polyc.scheduler.rewriting import Rewritten
from polyc.scheduler.tree import Decision
from polyc.scheduler.vector import choose_vector, element_bytes
from polyc.target import Target

SET = isl.dim_type.set
MOST_MORE = 1.25  # points after over points before


def widen(program: Program, target: Target) -> Rewritten:
    """The program with such sums widened, and how much more each of them computes."""
    decisions: list[Decision] = []
    for s in program.statements:
        tile = _tile(program, s, target) if _is_candidate(program, s) else {}
        if len(tile) < 2:
            continue
        found = _widened(program, s, tile)
        more = _more(program, found, s) if found is not None else None
        if found is None or more is None:
            continue
        sizes = " x ".join(map(str, tile.values()))
        verdict = "yes" if more <= MOST_MORE else "no"
        decisions.append(Decision("widen", s.name, verdict, f"{more:.2f} x the terms in {sizes}"))
        if more <= MOST_MORE:
            program = found
    return Rewritten(program, tuple(decisions))


def _is_candidate(program: Program, s: Statement) -> bool:
    """The only sum into a temporary that nothing else but plain first values fill, all for the same
    elements, which are not a box."""
    tensor = program.tensor(s.tensor)
    plain = len(set(map(str, s.subs))) == len(s.subs) and all(str(x) in s.vars for x in s.subs)
    if s.op is None or not s.reduced or len(s.order) > 1 or not plain:
        return False
    if tensor.kind != "temporary" or tensor.parts is not None:
        return False
    others = [w for w in program.statements if w.tensor == s.tensor and w.name != s.name]
    elements = _elements(s)
    return not elements.is_equal(_hull(elements)) and all(
        w.op is None and not list(loads_of(w.value)) and _elements(w).is_equal(elements)
        for w in others
    )


def _tile(program: Program, s: Statement, target: Target) -> dict[str, int]:
    """The register tile that the statement will have."""
    typical = sized(program)
    like = typical.statement(s.name)
    ranges = extents(like)
    free = [v for v in s.vars if ranges[v] > 1]
    lanes = target.lanes(element_bytes(typical, like))
    vector, _ = choose_vector(typical, like, free, ranges, lanes)
    if vector is None or vector in s.reduced:
        return {}
    return register_tile(typical, like, vector, free, ranges, target)


def _elements(s: Statement) -> isl.Set:
    """What the statement writes."""
    return s.write.range()


def _hull(elements: isl.Set) -> isl.Set:
    """The box around a set."""
    out = elements.get_space().universe_set()
    n = elements.dim(SET)
    for d in range(n):
        side = elements.eliminate(SET, d + 1, n - d - 1).eliminate(SET, 0, d)
        out = out.intersect(side)
    return out


def _widened(program: Program, s: Statement, tile: dict[str, int]) -> Program | None:
    """The program with the sum over whole tiles; None where that is not the same sum."""
    before = _elements(s)
    after = before.apply(_same_tile(before, s, tile)).intersect(_hull(before)).coalesce()
    kept = [k for k, v in enumerate(s.vars) if v not in s.reduced]
    terms = s.domain
    for k in kept:
        terms = terms.eliminate(SET, k, 1)
    places = access_map(replace(s, domain=terms), s.tensor, s.subs)
    domain = _named(places.intersect_range(after).domain().coalesce(), s)
    if not places.intersect_range(before).domain().is_equal(s.domain):
        return None
    new = replace(s, domain=domain)
    if not all(_readable(program, m) for m in _loads(new)):
        return None
    reads = (m.range() for w in program.statements for m in _loads(w, s.tensor))
    if not all(r.is_subset(before) for r in reads):
        return None
    return replace(
        program,
        statements=tuple(
            new if w.name == s.name else _filling(w, after) if w.tensor == s.tensor else w
            for w in program.statements
        ),
    )


def _same_tile(elements: isl.Set, s: Statement, tile: dict[str, int]) -> isl.Map:
    """{ T[e] -> T[f] : both in one register tile }"""
    n, sizes = elements.dim(SET), parameters(elements)
    left, right = ([f"{x}{d}" for d in range(n)] for x in "ef")
    same = [
        f"floor({x}/{tile.get(str(v), 1)}) = floor({y}/{tile.get(str(v), 1)})"
        for x, y, v in zip(left, right, s.subs, strict=True)
    ]
    tuples = " -> ".join(f"{s.tensor}[{', '.join(names)}]" for names in (left, right))
    return isl.Map(f"[{', '.join(sizes)}] -> {{ {tuples} : {' and '.join(same)} }}")


def _filling(w: Statement, elements: isl.Set) -> Statement:
    """A statement that gives first values, for these elements."""
    everywhere = access_map(
        replace(w, domain=w.domain.get_space().universe_set()), w.tensor, w.subs
    )
    return replace(w, domain=_named(everywhere.intersect_range(elements).domain().coalesce(), w))


def _named(domain: isl.Set, s: Statement) -> isl.Set:
    for k, v in enumerate(s.vars):
        domain = domain.set_dim_name(SET, k, v)
    return domain.set_tuple_name(s.name)


def _loads(s: Statement, tensor: str | None = None) -> Iterator[isl.Map]:
    """What each load reads, whatever stands around it."""
    for a in accesses(s)[1:]:
        if tensor in (None, a.tensor):
            yield access_map(s, a.tensor, a.subs)


def _readable(program: Program, m: isl.Map) -> bool:
    """Inside its array, and written if it is a temporary."""
    tensor = program.tensor(m.get_tuple_name(isl.dim_type.out))
    found = m.range().intersect_params(program.context)
    if tensor.kind == "input":
        return found.is_subset(box(tensor, parameters(found)))
    written = [_elements(w) for w in program.statements if w.tensor == tensor.name]
    every = found.get_space().universe_set().complement()
    for w in written:
        every = every.union(w)
    return found.is_subset(every)


def _more(program: Program, new: Program, s: Statement) -> float | None:
    """Terms after over terms before, at typical sizes."""
    counts = [count(sized(p).statement(s.name).domain) for p in (program, new)]
    if not counts[0] or counts[1] is None:
        return None
    return counts[1] / counts[0]
