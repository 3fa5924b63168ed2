"""The accuracy table between its marks in docs/math.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.accuracy.rows import ROWS

START, END = "<!-- accuracy: written by make accuracy -->\n", "<!-- /accuracy -->\n"


def written(path: Path, state: dict[str, dict[str, Any]]) -> None:
    """Replaces the rows of the functions that were measured, and leaves the others."""
    text = path.read_text()
    before, rest = text.split(START)
    old, after = rest.split(END)
    rows = {line.split("`")[1]: line for line in old.splitlines() if line.startswith("| `")}
    rows |= {fn: row(fn, done) for fn, done in state.items() if "worst64" in done}
    head = old.splitlines()[:2]
    lines = [*head, *(rows[fn] for fn in ROWS if fn in rows)]
    path.write_text(before + START + "\n".join(lines) + "\n" + END + after)


def row(fn: str, done: dict[str, Any]) -> str:
    if ROWS[fn].arity == 2:
        which = f"{done['points']:,} pairs"
    else:
        which = "all" if done["step"] == 1 else f"1 of {done['step']}"
    return (
        f"| `{fn}` | {ROWS[fn].bound:g} | {_ulp(done['worst'])} | {which} "
        f"| {_ulp(done['worst64'])} | {done['points64']:,} |"
    )


def _ulp(worst: float) -> str:
    """A result that is the nearest to the truth counts as 0 on the way."""
    return f"{max(worst, 0.5):.3f}"
