"""Groups: which statements share outer loops.

Strongly connected statements first; then groups joined by a tensor are merged, largest saved
traffic first, where they have coincident dimensions in common, enough parallelism is left, and the
fused loops cost no more than the two did. Every try leaves a `Decision`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from polyc.frontend.program import Program
from polyc.options import Options
from polyc.scheduler.affine import Row
from polyc.scheduler.bands import outer_rows
from polyc.scheduler.common import Group, Link, common_rows, edge_link, read_link
from polyc.scheduler.dependences import Edge
from polyc.scheduler.facts import accesses, extents, sized
from polyc.scheduler.graph import components, reachable
from polyc.scheduler.traffic import Cost, cost, tensor_bytes
from polyc.scheduler.tree import Decision
from polyc.target import Target

ENOUGH_PARALLEL = 16  # independent iterations that keep a few threads busy and balanced


@dataclass(frozen=True, slots=True)
class Facts:
    """What every try reads."""

    program: Program
    typical: Program  # the same at fixed sizes
    edges: tuple[Edge, ...]  # among the statements in question
    links: tuple[Link, ...]  # hulls of the edges between different statements
    used: Mapping[str, frozenset[str]]  # statement -> tensors it touches
    size: Mapping[str, int]  # tensor -> bytes
    users: Mapping[str, frozenset[str]]  # temporary -> every statement that touches it
    target: Target
    options: Options


def statement_components(names: tuple[str, ...], edges: tuple[Edge, ...]) -> list[tuple[str, ...]]:
    """Strongly connected statements, in an order that respects the edges; ties by the text."""
    return components(names, {(e.source, e.sink) for e in edges})


def form_groups(
    program: Program,
    names: tuple[str, ...],
    edges: tuple[Edge, ...],
    target: Target,
    options: Options,
) -> tuple[list[Group], list[Decision]]:
    """Groups in an order that respects the edges, and the reason for every merge and refusal."""
    facts = _facts(program, names, edges, target, options)
    price = functools.cache(functools.partial(_cost, facts))
    decisions: list[Decision] = []
    groups = [
        Group(c, tuple(outer_rows(program, c, edges, options.budget)))
        for c in statement_components(names, edges)
    ]
    refused: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    while True:
        for a, b in _candidates(facts, groups, refused):
            merged, decision = _try(facts, price, a, b)
            decisions.append(decision)
            if merged is None:
                refused.add((a.names, b.names))
                continue
            groups = _replace(groups, a, b, merged, facts.edges)
            break
        else:
            return groups, decisions


def _facts(
    program: Program,
    names: tuple[str, ...],
    edges: tuple[Edge, ...],
    target: Target,
    options: Options,
) -> Facts:
    typical = sized(program)
    inside = tuple(e for e in edges if e.source in names and e.sink in names)
    touched = {s.name: frozenset(a.tensor for a in accesses(s)) for s in program.statements}
    temporaries = [t.name for t in program.tensors if t.kind == "temporary"]
    return Facts(
        *(program, typical, inside),
        links=tuple(edge_link(e) for e in inside if e.source != e.sink),
        used={n: touched[n] for n in names},
        size={t.name: tensor_bytes(typical, t.name) for t in typical.tensors},
        users={t: frozenset(n for n, x in touched.items() if t in x) for t in temporaries},
        target=target,
        options=options,
    )


def _try(
    facts: Facts, price: Callable[[Group], Cost], a: Group, b: Group
) -> tuple[Group | None, Decision]:
    program, options = facts.program, facts.options
    names = tuple(n.name for n in program.statements if n.name in a.names + b.names)
    if _shared_copy(program, names):
        reason = "operands are copied once, before the loops that share them"
        return None, Decision("fuse", "+".join(names), "no", reason)
    subject = f"{'+'.join(a.names)} with {'+'.join(b.names)}"
    if (not a.rows or not b.rows) and not (_trivial(program, a) or _trivial(program, b)):
        return None, Decision("fuse", subject, "no", "one side has no parallel dimension")
    rows = _common(facts, a, b, names)
    if not rows:
        return None, Decision("fuse", subject, "no", "no parallel dimension in common")
    left = _parallelism(facts.typical, rows)
    had = max(_parallelism(facts.typical, g.rows) for g in (a, b))
    if left < min(had, ENOUGH_PARALLEL) and options.fusion != "max":
        reason = f"{left} independent iterations would be left of {had}"
        return None, Decision("fuse", subject, "no", reason)
    merged = Group(names, rows)
    apart, together = price(a) + price(b), price(merged)
    numbers = (
        f"{together.cycles} cycles together, {apart.cycles} apart; "
        f"{together.bytes} bytes against {apart.bytes}, weighed by level"
    )
    # What flows from one to the other leaves less code and fewer starts as well.
    most = apart.cycles * 1.1 if _links(facts, a, b) else apart.cycles - 1
    if together.cycles > most and options.fusion != "max" and not _initialises(program, a, b):
        return None, Decision("fuse", subject, "no", numbers)
    reason = f"{len(rows)} common dimensions, {left} independent iterations, {numbers}"
    return merged, Decision("fuse", subject, "yes", reason)


def _shared_copy(program: Program, names: tuple[str, ...]) -> bool:
    """One of the statements copies an operand that some loop of another reads again and again."""
    statements = [program.statement(n) for n in names]
    copies = {s.tensor for s in statements if program.tensor(s.tensor).packs}
    return any(
        a.tensor in copies and any(v not in s.reduced and not a.moves_with(v) for v in s.vars)
        for s in statements
        for a in accesses(s)
        if not a.write
    )


def _common(facts: Facts, a: Group, b: Group, names: tuple[str, ...]) -> tuple[Row, ...]:
    """Coincident rows of both; where nothing flows between them, rows that read an input alike."""
    links = _links(facts, a, b)
    if not links:
        links = _alike(facts, a, b)
        if not links and a.rows and b.rows:
            return ()
    rows = common_rows(facts.program, a, b, links)
    if rows is None:
        rows = outer_rows(facts.program, names, facts.edges, facts.options.budget)
    return tuple(rows)


def _links(facts: Facts, a: Group, b: Group) -> list[Link]:
    """Dependences from one to the other."""
    one, other = set(a.names), set(b.names)
    return [
        x
        for x in facts.links
        if (x.source in one and x.sink in other) or (x.source in other and x.sink in one)
    ]


def _alike(facts: Facts, a: Group, b: Group) -> list[Link]:
    """The pairs of instances that read one element of the largest tensor both read affinely."""
    shared = _touched(facts, a) & _touched(facts, b)
    for tensor in sorted(shared, key=lambda t: (-facts.size[t], t)):
        links = (
            read_link(facts.program, s, x, t, y)
            for s in map(facts.program.statement, a.names)
            for t in map(facts.program.statement, b.names)
            for x in accesses(s)
            for y in accesses(t)
            if x.tensor == y.tensor == tensor and not x.write and not y.write
        )
        if found := next((x for x in links if x is not None), None):
            return [found]
    return []


def _cost(facts: Facts, g: Group) -> Cost:
    """What a group takes; temporaries that nobody else uses stay in its tiles."""
    private = frozenset(t for t, users in facts.users.items() if users <= set(g.names))
    return cost(facts.typical, g.names, g.rows, private, facts.target)


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
    facts: Facts, groups: list[Group], refused: set[tuple[tuple[str, ...], tuple[str, ...]]]
) -> list[tuple[Group, Group]]:
    """Pairs that share a tensor and have no group between them, most shared bytes first."""
    out: list[tuple[int, int, Group, Group]] = []
    reach = reachable(range(len(groups)), _group_arrows(groups, facts.edges))
    touched = [_touched(facts, g) for g in groups]
    for i, a in enumerate(groups):
        for j in range(i + 1, len(groups)):
            b = groups[j]
            if (a.names, b.names) in refused:
                continue
            shared = sum(facts.size[t] for t in touched[i] & touched[j])
            if not shared or any(j in reach[k] for k in reach[i] - {i, j}):
                continue
            init = _initialises(facts.program, a, b)
            if facts.options.fusion != "none" or init:
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


def _touched(facts: Facts, g: Group) -> frozenset[str]:
    """The tensors of a group."""
    return frozenset().union(*(facts.used[n] for n in g.names))


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
