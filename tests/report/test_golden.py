"""What a report says of five programs at user sizes: summary, groups, storage, footprints, cost.

`make golden` writes the texts anew. The machine code is left out: it changes with LLVM.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden.test_golden import assert_golden
from tests.report.support import SIZES, report

KEPT = ("At a glance", "Groups", "Storage", "Footprints", "Cost", "Certificate")


@pytest.mark.parametrize("name", SIZES)
def test_the_tables(name: str, request: pytest.FixtureRequest) -> None:
    lines = str(report(name)).split("\n")
    starts = [k for k in range(len(lines) - 1) if lines[k] and set(lines[k + 1]) == {"-"}]
    parts = [lines[a:b] for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    kept = ["\n".join(p).strip() for p in parts if p[0] in KEPT]
    assert [p.partition("\n")[0] for p in kept] == list(KEPT)
    path = Path(__file__).parents[1] / "golden" / "report" / f"{name}.txt"
    update = bool(request.config.getoption("--update-golden"))
    assert_golden("\n\n".join(kept) + "\n", path, update)
