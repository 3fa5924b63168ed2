"""Two variables of a statement as a plane: which of its instances lie in a window, and where tiles
end there. Open sizes get small numbers first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import islpy as isl

from polyc.frontend.integers import FloorDiv, Int
from polyc.frontend.program import Program, Statement, fix_parameters
from polyc.report.nodes import Node
from polyc.scheduler.affine import PARAM
from polyc.scheduler.dependences import Edge

SET = isl.dim_type.set
WIDE, HIGH = 16, 12  # points of a window
_LOOKED_AT = 4096  # values in which the first border of a tile is looked for
FEW = 12  # what an open size is drawn as, where the program allows that

Point = tuple[int, int]
Pairs = list[tuple[Point, Point]]  # ends of arrows
Tiles = list[tuple[Int, str]]  # rows that make tiles, outermost first, with their marks


def sample_sizes(program: Program) -> dict[str, int]:
    """Small numbers for the open sizes; {} where there are none."""
    names = [z.name for z in program.sizes]
    if not names:
        return {}
    wanted = isl.Set(
        f"[{', '.join(names)}] -> {{ : {' and '.join(f'{n} >= {FEW}' for n in names)} }}"
    )
    space = program.context.align_params(wanted.get_space())
    found = space.intersect(wanted)
    found = space if found.is_empty() else found
    at = found.params().move_dims(SET, 0, PARAM, 0, len(names)).lexmin().sample_point()
    order = found.get_space()
    return {
        order.get_dim_name(PARAM, k) or "": at.get_coordinate_val(SET, k).to_python()
        for k in range(len(names))
    }


@dataclass(frozen=True, slots=True)
class Plane:
    """Instances of a statement projected on two of its variables.

    down, across  the variables; `down` is None where the statement has one
    points        those in the window; corner: the first of the window
    first         the least values in the whole domain, (down, across); extent: how many
    rest          the variables that are not shown, each at the value that tiles are looked at
    """

    statement: Statement
    domain: isl.Set  # { S[vars] }, sizes fixed
    down: str | None
    across: str
    points: frozenset[Point]
    corner: Point
    first: Point
    extent: Point
    rest: tuple[tuple[str, int], ...]

    @property
    def whole(self) -> bool:
        """Every point of the domain is in the window."""
        return self.extent[0] <= HIGH and self.extent[1] <= WIDE

    def at(self, point: Point) -> dict[str, int]:
        """Values of all variables, in their order."""
        table = {**dict(self.rest), self.across: point[1]}
        if self.down is not None:
            table[self.down] = point[0]
        return {v: table[v] for v in self.statement.vars}

    @property
    def onto(self) -> isl.Map:
        """{ S[vars] -> [down, across] }"""
        down = "0" if self.down is None else self.down
        names = ", ".join(self.statement.vars)
        return isl.Map(f"{{ {self.statement.name}[{names}] -> [{down}, {self.across}] }}")


def plane_of(
    s: Statement, sizes: Mapping[str, int], tiles: Tiles, down: str | None, across: str
) -> Plane | None:
    """None where nothing runs. The window stands where the first tile ends, if that is not in the
    first corner."""
    domain = fix_parameters(s.domain, sizes)
    if domain.is_empty() or not s.vars:
        return None
    lows = {v: domain.dim_min_val(k).to_python() for k, v in enumerate(s.vars)}
    highs = {v: domain.dim_max_val(k).to_python() for k, v in enumerate(s.vars)}
    rest = tuple((v, n) for v, n in lows.items() if v not in (down, across))
    lengths = {v: highs[v] - lows[v] + 1 for v in s.vars}

    def start(v: str | None, room: int) -> int:
        return 0 if v is None else _start(v, room, lows, lengths[v], tiles)

    corner = (start(down, HIGH), start(across, WIDE))
    first = (0 if down is None else lows[down], lows[across])
    extent = (1 if down is None else lengths[down], lengths[across])
    plane = Plane(s, domain, down, across, frozenset(), first, first, extent, rest)
    return shown_at(plane, corner)


def shown_at(plane: Plane, corner: Point) -> Plane:
    """The plane with its window at another corner."""
    inside = plane.domain.apply(plane.onto).intersect(_window(corner))
    return replace(plane, corner=corner, points=frozenset(points_of(inside)))


def _start(v: str, room: int, lows: Mapping[str, int], length: int, tiles: Tiles) -> int:
    """The first value of a window with room for some: half of them before the first border."""
    rows = [e for e, _ in tiles if v in e.names]
    for k in range(1, min(length, _LOOKED_AT)):
        now, then = {**lows, v: lows[v] + k - 1}, {**lows, v: lows[v] + k}
        if any(e.eval(now) != e.eval(then) for e in rows):
            return lows[v] + (0 if k < room else min(k - room // 2, max(0, length - room)))
    return lows[v]


def _window(first: Point) -> isl.Set:
    y, x = first
    return isl.Set(f"{{ [a, b] : {y} <= a < {y + HIGH} and {x} <= b < {x + WIDE} }}")


def points_of(s: isl.Set) -> list[Point]:
    """The points of a bounded set of two dimensions, sorted."""
    out: list[Point] = []

    def add(p: isl.Point) -> None:
        y, x = (p.get_coordinate_val(SET, k).to_python() for k in range(2))
        out.append((y, x))

    s.foreach_point(add)
    return sorted(out)


# ---- tiles
def tile_rows(tree: Node, name: str, sizes: Mapping[str, int]) -> Tiles:
    """The rows of a statement that make tiles, outermost first, each once, with their marks."""
    out: dict[Int, str] = {}
    for _, node in tree.walk():
        e = dict(node.rows).get(name)
        if e is not None and any(isinstance(a, FloorDiv) for m, _ in e.terms for a in m):
            out.setdefault(e.subs(sizes), node.mark)
    return list(out.items())


def planes_of(
    s: Statement, tiles: Tiles, edges: tuple[Edge, ...], sizes: Mapping[str, int]
) -> list[Plane]:
    """The one or two projections that show most: the tiled variables, and one along which a
    dependence of the statement with itself runs."""
    if not s.vars:
        return []
    pairs = [_first_pair(s, tiles)]
    missing = [v for v in s.vars if v in _moved(s, edges) and v not in pairs[0]]
    if missing:
        pairs.append(_ordered(s, pairs[0][0] or pairs[0][1], missing[0]))
    found = [plane_of(s, sizes, tiles, *p) for p in pairs]
    return [p for p in found if p is not None]


def _first_pair(s: Statement, tiles: Tiles) -> tuple[str | None, str]:
    """Two variables that one row skews, else the first two that are tiled, else the last ones."""
    rows = [[v for v in s.vars if v in e.names] for e, _ in tiles]
    skewed = next((r for r in rows if len(r) > 1), [])
    tiled = list(dict.fromkeys(v for r in [skewed[:2], *rows] for v in r))
    shown = [*tiled, *(v for v in reversed(s.vars) if v not in tiled)][:2]
    return _ordered(s, *shown) if len(shown) > 1 else (None, shown[0])


def _ordered(s: Statement, a: str, b: str) -> tuple[str, str]:
    return (a, b) if s.vars.index(a) < s.vars.index(b) else (b, a)


def _moved(s: Statement, edges: tuple[Edge, ...]) -> set[str]:
    """Variables in which an instance and one that it depends on differ."""
    out: set[str] = set()
    for e in edges:
        if e.source == e.sink == s.name:
            distances = e.relation.deltas()
            for k, v in enumerate(s.vars):
                still = distances.fix_val(SET, k, isl.Val(0))
                if not distances.is_subset(still):
                    out.add(v)
    return out


def fixed_map(m: isl.Map, sizes: Mapping[str, int]) -> isl.Map:
    """A relation with its sizes replaced by numbers."""
    for name, value in sizes.items():
        k = m.find_dim_by_name(PARAM, name)
        if k >= 0:
            m = m.fix_val(PARAM, k, isl.Val(value)).project_out(PARAM, k, 1)
    return m


def arrows(e: Edge, source: Plane, sink: Plane, sizes: Mapping[str, int]) -> isl.Map:
    """{ [down, across] -> [down, across] } between the windows of two planes, itself left out
    where they are one."""
    m = fixed_map(e.relation, sizes)
    m = m.apply_domain(source.onto).apply_range(sink.onto)
    m = m.intersect_domain(_window(source.corner)).intersect_range(_window(sink.corner))
    if source is sink:
        m = m.subtract(isl.Map("{ [a, b] -> [a, b] }"))
    return m


def to_samples(m: isl.Map) -> isl.Map:
    """Only the pairs of three sinks: the first, one in the middle, the last."""
    sinks = points_of(m.range())
    if not sinks:
        return m
    row = sinks[len(sinks) // 2][0]
    middle = [p for p in sinks if p[0] == row]
    kept = {sinks[0], middle[len(middle) // 2], sinks[-1]}
    places = "; ".join(f"[{y}, {x}]" for y, x in sorted(kept))
    return m.intersect_range(isl.Set(f"{{ {places} }}"))


def pairs_of(m: isl.Map, limit: int) -> Pairs:
    """Sources and sinks, nearest sources only where each sink has many; `limit` at most."""
    if m.is_empty():
        return []
    few = m.deltas()
    if few.is_bounded() and few.count_val().to_python() > 8:
        m = m.reverse().lexmax().reverse()
    out: Pairs = []

    def add(p: isl.Point) -> None:
        a, b, c, d = (p.get_coordinate_val(SET, k).to_python() for k in range(4))
        out.append(((a, b), (c, d)))

    m.wrap().flatten().foreach_point(add)
    return sorted(out)[:limit]
