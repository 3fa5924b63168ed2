"""Columns of plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

WIDTH = 100


def table(rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), width: int = WIDTH) -> str:
    """Rows with their columns below each other, those in `right` flush right; the last column is
    wrapped where a line would be longer than `width`."""
    if not rows:
        return ""
    wide = [max(len(r[k]) for r in rows) for k in range(len(rows[0]) - 1)]
    start = sum(wide) + 2 * len(wide)
    lines = []
    for *cells, last in rows:
        head = "".join(
            (c.rjust(n) if k in right else c.ljust(n)) + "  "
            for k, (c, n) in enumerate(zip(cells, wide, strict=True))
        )
        first, *rest = textwrap.wrap(last, max(30, width - start), break_long_words=False) or [""]
        lines += [(head + first).rstrip(), *(" " * start + x for x in rest)]
    return "\n".join(lines)
