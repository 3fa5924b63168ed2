"""The schedule tree and the workspace as pictures."""

from __future__ import annotations

from polyc.report import svg
from polyc.report.homes import Home
from polyc.report.nodes import Node

_ROW, _INDENT = 30.0, 22.0
_LETTER = 7.4  # width of one in the font of pictures, about
MOST_NODES = 80


def tree_picture(tree: Node) -> tuple[str, int]:
    """The tree with its root on top, a node a line; how many nodes were left out."""
    rows = list(tree.walk())
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


def workspace_picture(homes: tuple[Home, ...], statements: int) -> str | None:
    """Which bytes of the workspace hold what, while which statements run; None where sizes are open
    or nothing lies there."""
    placed = [h for h in homes if h.offset is not None and h.lives and h.bytes.is_const]
    if not placed or not all(h.offset is not None and h.offset.is_const for h in placed):
        return None
    places = dict.fromkeys(h.place for h in placed)
    return "".join(_memory([h for h in placed if h.place == x], x, statements) for x in places)


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
        words = f"{h.tensor}  {h.lives[0][0]}-{h.lives[-1][1]}"
        inside = x < width / 2
        parts.append(
            svg.text(6 + x if inside else x + w, y + 14, words, "", "start" if inside else "end")
        )
    return svg.picture(width, height, parts, f"{place} of {statements} statements")
