"""Columns of plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

WIDTH, WIDEST = 100, 32  # of a line, and of a column that is not the last


def table(rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> str:
    """Rows with their columns below each other, those in `right` flush right. Cells are broken
    after a blank or a "+" where they would be wider than a column may be."""
    if not rows:
        return ""
    last = len(rows[0]) - 1
    wide = [min(WIDEST, max(len(r[k]) for r in rows)) for k in range(last)]
    wide.append(max(WIDEST, WIDTH - sum(wide) - 2 * last))
    lines = []
    for row in rows:
        cells = [_broken(cell, n) for cell, n in zip(row, wide, strict=True)]
        for parts in zip_longest(*cells, fillvalue=""):
            placed = [
                x.rjust(n) if k in right else x.ljust(n)
                for k, (x, n) in enumerate(zip(parts, wide, strict=True))
            ]
            lines.append("  ".join(placed).rstrip())
    return "\n".join(lines)


def _broken(cell: str, width: int) -> list[str]:
    """The lines of a cell."""
    lines = [""]
    for part in re.split(r"(?<=[+ ])", cell):
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return [x.rstrip() for x in lines]
