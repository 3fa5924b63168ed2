"""Random programs from their text to loops, against the oracle.

The target has caches of a few hundred bytes, and threads are worth starting for anything: small
arrays are tiled, contracted and run in parallel like large ones.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from polyc.codegen.build import build
from polyc.frontend import reference
from polyc.options import Options
from polyc.scheduler import schedule as scheduling
from polyc.scheduler import tiling
from polyc.scheduler.schedule import schedule
from tests.scheduler.random_programs import draw
from tests.scheduler.support import V3, Case, case, execute, inputs

PROGRAMS = 60
TINY = replace(V3, l1_bytes=256, l2_bytes=1024)


@pytest.fixture(autouse=True)
def _eager_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling, "WORTH_THREADS", 1)
    monkeypatch.setattr(tiling, "WORTH_A_TILE", 50)


def options(seed: int, math: str) -> Options:
    fusion = ("auto", "max", "none")[seed % 3]
    return Options(math=math, fusion=fusion)  # type: ignore[arg-type]


def right(c: Case, chosen: Options) -> None:
    s = schedule(c.program, c.deps, TINY, chosen)
    assert c.verify(s).failures == ()
    given = inputs(c.program)
    expected = reference.run(c.program, given, {})
    loops = build(c.program, s, TINY, chosen)
    for backwards in (False, True):
        found = execute(loops, c.program, given, backwards=backwards)
        for name, array in found.items():
            np.testing.assert_array_equal(array, expected[name], f"{name}\n{loops}")


@pytest.mark.parametrize("math", ["fast", "strict"])
@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_a_random_program(seed: int, math: str) -> None:
    text = draw(seed)
    right(case(text, {"N": (5, 9, 2)[seed % 3]}), options(seed, math))


@pytest.mark.parametrize("seed", range(0, PROGRAMS, 6))
def test_a_random_program_is_proved_for_all_sizes(seed: int) -> None:
    c = case(draw(seed))
    for math in ("fast", "strict"):
        s = schedule(c.program, c.deps, TINY, options(seed, math))
        assert c.verify(s).failures == ()


def test_programs_are_tiled_contracted_and_parallel() -> None:
    """Or the tests above would show little."""
    storage = threads = 0
    for seed in range(PROGRAMS):
        c = case(draw(seed), {"N": 9})
        s = schedule(c.program, c.deps, TINY, options(seed, "fast"))
        storage += any(any(h.windows) for h in s.storage)
        threads += "parallel" in str(s)
    assert storage > PROGRAMS // 6
    assert threads > PROGRAMS // 2
