"""Every cell of the cheat sheet runs, and each row gives one answer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import polyc

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cheatsheet.md"
ROWS = [
    [cell.strip().strip("`") for cell in line.strip("|\n").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and "`" in line
]


def _arrays() -> dict[str, Any]:
    rng = np.random.default_rng(3)
    shapes = {"A": (4, 5), "B": (5, 3), "C": (6, 5), "S": (5, 5), "x": (9,), "y": (5,), "w": (3,)}
    shapes |= {"T": (2, 4, 5), "U": (2, 5, 3)}
    found: dict[str, Any] = {n: rng.standard_normal(s, np.float32) for n, s in shapes.items()}
    return found | {"I": np.array([3, 0, 3], np.int32)}


ARRAYS = _arrays()


def value(cell: str) -> Any:
    """The result of a cell that is a text of the language, or an einsum string with operands."""
    if cell.startswith('"'):
        return eval(f"polyc.einsum({cell})", {"polyc": polyc, **ARRAYS})
    operator = polyc.compile(cell)
    return operator(**{t.name: ARRAYS[t.name] for t in operator.inputs})


@pytest.mark.parametrize("row", ROWS, ids=[r[0] for r in ROWS])
def test_a_row(row: list[str]) -> None:
    _, numpys, theirs, ours = row
    expected = eval(numpys, {"np": np, **ARRAYS})
    for cell in filter(None, (theirs, ours)):
        found = value(cell)
        assert np.shape(found) == np.shape(expected), cell
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5, err_msg=cell)


def test_the_sheet_is_one_page() -> None:
    assert len(ROWS) > 20
    assert len(PAGE.read_text(encoding="utf-8").splitlines()) < 60
    assert all(re.fullmatch(r"[^`]*", cell) for row in ROWS for cell in row)
