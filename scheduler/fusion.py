"""Groups: which statements share outer loops.

Strongly connected statements first; then groups joined by a tensor are merged, largest saved
traffic first, where they have coincident dimensions in common, enough parallelism is left, and the
fused loops cost no more than the two did. Every try leaves a `Decision`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from polyc.frontend.program import Program, Statement
from polyc.options import Options
from polyc.scheduler.affine import Row
from polyc.scheduler.bands import outer_rows
from polyc.scheduler.common import Group, Link, common_rows, edge_link, read_link
from polyc.scheduler.dependences import Edge
from polyc.scheduler.facts import Access, accesses, loads_of, sized
from polyc.scheduler.figures import Figures
from polyc.scheduler.graph import components
from polyc.scheduler.pairs import Pairs, Touch
from polyc.scheduler.tiling import counts_tiles
from polyc.scheduler.traffic import Cost, cost, tensor_bytes
from polyc.scheduler.tree import Decision
from polyc.target import Target

_NONE: frozenset[str] = frozenset()
ENOUGH_PARALLEL = 16  # independent iterations that keep a few threads busy and balanced

FLOOD = 4  # times the bytes of two groups that one may not move for no cycles saved


@dataclass(frozen=True, slots=True)
class Facts:
    """What every try reads."""

    program: Program
    typical: Program  # the same at fixed sizes
    figures: Figures  # of its statements
    edges: tuple[Edge, ...]  # among the statements in question
    links: Mapping[str, Mapping[int, Link]]  # statement -> hulls of edges to others, numbered
    place: Mapping[str, int]  # statement -> its place in the text
    tiles: Mapping[str, tuple[str, ...]]  # statement -> its counters of tiles, where it has some
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
    touched = {s.name: frozenset(a.tensor for a in accesses(s)) for s in program.statements}
    facts = _facts(program, names, edges, touched, target, options)
    price = functools.cache(functools.partial(_cost, facts))
    decisions: list[Decision] = []
    pairs = _pairs(facts, names, touched)
    while True:
        for x, y in pairs.candidates(options.fusion == "none"):
            a, b = pairs.groups[x], pairs.groups[y]
            first = pairs.touch[x].initialises(pairs.touch[y])
            merged, decision = _try(facts, price, a, b, first)
            decisions.append(decision)
            if merged is not None:
                pairs.merge(x, y, merged)
                break
            pairs.refuse(x, y)
        else:
            return list(pairs.groups.values()), decisions


def _facts(
    program: Program,
    names: tuple[str, ...],
    edges: tuple[Edge, ...],
    touched: Mapping[str, frozenset[str]],
    target: Target,
    options: Options,
) -> Facts:
    typical = sized(program)
    asked = set(names)
    inside = tuple(e for e in edges if e.source in asked and e.sink in asked)
    links: dict[str, dict[int, Link]] = {n: {} for n in names}
    for k, e in enumerate(inside):
        if e.source != e.sink:
            links[e.source][k] = links[e.sink][k] = edge_link(e)
    users: dict[str, set[str]] = {t.name: set() for t in program.tensors if t.kind == "temporary"}
    for n, tensors in touched.items():
        for t in tensors & users.keys():
            users[t].add(n)
    return Facts(
        *(program, typical, Figures.of(typical, names), inside, links),
        place={s.name: k for k, s in enumerate(program.statements)},
        tiles={s.name: s.tiles for s in program.statements if s.tiles},
        size={t.name: tensor_bytes(typical, t.name) for t in typical.tensors},
        users={t: frozenset(found) for t, found in users.items()},
        target=target,
        options=options,
    )


def _pairs(facts: Facts, names: tuple[str, ...], touched: Mapping[str, frozenset[str]]) -> Pairs:
    """The strongly connected statements as groups."""
    pairs = Pairs(facts.size)
    home: dict[str, int] = {}
    for k, c in enumerate(statement_components(names, facts.edges)):
        statements = [facts.program.statement(n) for n in c]
        rows = outer_rows(facts.program, c, facts.edges, facts.options.budget)
        touch = Touch(
            frozenset().union(*(touched[n] for n in c)),
            statements[0].tensor if len(c) == 1 else None,
            frozenset(s.tensor for s in statements if s.op is not None),
        )
        pairs.add(k, Group(c, tuple(rows)), touch)
        home |= dict.fromkeys(c, k)
    arrows = {(home[e.source], home[e.sink]) for e in facts.edges}
    pairs.connect({(x, y) for x, y in arrows if x != y})
    return pairs


def _try(
    facts: Facts, price: Callable[[Group], Cost], a: Group, b: Group, first: bool
) -> tuple[Group | None, Decision]:
    """Both as one group, if that is worth it; `first`: `a` only gives a sum its first value."""
    program, options = facts.program, facts.options
    names = tuple(sorted(a.names + b.names, key=facts.place.__getitem__))
    if _shared_copy(program, names):
        reason = "operands are copied once, before the loops that share them"
        return None, Decision("fuse", "+".join(names), "no", reason)
    if _combines(program, names):
        reason = "partial results are combined once all of them are there"
        return None, Decision("fuse", "+".join(names), "no", reason)
    subject = f"{'+'.join(a.names)} with {'+'.join(b.names)}"
    tiles = _tiles(facts, a)
    if tiles != _tiles(facts, b):
        reason = "one side is in tiles that compute their halos"
        return None, Decision("fuse", subject, "no", reason)
    if (not a.rows or not b.rows) and not (_trivial(program, a) or _trivial(program, b)):
        return None, Decision("fuse", subject, "no", "one side has no parallel dimension")
    links = _links(facts, a, b)
    rows = _common(facts, a, b, names, links)
    if not rows:
        return None, Decision("fuse", subject, "no", "no parallel dimension in common")
    left = _parallelism(facts.figures, rows)
    had = max(_parallelism(facts.figures, g.rows) for g in (a, b))
    if left < min(had, ENOUGH_PARALLEL) and options.fusion != "max":
        reason = f"{left} independent iterations would be left of {had}"
        return None, Decision("fuse", subject, "no", reason)
    merged = Group(names, rows)
    if tiles and any(counts_tiles(facts.figures, r, names) for r in rows):
        reason = "tiles that compute their halos are what both have in common"
        return merged, Decision("fuse", subject, "yes", reason)
    apart, together = price(a) + price(b), price(merged)
    numbers = (
        f"{together.cycles} cycles together, {apart.cycles} apart; "
        f"{together.bytes} bytes against {apart.bytes}, weighed by level"
    )
    # What flows from one to the other leaves less code and fewer starts as well.
    most = apart.cycles * 1.1 if links else apart.cycles - 1
    # Loads hide behind arithmetic only while they are not many times as many.
    flood = together.bytes > FLOOD * apart.bytes and together.cycles >= apart.cycles
    if (together.cycles > most or flood) and options.fusion != "max" and not first:
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


def _combines(program: Program, names: tuple[str, ...]) -> bool:
    """Partial results are made and used by the statements."""
    parts = {t.name for t in program.tensors if t.parts}
    group = [program.statement(n) for n in names] if parts else []
    made = parts.intersection(s.tensor for s in group)
    return any(x.tensor in made for s in group for x in loads_of(s.value))


def _tiles(facts: Facts, g: Group) -> frozenset[str]:
    """The counters of tiles that the statements of a group have."""
    return frozenset(t for n in g.names for t in facts.tiles.get(n, ())) if facts.tiles else _NONE


def _common(
    facts: Facts, a: Group, b: Group, names: tuple[str, ...], links: list[Link]
) -> tuple[Row, ...]:
    """Coincident rows of both; where nothing flows between them, rows that read an input alike."""
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
    if len(a.names) > len(b.names):
        a, b = b, a
    others = set(b.names)
    found = {
        k: x
        for n in a.names
        for k, x in facts.links[n].items()
        if x.source in others or x.sink in others
    }
    return [found[k] for k in sorted(found)]


def _alike(facts: Facts, a: Group, b: Group) -> list[Link]:
    """The pairs of instances that read one element of the largest tensor both read affinely."""
    one, other = ([(s, accesses(s)) for s in map(facts.program.statement, g.names)] for g in (a, b))
    shared = {x.tensor for _, xs in one for x in xs} & {y.tensor for _, ys in other for y in ys}
    for tensor in sorted(shared, key=lambda t: (-facts.size[t], t)):
        links = (
            read_link(facts.program, s, x, t, y)
            for s, xs in _reading(one, tensor)
            for t, ys in _reading(other, tensor)
            for x in xs
            for y in ys
        )
        if found := next((x for x in links if x is not None), None):
            return [found]
    return []


def _reading(
    statements: list[tuple[Statement, tuple[Access, ...]]], tensor: str
) -> list[tuple[Statement, list[Access]]]:
    """The statements that read a tensor, and how."""
    found = ((s, [x for x in xs if x.tensor == tensor and not x.write]) for s, xs in statements)
    return [(s, xs) for s, xs in found if xs]


def _cost(facts: Facts, g: Group) -> Cost:
    """What a group takes; temporaries that nobody else uses stay in its tiles."""
    names = set(g.names)
    private = frozenset(t for t, users in facts.users.items() if users <= names)
    return cost(facts.typical, g.names, g.rows, private, facts.target, facts.figures)


def _trivial(program: Program, g: Group) -> bool:
    """A single point, such as the initialisation of a scalar."""
    return all(not program.statement(n).vars for n in g.names)


def _parallelism(figures: Figures, rows: tuple[Row, ...]) -> int:
    """Independent outer iterations, from the statement that has most of them."""
    best = 1
    for exprs in zip(*(r.exprs for r in rows), strict=True):
        total = 1
        for name, e in exprs:
            total *= figures.widest(name, e)
        best = max(best, total)
    return best
