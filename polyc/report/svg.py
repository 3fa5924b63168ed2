"""SVG as text: a handful of shapes. Colours come from classes, for dark pages and light ones."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


def element(tag: str, content: str = "", /, **attributes: object) -> str:
    """`class_` is written `class`, `_` in names as `-`; numbers with at most two decimals."""
    parts = [
        f' {k.rstrip("_").replace("_", "-")}="{escape(_text(v))}"' for k, v in attributes.items()
    ]
    return f"<{tag}{''.join(parts)}>{content}</{tag}>"


def _text(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def picture(width: float, height: float, parts: Iterable[str], title: str) -> str:
    """A picture that shrinks with the page and says what it shows."""
    return element(
        "svg",
        element("title", escape(title)) + "".join(parts),
        viewBox=f"0 0 {_text(float(width))} {_text(float(height))}",
        width=float(width),
        height=float(height),
        role="img",
    )


def text(x: float, y: float, words: str, class_: str = "", anchor: str = "start") -> str:
    return element("text", escape(words), x=float(x), y=float(y), class_=class_, text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, class_: str, **more: object) -> str:
    ends = {"x1": float(x1), "y1": float(y1), "x2": float(x2), "y2": float(y2)}
    return element("line", **ends, class_=class_, **more)


def rect(x: float, y: float, w: float, h: float, class_: str, note: str = "") -> str:
    """A box; `note` shows where the pointer rests on it."""
    inside = element("title", escape(note)) if note else ""
    box = {"x": float(x), "y": float(y), "width": float(w), "height": float(h)}
    return element("rect", inside, **box, class_=class_)


def dot(x: float, y: float, r: float, class_: str, note: str = "") -> str:
    inside = element("title", escape(note)) if note else ""
    return element("circle", inside, cx=float(x), cy=float(y), r=float(r), class_=class_)


def arrow(x1: float, y1: float, x2: float, y2: float, class_: str, room: float = 0.0) -> str:
    """A line with a head, which ends `room` before its end."""
    length = max(1e-9, ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5)
    part = max(0.0, 1 - room / length)
    return line(
        x1, y1, x1 + (x2 - x1) * part, y1 + (y2 - y1) * part, class_, marker_end="url(#head)"
    )


def curve(x1: float, y1: float, x2: float, y2: float, class_: str) -> str:
    """An arrow that bends upwards, to pass over what lies between its ends."""
    up = min(y1, y2) - 14
    d = f"M{_text(x1)} {_text(y1)}Q{_text((x1 + x2) / 2)} {_text(up)} {_text(x2)} {_text(y2)}"
    return element("path", d=d, class_=class_, marker_end="url(#head)")


def path(points: Iterable[tuple[float, float]], class_: str, *, closed: bool = False) -> str:
    d = "M" + "L".join(f"{_text(float(x))} {_text(float(y))}" for x, y in points)
    return element("path", d=d + ("Z" if closed else ""), class_=class_)
