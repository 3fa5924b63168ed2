"""The text of every stage of five programs, for fixed targets: a change shows what it changes.

`make golden` writes them anew.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable
from pathlib import Path

import pytest

import polyc
from tests.programs import CORPUS

PROGRAMS = {  # sizes that fill vectors and leave a rest, and the target
    "matmul": ({"M": 30, "N": 40, "K": 16}, "x86-64-v4"),
    "softmax": ({"N": 4, "D": 40}, "x86-64-v4"),
    "conv_grouped": (
        {"N": 1, "G": 2, "C": 2, "K": 4, "H": 6, "W": 34, "R": 3, "S": 3},
        "x86-64-v4",
    ),
    "transpose4": ({"N": 2, "C": 3, "H": 8, "W": 20}, "x86-64-v3"),
    "syrk_lower": ({"N": 20, "K": 8}, "x86-64-v3"),
}
STAGES: dict[str, tuple[str, Callable[[polyc.Kernel], object]]] = {
    "program": ("txt", lambda k: k.program),
    "dependences": ("txt", lambda k: k.dependences),
    "schedule": ("yaml", lambda k: k.schedule),
    "loops": ("txt", lambda k: k.loops),
    "llvm": ("ll", lambda k: k.llvm),
    "c": ("c", lambda k: k.c),
}


@functools.cache
def kernel(name: str) -> polyc.Kernel:
    sizes, target = PROGRAMS[name]
    with polyc.config(target=target):
        return polyc.compile(CORPUS[name].text).specialize(sizes)


def assert_golden(text: str, path: Path, update: bool) -> None:
    """The text is the file's, or becomes it."""
    if update:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return
    assert path.exists(), f"no golden text {path.name}: run `make golden`"
    golden = path.read_text(encoding="utf-8")
    if text != golden:
        lines = difflib.unified_diff(
            golden.splitlines(), text.splitlines(), "golden", "now", lineterm="", n=1
        )
        pytest.fail("\n".join(list(lines)[:60]), pytrace=False)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_stage(name: str, stage: str, request: pytest.FixtureRequest) -> None:
    update = request.config.getoption("--update-golden")
    ending, get = STAGES[stage]
    path = Path(__file__).parent / name / f"{stage}.{ending}"
    assert_golden(f"{get(kernel(name))}\n", path, bool(update))


EXPLAINED: dict[str, tuple[str, dict[str, int], dict[str, int]]] = {  # name: program, consts, sizes
    "matmul_512": ("matmul", {}, {"M": 512, "N": 512, "K": 512}),
    "matmul_1024": ("matmul", {}, {"M": 1024, "N": 1024, "K": 1024}),
    "softmax_1000": ("softmax", {}, {"N": 512, "D": 1000}),
    "jacobi2d_2000": ("jacobi2d", {"T": 20}, {"N": 2000}),
}


@pytest.mark.parametrize("name", EXPLAINED)
def test_the_decisions(name: str, request: pytest.FixtureRequest) -> None:
    """What the scheduler chose, why, and what it costs."""
    program, consts, sizes = EXPLAINED[name]
    with polyc.config(target="x86-64-v3", threads=2):
        k = polyc.compile(CORPUS[program].text, consts=consts).specialize(sizes)
        found = f"{k.schedule.explain()}\n\n{k.cost}\n"
    path = Path(__file__).parent / "explained" / f"{name}.txt"
    assert_golden(found, path, bool(request.config.getoption("--update-golden")))


def test_a_difference_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "text"
    assert_golden("one\ntwo\n", path, update=True)
    assert_golden("one\ntwo\n", path, update=False)
    with pytest.raises(pytest.fail.Exception, match=r"-two\n\+three"):
        assert_golden("one\nthree\n", path, update=False)
