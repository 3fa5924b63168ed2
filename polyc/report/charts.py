"""The schedule tree, the roofline and the workspace as pictures."""

from __future__ import annotations

from math import log10

from polyc.report import svg
from polyc.report.homes import Home
from polyc.report.nodes import Node
from polyc.report.roofline import Roofline

_ROW, _INDENT = 30.0, 22.0
_LETTER = 7.1  # width of one in the font of pictures, about
MOST_NODES = 80


def tree_picture(tree: Node) -> tuple[str, int]:
    """The tree with its root on top, a node a line; how many nodes were left out."""
    rows = [(d, n) for d, n in tree.walk() if n.form != "leaf" or len(n.statements) > 0]
    shown = rows[:MOST_NODES]
    parts: list[str] = []
    last: dict[int, float] = {}
    width = 0.0
    for k, (depth, node) in enumerate(shown):
        y, x = k * _ROW + 4, depth * _INDENT + 4
        if depth:
            up = last[depth - 1]
            parts.append(svg.line(x - _INDENT / 2, up + 22, x - _INDENT / 2, y + 11, "link"))
            parts.append(svg.line(x - _INDENT / 2, y + 11, x, y + 11, "link"))
        last[depth] = y
        words, class_ = _node(node)
        wide = len(words) * _LETTER + 14
        note = ", ".join(node.statements)
        parts += [svg.rect(x, y, wide, 22, f"node {class_}", note), svg.text(x + 7, y + 15, words)]
        width = max(width, x + wide)
    picture = svg.picture(width + 6, len(shown) * _ROW + 6, parts, "schedule tree")
    return picture, len(rows) - len(shown)


def _node(node: Node) -> tuple[str, str]:
    """What stands in the box, and its class."""
    names = ", ".join(node.statements[:4]) + (", ..." if len(node.statements) > 4 else "")
    match node.form:
        case "band":
            free = "" if not node.coincident else "  no dependence crosses"
            return f"{node.mark} for {_short(node.label)}{free}".strip(), node.mark or "plain"
        case "sequence":
            return f"one after another: {names}", "sequence"
        case _:
            return names, "leaf"


def _short(words: str) -> str:
    return words if len(words) <= 90 else words[:87] + "..."


def roofline_picture(r: Roofline, measured: float | None) -> str:
    """Operations a cycle over operations a byte, logarithmic; a roof and a dot for each level.

    measured  operations a cycle of timed calls, None where none were timed
    """
    levels = [x for x in r.roofs if x.intensity]
    arithmetic = r.roofs[0]
    width, height, left, bottom = 460.0, 290.0, 46.0, 254.0
    low = min([0.05, *(x.intensity or 1 for x in levels)]) / 2
    high = max([100.0, *(x.intensity or 1 for x in levels)]) * 2
    least, most = low * min(x.rate for x in levels), arithmetic.rate * 2.5

    def at(intensity: float, rate: float) -> tuple[float, float]:
        x = left + log10(intensity / low) / log10(high / low) * (width - left - 12)
        return x, bottom - log10(max(rate, least) / least) / log10(most / least) * (bottom - 14)

    parts = [svg.line(left, bottom, width - 8, bottom, "link"), svg.line(left, 10, left, bottom, "link")]
    for k in range(-2, 5):
        if low < 10**k < high:
            x, _ = at(10.0**k, least)
            parts.append(svg.text(x, bottom + 16, f"{10.0**k:g}", "tick", "middle"))
        if least < 10**k < most:
            _, y = at(low, 10.0**k)
            parts.append(svg.text(left - 5, y + 4, f"{10.0**k:g}", "tick", "end"))
    parts.append(svg.text(width / 2, bottom + 32, "operations per byte moved", "axis", "middle"))
    parts.append(svg.text(4, 10, "operations a cycle", "axis"))
    for x in levels:
        knee = arithmetic.rate / x.rate
        ends = [at(low, low * x.rate), at(knee, arithmetic.rate)]
        parts.append(svg.path(ends, f"roof {x.name}"))
        tx, ty = at(low * 1.15, low * 1.15 * x.rate)
        parts.append(svg.text(tx, ty - 6, x.name, f"label {x.name}"))
    flat = min(arithmetic.rate / x.rate for x in levels)
    parts.append(svg.path([at(flat, arithmetic.rate), at(high, arithmetic.rate)], "roof arithmetic"))
    fx, fy = at(high, arithmetic.rate)
    parts.append(svg.text(fx, fy - 6, f"arithmetic, {arithmetic.rate:g}", "label", "end"))
    made = r.flops / r.predicted_cycles
    for x in levels:
        assert x.intensity is not None
        note = f"{x.name}: {x.intensity:.3g} operations a byte, {x.cycles:,.0f} cycles"
        strong = " limit" if x is r.limit else ""
        parts.append(svg.dot(*at(x.intensity, made), 5.0, f"level {x.name}{strong}", note))
        if measured is not None:
            mx, my = at(x.intensity, measured)
            parts.append(svg.path([(mx - 5, my - 5), (mx + 5, my + 5)], "cross"))
            parts.append(svg.path([(mx - 5, my + 5), (mx + 5, my - 5)], "cross"))
    return svg.picture(width, height, parts, "roofline")


def workspace_picture(homes: tuple[Home, ...], statements: int) -> str | None:
    """Which bytes of the workspace hold what, while which statements run; None where sizes are open
    or nothing lies there."""
    placed = [h for h in homes if h.offset is not None and h.lives and h.bytes.is_const]
    if not placed or not all(h.offset is not None and h.offset.is_const for h in placed):
        return None
    pictures = []
    for place in dict.fromkeys(h.place for h in placed):
        pictures.append(_memory([h for h in placed if h.place == place], place, statements))
    return "".join(pictures)


def _memory(homes: list[Home], place: str, statements: int) -> str:
    width, height = 460.0, 26.0 + 26.0 * len(homes)
    total = max(h.offset.value + h.bytes.value for h in homes if h.offset is not None) or 1
    parts = [svg.text(2, 12, f"{place}: {total:,} bytes, left to right", "axis")]
    for k, h in enumerate(sorted(homes, key=lambda h: h.lives)):
        assert h.offset is not None
        y = 22.0 + 26 * k
        x, w = h.offset.value / total * (width - 4), max(3.0, h.bytes.value / total * (width - 4))
        when = ", ".join(f"{a} to {b}" for a, b in h.lives)
        note = f"{h.tensor}: {h.bytes.value:,} bytes at {h.offset.value:,}, statements {when}"
        parts.append(svg.rect(2 + x, y, w, 20, f"memory c{k % 6}", note))
        words = f"{h.tensor}  {h.lives[0][0]}–{h.lives[-1][1]}"
        inside = x < width / 2
        parts.append(
            svg.text(6 + x if inside else x + w, y + 14, words, "", "start" if inside else "end")
        )
    return svg.picture(width, height, parts, f"{place} of {statements} statements")
