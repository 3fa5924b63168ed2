"""Pipelines of a program: statements joined by temporaries, whose results may be made in tiles.

A tensor that some reader needs whole (a sum over all rows, a transposed read) or that leaves the
pipeline ends it: it is a result of one pipeline and an argument of the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from polyc.frontend.integers import Int
from polyc.frontend.program import Program, Statement
from polyc.scheduler.facts import Access, accesses
from polyc.scheduler.graph import components, reachable
from polyc.scheduler.halo import Pipeline, Strip, Whole, strips

MOST_STATEMENTS = 32  # of a pipeline that is looked at


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pipeline, and for each dimension of its last result the strips of all its tensors."""

    pipeline: Pipeline
    dims: tuple[Mapping[str, Strip], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(s.name for s in self.pipeline.statements)

    @property
    def overlapping(self) -> list[Mapping[str, Strip]]:
        """Dimensions in which neighbouring tiles need the same rows."""
        return [d for d in self.dims if any(s.halo for s in d.values())]

    @property
    def apart(self) -> list[Mapping[str, Strip]]:
        """Dimensions in which each row belongs to one tile."""
        return [d for d in self.dims if all(s.scale == 1 and not s.halo for s in d.values())]


def candidates(
    program: Program, names: tuple[str, ...], whole: frozenset[str] = frozenset()
) -> list[Candidate]:
    """Pipelines among the named statements that have halos; `whole` tensors are in none."""
    out: list[Candidate] = []
    for p in _pipelines(program, names, whole):
        dims, stops = _dimensions(program, p)
        candidate = Candidate(p, tuple(dims))
        if candidate.overlapping:
            stops = _obstacles(program, p, whole)
            if not stops:
                out.append(candidate)
                continue
        further = dict.fromkeys(t for t in stops if t not in whole)
        found = (candidates(program, candidate.names, whole | {t}) for t in further)
        out += next((c for c in found if c), [])
    return out


def _dimensions(program: Program, p: Pipeline) -> tuple[list[dict[str, Strip]], list[str]]:
    """The strips along each dimension of the last result, and the tensors that stop others."""
    results = [s.tensor for s in p.statements if s.tensor not in p.inner]
    found: list[dict[str, Strip]] = []
    stops: list[str] = []
    for d in range(len(program.tensor(results[-1]).shape)):
        try:
            found.append(strips(p, results[-1], d))
        except Whole as stop:
            stops += [stop.tensor] if stop.tensor in p.inner else _read_for(p, stop.tensor)
    return found, stops


def _read_for(p: Pipeline, tensor: str) -> list[str]:
    """The temporaries of a pipeline that the writers of a tensor read."""
    return [a.tensor for s in p.writers(tensor) for a in accesses(s) if a.tensor in p.inner]


def _pipelines(
    program: Program, names: tuple[str, ...], whole: frozenset[str]
) -> Iterator[Pipeline]:
    """Statements joined by tensors that one of them writes and that may be in tiles."""
    joining = _joining(program, names) - whole
    touched = {n: _tensors(program.statement(n)) & joining for n in names}
    arrows = [(a, b) for a in names for b in names if touched[a] & touched[b]]
    for group in components(names, arrows):
        inside = tuple(s for s in program.statements if s.name in group)
        written = frozenset(s.tensor for s in inside)
        inner = frozenset(t for t in written & joining if program.tensor(t).kind == "temporary")
        if inner and written != inner and len(inside) <= MOST_STATEMENTS:
            yield Pipeline(inside, inner, written)


def _obstacles(program: Program, p: Pipeline, whole: frozenset[str]) -> list[str]:
    """Temporaries that must be whole before something that the pipeline itself needs is there: a
    tensor that it may not tile, or what statements outside make from its results."""
    inside = {s.name for s in p.statements}
    read = {a.tensor for s in p.statements for a in accesses(s) if not a.write}
    plain = _joining(program, tuple(inside)) - whole
    early = {t for t in p.written & read if t not in plain}
    for s in _between(program, inside):
        early |= _tensors(s) & p.written
    return [t for x in sorted(early) for t in _read_for(p, x)]


def _joining(program: Program, names: tuple[str, ...]) -> frozenset[str]:
    """Temporaries and outputs of plain statements that data does not address, and that only the
    named statements touch where they are temporaries."""
    users: dict[str, list[tuple[Statement, Access]]] = {t.name: [] for t in program.tensors}
    for s in program.statements:
        for a in accesses(s):
            users[a.tensor].append((s, a))
    out = set()
    for t in program.tensors:
        found = users[t.name]
        plain = all(isinstance(x, Int) for _, a in found for x in a.subs)
        mine = t.kind == "output" or all(s.name in names for s, _ in found)
        simple = all(len(s.order) == 1 and not s.tiles for s, _ in found)
        if t.kind != "input" and t.packs is None and t.shape and plain and mine and simple:
            out.add(t.name)
    return frozenset(out)


def _tensors(s: Statement) -> frozenset[str]:
    return frozenset(a.tensor for a in accesses(s))


def _between(program: Program, inside: set[str]) -> list[Statement]:
    """Statements that have to run after one of the named and before another."""
    touched = [_tensors(s) for s in program.statements]
    names = [s.name for s in program.statements]
    arrows = [
        (a.name, names[k])
        for i, a in enumerate(program.statements)
        for k in range(i + 1, len(names))
        if a.tensor in touched[k] or program.statements[k].tensor in touched[i]
    ]
    reach = reachable(names, arrows)
    own = sum(1 << k for k, n in enumerate(names) if n in inside)
    after = 0
    for n in inside:
        after |= reach[n]
    return [
        s
        for k, s in enumerate(program.statements)
        if s.name not in inside and after >> k & 1 and reach[s.name] & own
    ]
