"""The kernels that were written by hand, against NumPy, at sizes that fill no tile."""

from __future__ import annotations

from pathlib import Path

import pytest

from polyc.bench import cases
from polyc.bench.contenders import with_hand_c
from tests.bench.support import needs_cc, small

NAMES = [n for n in cases.catalogue() if cases.case(n).c]


@needs_cc
@pytest.mark.parametrize("most", [3, 37, 100])
@pytest.mark.parametrize("name", NAMES)
def test_it_computes_what_the_text_does(name: str, most: int) -> None:
    case = small(name, most)
    if "W" in case.sizes:  # a window must fit
        case.sizes.update(H=max(5, most), W=max(4, most))  # type: ignore[attr-defined]
    kernel = case.kernel()
    given = cases.inputs(case, kernel)
    found = cases.reference(case, cases.facts(kernel), given)
    built = with_hand_c.contender(1).build(case, None, given)
    assert found is not None
    assert not isinstance(built, str)
    for _ in range(2):  # the second call must not depend on the first
        built.call()
        apart, limit = cases.error(built.results(), found[0])
        assert apart <= limit


def test_every_file_is_a_contender(root: Path) -> None:
    files = {f.stem for f in (root / "benchmarks" / "handwritten").glob("*.c")}
    assert files == {cases.case(n).c[0] for n in NAMES}
    assert with_hand_c.FOLDER.resolve() == root / "benchmarks" / "handwritten"


def test_lines_are_counted_without_comments(tmp_path: Path) -> None:
    source = tmp_path / "x.c"
    source.write_text("/* one\n * two */\n\nint f(void) {\n  return 1; // why\n}\n")
    assert with_hand_c.lines_of(source) == 3
