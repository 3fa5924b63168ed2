"""The pictures of a report with their captions: domains, then dependences between statements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from polyc.frontend.program import Program, Statement
from polyc.report.data import Report
from polyc.report.pictures import domain_picture, edge_picture, map_picture
from polyc.report.plane import (
    Pairs,
    Plane,
    Tiles,
    arrows,
    pairs_of,
    planes_of,
    sample_sizes,
    shown_at,
    tile_rows,
    to_samples,
)
from polyc.scheduler.dependences import Edge, distance_text

MOST_STATEMENTS, MOST_EDGES = 8, 8  # in pictures; a page with more is not read
_ARROWS = 260


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture, or two of one thing, as SVG."""

    title: str
    caption: str
    pictures: tuple[str, ...]


def figures(r: Report) -> tuple[Figure, ...]:
    """Of the largest statements, and of the dependences between them."""
    program, edges = r.lowered.program, r.lowered.dependences.edges
    sizes = sample_sizes(program)
    shown = _largest(program)
    tiles = {s.name: tile_rows(r.tree, s.name, sizes) for s in shown}
    planes = {s.name: planes_of(s, tiles[s.name], edges, sizes) for s in shown}
    own = [_domain(p, tiles[s.name], edges, sizes) for s in shown for p in planes[s.name]]
    between = list(_between(edges, planes, sizes))
    return (*own[:4], *between[:2], *own[4:], *between[2:])  # some of each first


def _largest(program: Program) -> list[Statement]:
    """In the order of the program."""
    statements = [s for s in program.statements if s.vars and not s.domain.is_empty()]
    if len(statements) <= MOST_STATEMENTS:
        return statements
    if program.sizes:
        ranked = sorted(statements, key=lambda s: -len(s.vars))
    else:
        ranked = sorted(statements, key=lambda s: -_volume(s))
    kept = {s.name for s in ranked[:MOST_STATEMENTS]}
    return [s for s in statements if s.name in kept]


def _volume(s: Statement) -> int:
    ends = [(s.domain.dim_min_val(k), s.domain.dim_max_val(k)) for k in range(len(s.vars))]
    return prod(high.to_python() - low.to_python() + 1 for low, high in ends)


def _domain(plane: Plane, tiles: Tiles, edges: tuple[Edge, ...], sizes: dict[str, int]) -> Figure:
    s = plane.statement
    found = [e for e in edges if e.source == e.sink == s.name]
    pairs: Pairs = []
    for e in found:
        pairs += pairs_of(arrows(e, plane, plane, sizes), _ARROWS - len(pairs))
    pairs = list(dict.fromkeys(pairs))
    pictures = [domain_picture(plane, tiles, pairs)]
    if not plane.whole:
        pictures.insert(0, map_picture(plane, tiles))
    name = f"{s.name} over {plane.across}" + ("" if plane.down is None else f" and {plane.down}")
    return Figure(
        name, " ".join(_caption(plane, tiles, found, bool(pairs), sizes)), tuple(pictures)
    )


def _caption(
    plane: Plane, tiles: Tiles, edges: list[Edge], drawn: bool, sizes: dict[str, int]
) -> Iterator[str]:
    if sizes:
        given = ", ".join(f"{n} = {v}" for n, v in sizes.items())
        yield f"Sizes are open; drawn with {given}."
    yield "All instances." if plane.whole else "Left the whole domain, right a part of it."
    if plane.rest:
        rest = ", ".join(v for v, _ in plane.rest)
        yield f"Projected along {rest}; tiles at {', '.join(f'{v} = {n}' for v, n in plane.rest)}."
    rows = [f"{mark} {e}".strip() for e, mark in tiles]
    yield f"Tiles: {', '.join(rows)}." if rows else "Not tiled."
    if drawn:
        kinds = ", ".join(dict.fromkeys(e.kind for e in edges))
        tensors = ", ".join(dict.fromkeys(e.tensor for e in edges))
        free = " of a sum, whose terms may be reordered" if all(e.reduction for e in edges) else ""
        yield f"Arrows: {kinds} dependences on {tensors}{free}, from the nearest source."
    elif not edges:
        yield "No instance depends on another of the same statement."


def _between(
    edges: tuple[Edge, ...], planes: dict[str, list[Plane]], sizes: dict[str, int]
) -> Iterator[Figure]:
    """Flow between different statements: values that one makes and another reads."""
    flow = [e for e in edges if e.kind == "flow" and e.source != e.sink]
    drawn = [e for e in flow if planes.get(e.source) and planes.get(e.sink)]
    # Those of statements with the same variables first: they say most about the order of loops.
    drawn.sort(key=lambda e: _axes(planes[e.source][0]) != _axes(planes[e.sink][0]))
    for e in drawn[:MOST_EDGES]:
        source, sink = planes[e.source][0], planes[e.sink][0]
        if _axes(source) == _axes(sink):
            sink = shown_at(sink, source.corner)
        pairs = pairs_of(to_samples(arrows(e, source, sink, sizes)), _ARROWS)
        if pairs:
            title = f"{e.source} → {e.sink} on {e.tensor}"
            distance = _short(distance_text(e))
            caption = f"What some instances of {e.sink} read."
            caption += "" if distance == "-" else f" Distance: {distance}"
            yield Figure(title, caption, (edge_picture(source, sink, pairs),))


def _axes(p: Plane) -> tuple[str | None, str]:
    return p.down, p.across


def _short(words: str) -> str:
    return words if len(words) <= 160 else f"{words[:157]}..."
