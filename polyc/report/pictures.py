"""Iteration domains and dependences as pictures: points, tiles and arrows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import islpy as isl

from polyc.frontend.integers import Int
from polyc.report import svg
from polyc.report.plane import HIGH, WIDE, Pairs, Plane, Point, Tiles

STEP, EDGE = 20.0, 44.0  # between points; from the margin to the first
MAP = 184.0  # the longer side of a map of a large domain
_ACROSS, _DOWN = (0, 1), (1, 0)
_COLOURS = 6
_MOST_LINES, _MOST_VALUES, _SAMPLES = 64, 8192, 96


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the points of a plane stand in a picture."""

    plane: Plane
    left: float = 0.0
    top: float = 0.0

    def place(self, p: Point) -> tuple[float, float]:
        y, x = self.plane.corner
        return self.left + EDGE + (p[1] - x) * STEP, self.top + EDGE + (p[0] - y) * STEP

    @property
    def size(self) -> tuple[float, float]:
        rows, columns = min(self.plane.extent[0], HIGH), min(self.plane.extent[1], WIDE)
        return EDGE + columns * STEP + 14, EDGE + rows * STEP + 8


def domain_picture(plane: Plane, tiles: Tiles, pairs: Pairs) -> str:
    """The points of a window, coloured by tile, with the arrows of dependences between them."""
    frame = Frame(plane)
    middle = _most_common_sink(pairs)
    parts = [*_axes(frame), *_borders(frame, tiles), *_points(frame, tiles)]
    for a, b in pairs:
        class_ = "dep strong" if b == middle else "dep"
        parts.append(svg.arrow(*frame.place(a), *frame.place(b), class_, 5))
    title = f"instances of {plane.statement.name}"
    return svg.picture(*frame.size, parts, title)


def edge_picture(source: Plane, sink: Plane, pairs: Pairs) -> str:
    """What some instances of a statement need of another: sources left, sinks right."""
    left = Frame(source)
    right = Frame(sink, left.size[0] + 16)
    parts = [*_axes(left), *_axes(right), *_points(left, []), *_points(right, [])]
    for a, b in pairs:
        (x1, y1), (x2, y2) = left.place(a), right.place(b)
        parts.append(svg.dot(x1, y1, 6.5, "ring"))
        parts.append(svg.dot(x2, y2, 6.5, "ring"))
        parts.append(svg.curve(x1, y1 - 6, x2, y2 - 6, "dep strong"))
    width, height = right.left + right.size[0], max(left.size[1], right.size[1])
    title = f"what {sink.statement.name} needs of {source.statement.name}"
    return svg.picture(width, height, parts, title)


def _most_common_sink(pairs: Pairs) -> Point | None:
    """The sink with most arrows, in the middle of those."""
    counts: dict[Point, int] = {}
    for _, b in pairs:
        counts[b] = counts.get(b, 0) + 1
    best = [p for p, n in counts.items() if n == max(counts.values())]
    return best[len(best) // 2] if best else None


def _axes(frame: Frame) -> Iterable[str]:
    plane = frame.plane
    (y, x), (rows, columns) = plane.corner, plane.extent
    width, _ = frame.size
    yield svg.text(frame.left + width / 2, frame.top + 12, f"{plane.across} →", "axis", "middle")
    for k in range(0, min(columns, WIDE), 4):
        at, _ = frame.place((y, x + k))
        yield svg.text(at, frame.top + 30, str(x + k), "tick", "middle")
    if plane.down is None:
        return
    yield svg.text(frame.left + 4, frame.top + 30, f"{plane.down} ↓", "axis")
    for k in range(0, min(rows, HIGH), 2):
        _, at = frame.place((y + k, x))
        yield svg.text(frame.left + 26, at + 4, str(y + k), "tick", "end")


def _points(frame: Frame, tiles: Tiles) -> Iterable[str]:
    colours: dict[tuple[int, ...], int] = {}
    for p in sorted(frame.plane.points):
        table = frame.plane.at(p)
        tile = tuple(e.eval(table) for e, _ in tiles)
        colour = colours.setdefault(tile, len(colours)) % _COLOURS
        note = ", ".join(f"{v} = {n}" for v, n in table.items())
        yield svg.dot(
            *frame.place(p), 3.6, f"point c{colour}", f"{frame.plane.statement.name}: {note}"
        )


def _borders(frame: Frame, tiles: Tiles) -> Iterable[str]:
    """Between neighbours in different tiles; the first row that differs says how strong."""
    plane = frame.plane
    values = {p: [e.eval(plane.at(p)) for e, _ in tiles] for p in plane.points}
    for (y, x), here in values.items():
        for dy, dx in (_ACROSS, _DOWN):
            there = values.get((y + dy, x + dx))
            if there is None or there == here:
                continue
            class_ = "border outer" if here[:2] != there[:2] else "border"
            cx, cy = frame.place((y, x))
            cx, cy = cx + dx * STEP / 2, cy + dy * STEP / 2
            half_x, half_y = dy * STEP / 2, dx * STEP / 2
            yield svg.line(cx - half_x, cy - half_y, cx + half_x, cy + half_y, class_)


# ---- maps of domains that are too large for points
def map_picture(plane: Plane, tiles: Tiles) -> str:
    """The outline of a domain, and the tiles it is cut into."""
    scale = MAP / max(plane.extent[0], plane.extent[1])
    height = max(90.0, plane.extent[0] * scale)
    width = max(60.0, plane.extent[1] * scale)
    (y0, x0), (rows, columns) = plane.first, plane.extent

    def place(y: float, x: float) -> tuple[float, float]:
        return 40 + (x - x0) * width / columns, 34 + (y - y0) * height / rows

    outline = [place(y, x) for y, x in _outline(plane)]
    parts = [svg.path(outline, "domain", closed=True), *_map_borders(plane, tiles, place)]
    parts += [
        svg.text(40 + width / 2, 12, f"{plane.across} →", "axis", "middle"),
        svg.text(40, 28, str(x0), "tick"),
        svg.text(40 + width, 28, str(x0 + columns), "tick", "end"),
    ]
    if plane.down is not None:
        parts += [
            svg.text(2, 28, f"{plane.down} ↓", "axis"),
            svg.text(36, 34 + height, str(y0 + rows), "tick", "end"),
        ]
    return svg.picture(width + 54, height + 44, parts, f"domain of {plane.statement.name}")


def _outline(plane: Plane) -> list[tuple[int, int]]:
    """Corners of the domain: the ends of some of its lines, left ends down and right ends up."""
    shadow = plane.domain.apply(plane.onto)
    (y0, _), (rows, _) = plane.first, plane.extent
    count = min(rows, 33)
    left, right = [], []
    for k in range(count):
        y = y0 + (rows - 1) * k // max(1, count - 1)
        row = shadow.fix_val(isl.dim_type.set, 0, isl.Val(y))
        if not row.is_empty():
            low, high = (row.dim_min_val(1), row.dim_max_val(1))
            bottom = y + (1 if y == y0 + rows - 1 else 0)
            left.append((bottom, low.to_python()))
            right.append((bottom, high.to_python() + 1))
    return [*left, *reversed(right)]


def _map_borders(
    plane: Plane, tiles: Tiles, place: Callable[[float, float], tuple[float, float]]
) -> Iterable[str]:
    (y0, x0), (rows, columns) = plane.first, plane.extent
    for number, (e, _) in enumerate(tiles):
        class_ = "border outer" if number < 2 else "border"
        both = plane.down in e.names and plane.across in e.names
        if both:
            yield from _slanted(plane, e, place, class_)
        elif plane.across in e.names:
            for x in _changes(plane, e, 1):
                yield svg.line(*place(y0, x), *place(y0 + rows, x), class_)
        elif plane.down in e.names:
            for y in _changes(plane, e, 0):
                yield svg.line(*place(y, x0), *place(y, x0 + columns), class_)


def _changes(plane: Plane, e: Int, axis: int) -> list[int]:
    """Where the value of a row changes along an axis; [] where that is too often to be seen."""
    first, extent = plane.first[axis], plane.extent[axis]
    if extent > _MOST_VALUES:
        return []
    name = plane.across if axis else plane.down
    table = plane.at(plane.first)
    values = [e.eval({**table, str(name): first + k}) for k in range(extent)]
    found = [first + k for k in range(1, extent) if values[k] != values[k - 1]]
    return found if len(found) <= _MOST_LINES else []


def _slanted(
    plane: Plane, e: Int, place: Callable[[float, float], tuple[float, float]], class_: str
) -> Iterable[str]:
    """Borders of a row over both variables, as steps between samples."""
    (y0, x0), (rows, columns) = plane.first, plane.extent
    high, wide = min(rows, _SAMPLES), min(columns, _SAMPLES)
    ys = [y0 + rows * k / high for k in range(high + 1)]
    xs = [x0 + columns * k / wide for k in range(wide + 1)]
    value = [[e.eval(plane.at((int(y), int(x)))) for x in xs[:-1]] for y in ys[:-1]]
    d = []
    for r in range(high):
        for c in range(wide):
            if c + 1 < wide and value[r][c] != value[r][c + 1]:
                d.append((place(ys[r], xs[c + 1]), place(ys[r + 1], xs[c + 1])))
            if r + 1 < high and value[r][c] != value[r + 1][c]:
                d.append((place(ys[r + 1], xs[c]), place(ys[r + 1], xs[c + 1])))
    steps = "".join(f"M{a:.1f} {b:.1f}L{x:.1f} {y:.1f}" for (a, b), (x, y) in d)
    if steps:
        yield svg.element("path", d=steps, class_=class_)
