"""Exact dependences between statement instances, by kind.

Flow is value-based: a read depends on the writes it may see the value of. Writes of a reduction
count as *may* writes, so a reader depends on every term of a sum and not only on the last; this
is what lets the terms be reordered without losing the order against initialisation and readers.
Anti and output dependences are memory-based: every later write of the same element.

Self-dependences of a reduction through its accumulator are tagged `reduction`: an associative,
commutative operator is free to ignore them where code generation combines partial results.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import islpy as isl

from polyc.frontend.program import Program, Statement, access_map, parameters, reads
from polyc.scheduler.affine import IN, OUT

Kind = Literal["flow", "anti", "output"]
Before = Callable[[str, str], "isl.Map | None"]


@dataclass(frozen=True, slots=True)
class Edge:
    """All dependences of one kind from one statement to another."""

    kind: Kind
    source: str
    sink: str
    tensor: str
    relation: isl.Map  # { source[i] -> sink[j] }, the source runs first in the text
    reduction: bool = False

    def __str__(self) -> str:
        tag = " (reduction)" if self.reduction else ""
        return f"{self.kind}{tag} {self.source} -> {self.sink} on {self.tensor}: {self.relation}"


@dataclass(frozen=True, slots=True)
class Dependences:
    """Every edge of a program, and the textual order they were computed under."""

    edges: tuple[Edge, ...]
    order: isl.UnionMap  # { S[i] -> [time] }

    def __str__(self) -> str:
        lines = [f"order: {self.order}"]
        for e in self.edges:
            lines.append(str(e))
            lines.append(f"    distance: {distance_text(e)}")
        return "\n".join(lines) + "\n"


def distance_text(e: Edge) -> str:
    """The set of distances, sink minus source, over the iterators that both ends share; where they
    share none, the source that each sink has, or "-" where it has several."""
    if e.source == e.sink:
        return _inside(e.relation.deltas())
    shared = _shared(e.relation)
    if shared:
        leading = e.relation
        for side in (IN, OUT):
            leading = leading.project_out(side, shared, leading.dim(side) - shared)
            leading = leading.set_tuple_name(side, "")
        return _inside(leading.deltas())
    back = e.relation.reverse()
    return f"from {_inside(back)}" if back.is_single_valued() else "-"


def _inside(m: isl.Set | isl.Map) -> str:
    """isl's text without parameters and braces."""
    return str(m.coalesce()).split("{", 1)[-1].rsplit("}", 1)[0].strip()


def _shared(m: isl.Map) -> int:
    """How many leading iterators have the same names at both ends."""
    ends = [[m.get_dim_name(side, k) for k in range(m.dim(side))] for side in (IN, OUT)]
    same = [a == b and a is not None for a, b in zip(*ends, strict=False)]
    return [*same, False].index(False)


def analyse(program: Program) -> Dependences:
    """The dependences of a program; an empty program has none."""
    order = textual_order(program)
    before = _before(order)
    writes = [s.write for s in program.statements]
    loads = [(s.name, r.load.tensor, r.map) for s in program.statements for r in reads(s, program)]
    accumulators = [(s.name, s.tensor, s.write) for s in program.statements if s.op]
    edges = [
        *_flow(program, loads, order, reduction=False),
        *_flow(program, accumulators, order, reduction=True),
        *_conflicts("anti", program, [m for _, _, m in loads], writes, before, False),
        *_conflicts("anti", program, [m for _, _, m in accumulators], writes, before, True),
        *_conflicts("output", program, writes, writes, before, True),
    ]
    return Dependences(tuple(_merged(edges)), order)


def textual_order(program: Program) -> isl.UnionMap:
    """{ S[vars] -> [place, iterators, ...] }: the order the text means."""
    times = {s.name: _time(s) for s in program.statements}
    width = max((len(t) for t in times.values()), default=1)
    sizes = ", ".join(z.name for z in program.sizes)
    maps = []
    for s in program.statements:
        time = (*times[s.name], *"0" * (width - len(times[s.name])))
        maps.append(f"{s.name}[{', '.join(s.vars)}] -> [{', '.join(time)}]")
    out = isl.UnionMap(f"[{sizes}] -> {{ {'; '.join(maps)} }}")
    return out.intersect_domain(domain(program))


def domain(program: Program) -> isl.UnionSet:
    """The points of all statements that the context allows."""
    out = isl.UnionSet(f"[{', '.join(z.name for z in program.sizes)}] -> {{ }}")
    for s in program.statements:
        out = out.union(isl.UnionSet.from_set(s.domain))
    return out.intersect_params(program.context)


def _time(s: Statement) -> tuple[str, ...]:
    rest = [v for v in s.vars if v not in s.order]
    return (*map(str, s.order), *rest)


def _union(maps: list[isl.Map], program: Program) -> isl.UnionMap:
    out = isl.UnionMap(f"[{', '.join(z.name for z in program.sizes)}] -> {{ }}")
    for m in maps:
        out = out.union(isl.UnionMap.from_map(m))
    return out.intersect_params(program.context)


def _flow(
    program: Program,
    sinks: list[tuple[str, str, isl.Map]],
    order: isl.UnionMap,
    reduction: bool,
) -> list[Edge]:
    written = {s.tensor for s in program.statements}
    used = [m for _, t, m in sinks if t in written]
    if not used:
        return []
    info = isl.UnionAccessInfo.from_sink(_union(used, program))
    info = info.set_must_source(_union([s.write for s in program.statements if not s.op], program))
    info = info.set_may_source(_union([s.write for s in program.statements if s.op], program))
    flow = info.set_schedule_map(order).compute_flow().get_may_dependence()
    return _edges("flow", program, isl_maps(flow), reduction)


def _conflicts(
    kind: Kind,
    program: Program,
    first: list[isl.Map],
    second: list[isl.Map],
    before: Before,
    reduction: bool,
) -> list[Edge]:
    if not first:
        return []
    same = _union(first, program).apply_range(_union(second, program).reverse())
    pairs = ((m, before(*map(m.get_tuple_name, (IN, OUT)))) for m in isl_maps(same))
    ordered = [m.intersect(b) for m, b in pairs if b is not None]
    return _edges(kind, program, ordered, reduction)


def _before(order: isl.UnionMap) -> Before:
    """A function from two statements to { i -> j : i of one runs before j of the other in the
    text }, None where one never runs. All pairs at once are thousands; few touch one tensor."""
    times = {m.get_tuple_name(IN): m for m in isl_maps(order)}

    @functools.cache
    def before(a: str, b: str) -> isl.Map | None:
        return times[a].lex_lt_map(times[b]) if a in times and b in times else None

    return before


def _edges(kind: Kind, program: Program, maps: list[isl.Map], reduction: bool) -> list[Edge]:
    out: list[Edge] = []
    for m in maps:
        source = m.get_tuple_name(IN)
        sink = m.get_tuple_name(OUT)
        if m.is_empty():
            continue
        writer = program.statement(sink if kind == "anti" else source)
        tagged = reduction and source == sink and writer.op is not None
        out.append(Edge(kind, source, sink, writer.tensor, m.coalesce(), tagged))
    return out


def isl_maps(union: isl.UnionMap) -> list[isl.Map]:
    """The maps of a union, in a fixed order."""
    found = union.get_map_list()
    maps = [found.get_map(i) for i in range(found.n_map())]
    return sorted(maps, key=lambda m: (m.get_tuple_name(IN) or "", str(m.get_space())))


def _merged(edges: list[Edge]) -> list[Edge]:
    """Edges of equal kind, ends and tag joined; sorted by name for printing."""
    table: dict[tuple[str, str, str, str, bool], Edge] = {}
    for e in edges:
        key = (e.kind, e.source, e.sink, e.tensor, e.reduction)
        if key in table:
            e = Edge(*key[:4], table[key].relation.union(e.relation).coalesce(), e.reduction)
        table[key] = e
    # An untagged edge between the same points makes its tagged twin say nothing new; keep both.
    return [table[k] for k in sorted(table)]


__all__ = ["Dependences", "Edge", "access_map", "analyse", "domain", "parameters", "textual_order"]
