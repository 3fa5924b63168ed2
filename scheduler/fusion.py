"""Groups: which statements share outer loops.

Strongly connected statements first; then groups joined by a tensor are merged, largest saved
traffic first, when isl finds coincident dimensions common to both and enough parallelism is left.
Every try leaves a `Decision`.
"""

from __future__ import annotations

from dataclasses import dataclass

from polyc.frontend.program import Program
from polyc.options import Options
from polyc.scheduler.affine import Row
from polyc.scheduler.bands import outer_rows
from polyc.scheduler.dependences import Edge
from polyc.scheduler.facts import accesses, extents, sized
from polyc.scheduler.graph import components, reachable
from polyc.scheduler.tree import Decision

ENOUGH_PARALLEL = 16  # independent iterations that keep a few threads busy and balanced


@dataclass(frozen=True, slots=True)
class Group:
    """Statements in textual order and the coincident rows they have in common."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]


def statement_components(names: tuple[str, ...], edges: tuple[Edge, ...]) -> list[tuple[str, ...]]:
    """Strongly connected statements, in an order that respects the edges; ties by the text."""
    return components(names, {(e.source, e.sink) for e in edges})


def form_groups(
    program: Program, names: tuple[str, ...], edges: tuple[Edge, ...], options: Options
) -> tuple[list[Group], list[Decision]]:
    """Groups in an order that respects the edges, and the reason for every merge and refusal."""
    decisions: list[Decision] = []
    groups = [
        Group(c, tuple(outer_rows(program, c, edges, options.budget)))
        for c in statement_components(names, edges)
    ]
    typical = sized(program)
    refused: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    while True:
        for a, b in _candidates(typical, groups, edges, options):
            if (a.names, b.names) in refused:
                continue
            merged, decision = _try(program, typical, a, b, edges, options)
            decisions.append(decision)
            if merged is None:
                refused.add((a.names, b.names))
                continue
            groups = _replace(groups, a, b, merged, edges)
            break
        else:
            return groups, decisions


def _try(
    program: Program,
    typical: Program,
    a: Group,
    b: Group,
    edges: tuple[Edge, ...],
    options: Options,
) -> tuple[Group | None, Decision]:
    names = tuple(n.name for n in program.statements if n.name in a.names + b.names)
    if any(program.tensor(program.statement(n).tensor).packs for n in names):
        reason = "operands are copied once, before the loops that share them"
        return None, Decision("fuse", "+".join(names), "no", reason)
    subject = f"{'+'.join(a.names)} with {'+'.join(b.names)}"
    if (not a.rows or not b.rows) and not (_trivial(program, a) or _trivial(program, b)):
        return None, Decision("fuse", subject, "no", "one side has no parallel dimension")
    rows = tuple(outer_rows(program, names, edges, options.budget))
    if not rows:
        return None, Decision("fuse", subject, "no", "no parallel dimension in common")
    left = _parallelism(typical, rows)
    had = max(_parallelism(typical, g.rows) for g in (a, b))
    if left < min(had, ENOUGH_PARALLEL) and options.fusion != "max":
        reason = f"{left} independent iterations would be left of {had}"
        return None, Decision("fuse", subject, "no", reason)
    shared = _shared_bytes(typical, a, b)
    reason = f"{len(rows)} common dimensions, {left} independent iterations, {shared} bytes shared"
    return Group(names, rows), Decision("fuse", subject, "yes", reason)


def _trivial(program: Program, g: Group) -> bool:
    """A single point, such as the initialisation of a scalar."""
    return all(not program.statement(n).vars for n in g.names)


def _parallelism(program: Program, rows: tuple[Row, ...]) -> int:
    """Independent outer iterations, from the statement that has most of them."""
    best = 1
    if not rows:
        return best
    for name, _ in rows[0].exprs:
        ranges = extents(program.statement(name))
        total = 1
        for r in rows:
            total *= max((ranges[v] for v in ranges if v in r[name].names), default=1)
        best = max(best, total)
    return best


def _candidates(
    program: Program, groups: list[Group], edges: tuple[Edge, ...], options: Options
) -> list[tuple[Group, Group]]:
    """Pairs that share a tensor and have no group between them, most shared bytes first."""
    out: list[tuple[int, int, Group, Group]] = []
    reach = reachable(range(len(groups)), _group_arrows(groups, edges))
    for i, a in enumerate(groups):
        for j in range(i + 1, len(groups)):
            b = groups[j]
            shared = _shared_bytes(program, a, b)
            init = _initialises(program, a, b)
            between = any(
                k in reach[i] and j in reach[k] for k in range(len(groups)) if k not in (i, j)
            )
            if not shared or between or (options.fusion == "none" and not init):
                continue
            out.append((0 if init else 1, -shared, a, b))
    out.sort(key=lambda t: t[:2])
    return [(a, b) for _, _, a, b in out]


def _initialises(program: Program, a: Group, b: Group) -> bool:
    """`a` only gives the tensor that `b` reduces into its first value."""
    (first, *more) = a.names
    target = program.statement(first).tensor
    return not more and any(
        s.op is not None and s.tensor == target for s in map(program.statement, b.names)
    )


def _shared_bytes(program: Program, a: Group, b: Group) -> int:
    """Bytes of the tensors both touch."""
    used = [{x.tensor for n in g.names for x in accesses(program.statement(n))} for g in (a, b)]
    total = 0
    for t in used[0] & used[1]:
        tensor = program.tensor(t)
        size = tensor.dtype.bytes
        for n in tensor.shape:
            size *= max(1, n.value)
        total += 0 if tensor.scalar else size
    return total


def _group_arrows(groups: list[Group], edges: tuple[Edge, ...]) -> set[tuple[int, int]]:
    home = {n: i for i, g in enumerate(groups) for n in g.names}
    return {(home[e.source], home[e.sink]) for e in edges if e.source in home and e.sink in home}


def _replace(
    groups: list[Group], a: Group, b: Group, merged: Group, edges: tuple[Edge, ...]
) -> list[Group]:
    """The groups with two of them merged, in an order that respects the edges."""
    rest = [*(g for g in groups if g not in (a, b)), merged]
    order = components(range(len(rest)), _group_arrows(rest, edges))
    return [rest[i] for (i,) in order]
