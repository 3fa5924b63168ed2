"""Tiles in time and space: the rows, the tree, the loops, and equal results."""

from __future__ import annotations

import re

import numpy as np
import pytest

import polyc
from polyc.codegen.build import skeleton
from polyc.frontend.integers import Int
from polyc.options import Options
from polyc.scheduler import steps as scheduling
from polyc.scheduler import timemodel, timetiling
from polyc.scheduler.affine import Row
from polyc.scheduler.skewing import Direction, places, planes, space
from polyc.scheduler.tree import Decision, Schedule
from tests.programs import CORPUS
from tests.scheduler.support import Array, Case, case

JACOBI = CORPUS["jacobi2d"].text
FDTD = CORPUS["fdtd2d"].text
HEAT1 = """def heat(float64(N) A0, int T) -> (float64(N) A) {
  A(i) = A0(i)
  B(i) = A0(i)
  for t in 0:T {
    B(i) = (A(i-1) + A(i) + A(i+1)) / 3.0 where i in 1:N-1
    A(i) = (B(i-1) + B(i) + B(i+1)) / 3.0 where i in 1:N-1
  }
}"""
HEAT3 = """def heat(float64(N,N,N) A0, int T) -> (float64(N,N,N) A) {
  A(i,j,k) = A0(i,j,k)
  B(i,j,k) = A0(i,j,k)
  for t in 0:T {
    B(i,j,k) = A(i-1,j,k) + 0.5 * A(i+1,j,k) + A(i,j-1,k) - A(i,j+1,k) + A(i,j,k-1) + A(i,j,k+1)
      where i in 1:N-1, j in 1:N-1, k in 1:N-1
    A(i,j,k) = 0.5 * B(i-1,j,k) - B(i+1,j,k) + B(i,j-1,k) + B(i,j+1,k) + B(i,j,k-1) - B(i,j,k+1)
      where i in 1:N-1, j in 1:N-1, k in 1:N-1
  }
}"""
SWEEP = """def sweep(float64(N,N) A0, int T) -> (float64(N,N) A) {
  A(i,j) = A0(i,j)
  B(i,j) = A0(i,j)
  for t in 0:T {
    for i in 1:N-1 { A(i,j) = 0.5 * (A(i-1,j) + B(i,j)) where j in 1:N-1 }
    B(i,j) = 0.25 * (A(i+1,j-1) + A(i,j+1)) where i in 1:N-1, j in 1:N-1
  }
}"""
SEIDEL = CORPUS["seidel2d"].text
SWEEP1 = """def sweep(float64(N) A0, int T) -> (float64(N) A) {
  A(i) = A0(i)
  B(i) = A0(i)
  for t in 0:T {
    for i in 1:N-1 { A(i) = 0.5 * (A(i-1) + B(i)) }
    B(i) = 0.25 * (A(i+1) + A(i)) where i in 1:N-1
  }
}"""
REVERSE = """def reverse(float64(N) A0, int T) -> (float64(N) A) {
  A(i) = A0(i)
  B(i) = A0(i)
  for t in 0:T {
    B(i) = 2.0 * A(N-1-i)
    A(i) = 0.5 * B(i) + 1.0
  }
}"""


def time_of(c: Case) -> Row:
    return Row.of({x.name: Int.of("t") for x in c.program.statements if "t" in x.order})


def time_decision(plan: Schedule) -> tuple[str, str]:
    (found,) = (d for d in plan.decisions if d.kind == "time")
    return found.verdict, found.reason


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every loop over time that may be tiled is, in small tiles."""
    monkeypatch.setattr(timetiling, "_not_worth", lambda *_: None)
    monkeypatch.setattr(timetiling, "LEAST", 0)
    monkeypatch.setattr(timemodel, "FRONT", 2)
    monkeypatch.setattr(timemodel, "RUN", 1)


# ---- directions
def test_a_statement_is_behind_another_by_what_travels_inside_a_step() -> None:
    c = case(JACOBI, consts={"T": 10})
    time = time_of(c)
    statements = tuple(c.program.statement(n) for n, _ in time.exprs)
    rows = places(statements, time)
    assert rows is not None
    inside = tuple(e for e in c.deps.edges if {e.source, e.sink} <= {"S2", "S3"})
    for place in rows:
        found = space(planes(c.program, time, place), inside, place)
        assert found.up == Direction(2, 1, {"S2": 0, "S3": 1})
        assert found.down == Direction(2, -1, {"S2": 0, "S3": 1})
        assert found.slope == 2


def test_a_sweep_has_one_direction_only() -> None:
    c = case(SWEEP, {"N": 300}, consts={"T": 10})
    time = time_of(c)
    rows = places(tuple(c.program.statement(n) for n, _ in time.exprs), time)
    assert rows is not None
    inside = tuple(e for e in c.deps.edges if e.source in ("S2", "S3") and e.sink in ("S2", "S3"))
    found = space(planes(c.program, time, rows[0]), inside, rows[0])
    assert found.up is not None
    assert found.down is None


# ---- decisions
def test_the_reason_has_the_bytes_of_both_ways() -> None:
    plan = case(JACOBI, {"N": 2000}, consts={"T": 20}).schedule()
    verdict, reason = time_decision(plan)
    assert verdict == "tiled"
    assert reason == (
        "diamonds of 128 elements and 20 steps, 16 at once, touch 290 KiB and move 163.1 MiB "
        "where steps move 1827.4 MiB"
    )


@pytest.mark.parametrize(
    ("text", "n", "steps", "reason"),
    [
        (JACOBI, 100, 3, "345744 operations are too few for threads"),
        (SEIDEL, 300, 50, "a step touches 694 KiB, which stay in 1024 KiB of cache"),
        (JACOBI, 300, 50, "a step touches 694 KiB, which stay in 1024 KiB of cache"),
        (REVERSE, 1_000_000, 20, "dependences go any distance in every dimension"),
    ],
)
def test_refusals_say_why(text: str, n: int, steps: int, reason: str) -> None:
    plan = case(text, {"N": n}, consts={"T": steps}).schedule()
    assert time_decision(plan) == ("not tiled", reason)


def test_a_spent_budget_leaves_the_textual_order() -> None:
    plan = case(JACOBI, {"N": 2000}, consts={"T": 20}).schedule(budget=100)
    assert time_decision(plan) == ("not tiled", "the budget of isl operations is spent")


# ---- trees and loops
@pytest.mark.parametrize("n", [None, 300])
@pytest.mark.parametrize("text", [JACOBI, FDTD, HEAT3, SWEEP, SWEEP1, SEIDEL])
@pytest.mark.usefixtures("eager")
def test_tiles_are_legal(text: str, n: int | None) -> None:
    c = case(text, {} if n is None else {"N": n // 4 if text == HEAT3 else n}, consts={"T": 9})
    plan = c.schedule()
    assert time_decision(plan)[0] == "tiled"
    proof = c.verify(plan)
    assert proof.ok, str(proof)


def test_fronts_hold_parallel_tiles_that_hold_steps() -> None:
    c = case(HEAT1, {"N": 1_000_000}, consts={"T": 20})
    lines = str(skeleton(c.program, c.schedule())).splitlines()
    front = next(k for k, x in enumerate(lines) if x.startswith("  for ") and x.endswith(" in 0:2"))
    loops = [re.sub(r" i\d+ in .*", "", x) for x in lines[front:] if " in " in x]
    assert loops == [
        "  for",
        "    parallel for",
        "      for",
        "        vector for",
        "        vector for",
    ]


@pytest.mark.usefixtures("eager")
def test_a_sweep_is_a_pipeline() -> None:
    plan = case(SWEEP1, {"N": 300}, consts={"T": 9}).schedule()
    verdict, reason = time_decision(plan)
    assert verdict == "tiled"
    assert reason.startswith("a pipeline of tiles of 64 elements and 8 steps, 2 at once")


# ---- results
def refuse(*_: object) -> tuple[None, Decision]:
    return None, Decision("time", "all", "not tiled", "a test asks for steps")


def results(text: str, n: int, steps: int, *, all_sizes: bool, **options: object) -> list[Array]:
    """What a kernel makes of the same random input."""
    chosen = Options(cache=False, check=True, **options)  # type: ignore[arg-type]
    op = polyc.compile(text, consts={"T": steps}, options=chosen)
    rng = np.random.default_rng(1)
    kernel = op.specialize({} if all_sizes else {"N": n})
    inputs = []
    for t in op.inputs:
        shape = [n if str(x) == "N" else steps for x in t.shape]
        inputs.append(rng.random(shape).astype(t.dtype))
    found = kernel(*inputs)
    return list(found) if isinstance(found, tuple) else [found]


@pytest.mark.parametrize("backend", ["llvm", "c"])
@pytest.mark.parametrize("text", [JACOBI, FDTD, HEAT3, SWEEP, SWEEP1, SEIDEL])
@pytest.mark.usefixtures("eager")
def test_tiles_give_the_bits_of_steps(
    text: str, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiled = {}
    sizes = [(3, 2), (7, 7), (19, 1), (33, 20)] if text == HEAT3 else [(3, 2), (65, 7), (129, 20)]
    for n, steps in sizes:
        for threads in (1, 2):
            found = results(text, n, steps, all_sizes=True, backend=backend, threads=threads)
            tiled[n, steps, threads] = found
        fixed = results(text, n, steps, all_sizes=False, backend=backend, threads=2)
        tiled[n, steps, 0] = fixed
    monkeypatch.setattr(scheduling, "time_tiles", refuse)
    for (n, steps, threads), found in tiled.items():
        plain = results(text, n, steps, all_sizes=False, backend=backend, threads=1)
        for x, y in zip(found, plain, strict=True):
            assert x.tobytes() == y.tobytes(), (n, steps, threads)
