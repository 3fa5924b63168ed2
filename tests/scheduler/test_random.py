"""Random programs from their text to loops, against the oracle.

The target has caches of a few hundred bytes, and threads are worth starting for anything: small
arrays are tiled, contracted and run in parallel like large ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from polyc.codegen.build import build
from polyc.frontend import reference
from polyc.frontend.program import Program
from polyc.options import Options
from polyc.scheduler import following, fusion, tiling
from polyc.scheduler import privatise as privatising
from polyc.scheduler import schedule as scheduling
from polyc.scheduler.dependences import analyse
from polyc.scheduler.legality import verify
from polyc.scheduler.privatise import Privatised, privatise
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


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> Callable[[Program], Privatised]:
    """Sums of a few terms are split in two or three."""
    monkeypatch.setattr(privatising, "WORTH_THREADS", 0)
    monkeypatch.setattr(privatising, "FEW_TILES", 100)
    monkeypatch.setattr(privatising, "_alone", lambda *_: True)
    monkeypatch.setattr(privatising, "_register_tile", lambda *_: {})
    monkeypatch.setattr(privatising, "work", lambda *_: 3 * privatising.CHUNK)
    monkeypatch.setattr(privatising, "EACH", 0)
    monkeypatch.setattr(following, "ENOUGH_PARALLEL", 2)
    monkeypatch.setattr(fusion, "ENOUGH_PARALLEL", 2)
    return lambda p: privatise(p, TINY, Options())


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_a_random_program_in_parts(seed: int, in_parts: Callable[[Program], Privatised]) -> None:
    found = in_parts(case(draw(seed), {"N": (5, 9, 7)[seed % 3]}).program)
    c = Case(found.program, analyse(found.program))
    plan = schedule(c.program, c.deps, TINY, options(seed, "fast"))
    assert verify(c.program, c.deps, plan, found.origin).failures == ()
    right(c, options(seed, "fast"))


def test_random_programs_have_parts(in_parts: Callable[[Program], Privatised]) -> None:
    """Or the test above would show little."""
    found = [in_parts(case(draw(seed), {"N": 9}).program) for seed in range(PROGRAMS)]
    assert sum(any(t.parts for t in f.program.tensors) for f in found) > PROGRAMS // 4
    pieces = [n for f in found for n in f.origin.meaning if not f.program.statement(n).op]
    assert len(pieces) > 5


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
