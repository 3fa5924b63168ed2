"""Temporaries contracted to what one tile needs, and those that must not be."""

from __future__ import annotations

import pytest

from polyc.codegen.build import skeleton
from polyc.codegen.loops import Buffer, LoopNest
from polyc.codegen.walk import statements
from polyc.frontend.integers import Int
from polyc.frontend.program import Statement
from polyc.scheduler import storage
from polyc.scheduler.facts import Access, accesses
from polyc.scheduler.storage import place
from tests.scheduler.support import Case, case, is_right, row, window

SHIFTED = "def f(int(N) X) -> (Y) { T(i) = X(i) * 2\n Y(i) = T(i) + T(i+1) where i in 0:N-1 }"
# The cycle of the `for` block leaves no row to its statements, and `c` lives from one iteration to
# the next, so that the tiles inside must not overwrite it.
CARRIED = """
def f(float(T,B,I) X) -> (float(T+1,B,I) y) {
  y(0,b,i) = X(0,b,i)
  for t in 0:T {
    c(b,i) = X(t,b,i) where t < 2
    y(t+1,b,i) = c(b,i) + y(t,B-1-b,I-1-i)
    c(b,i) = y(t+1,b,i) * X(t,b,i)
  }
}"""
# The batch is one vector wide: threads start inside the `for` block, in two loops that share `u`.
BATCH = """
def f(float(T,I,B) X, float(I,B) h0, float(I,I) w) -> (float(T+1,I,B) h) {
  h(0,i,b) = h0(i,b)
  for t in 0:T {
    u(t,i,b) += h(t,j,b) * w(i,j)
    v(t,i,b) += u(t,j,b) * w(i,j)
    h(t+1,i,b) = v(t,i,b) * X(t,i,b)
  }
}"""
# One iteration of `t` adds up a long row: `t` stands still there, so it feeds no thread.
ROWS = """
def f(float(T,B) X, float(B,I) h0) -> (float(T+1,B,I) h) {
  h(0,b,i) = h0(b,i)
  for t in 0:T {
    u(t,b,i) = h(t,b,i) * X(t,b)
    r(t,b) += u(t,b,i)
    h(t+1,b,i) = u(t,b,i) + r(t,b)
  }
}"""


def buffers(nest: LoopNest) -> dict[str, Buffer]:
    """Buffers that the kernel owns."""
    local = [s.buffer for s in statements(nest.body) if hasattr(s, "buffer")]
    owned = [*nest.workspace, *(b for b in local if isinstance(b, Buffer))]
    return {b.name: b for b in owned}


def test_a_window_covers_every_offset() -> None:
    c = case(SHIFTED, {"N": 65})
    rows = row({"S0": "i", "S1": "i"})
    (home,), (decision,) = place(c.program, ("S0", "S1"), ((rows, 16),))
    assert home.windows == (window({"S0": "i", "S1": "i"}, 16, 17),)
    assert str(decision) == "storage T: tile (17 elements of int32 hold what a tile needs)"


def test_a_tensor_that_others_use_stays() -> None:
    c = case(SHIFTED, {"N": 65})
    assert place(c.program, ("S0",), ((row({"S0": "i"}), 16),)) == ([], [])


def test_a_dimension_that_no_row_moves_stays_whole() -> None:
    c = case(
        "def f(int(N,D) X) -> (Y) { T(i,j) = X(i,j) * 2\n Y(i,j) = T(i,D-1-j) }",
        {"N": 8, "D": 9},
    )
    rows = tuple((row({"S0": v, "S1": v}), 4) for v in "ij")
    (home,), _ = place(c.program, ("S0", "S1"), rows)
    assert home.windows == (window({"S0": "i", "S1": "i"}, 4, 4), None)


def test_a_gather_keeps_the_whole_dimension() -> None:
    c = case(
        "def f(int(N,D) X, int32(D) K) -> (Y) { T(i,j) = X(i,j) * 2\n Y(i,j) = T(i,K(j)) }",
        {"N": 8, "D": 9},
    )
    rows = tuple((row({"S0": v, "S1": v}), 4) for v in "ij")
    (home,), _ = place(c.program, ("S0", "S1"), rows)
    assert home.windows[1] is None


def test_threads_own_what_a_tile_needs() -> None:
    text = "def f(float(N,D) X) -> (Y) { s(i) += X(i,j)\n Y(i,j) = X(i,j) - s(i) }"
    c = case(text, {"N": 2048, "D": 512})
    s = c.schedule()
    (home,) = s.storage
    assert home.windows[0] is not None
    found = buffers(skeleton(c.program, s))
    assert found["s"].space == "thread"
    assert found["s"].shape == (Int.of(home.windows[0].extent),)
    assert c.verify(s).failures == ()


def test_a_value_that_outlives_its_for_block_is_not_contracted() -> None:
    c = case(CARRIED, {"T": 4, "B": 512, "I": 512})
    s = c.schedule()
    assert s.storage == ()
    homes = [d for d in s.decisions if d.kind == "storage"]
    assert homes
    assert all(d.verdict == "memory" for d in homes)
    assert c.verify(s).failures == ()


def test_threads_inside_a_tile_share_its_arrays() -> None:
    for text, sizes in ((BATCH, {"T": 4, "B": 32, "I": 512}), (ROWS, {"T": 4, "B": 1, "I": 10**6})):
        c = case(text, sizes)
        assert c.verify(c.schedule()).failures == ()


def test_small_ones_are_right() -> None:
    small: list[tuple[Case, str]] = [
        (case(SHIFTED, {"N": 33}), "shifted"),
        (case(CARRIED, {"T": 3, "B": 3, "I": 5}), "carried"),
        (case(BATCH, {"T": 2, "B": 3, "I": 3}), "batch"),
        (case(ROWS, {"T": 2, "B": 2, "I": 5}), "rows"),
    ]
    for c, name in small:
        assert is_right(c, c.schedule(fusion="max")), name


def test_each_temporary_has_one_home() -> None:
    c = case(ROWS, {"T": 4, "B": 512, "I": 512})
    homes = [h.tensor for h in c.schedule().storage]
    assert len(homes) == len(set(homes))


def test_homes_of_many_arrays_look_at_each_statement_once(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = "\n".join(f"  A{k + 1}(i,j) += A{k}(i,k) * A0(k,j)" for k in range(20))
    c = case(f"def f(float(N,N) A0) -> (A20) {{\n{steps}\n}}", {"N": 64})
    s = c.schedule(fusion="none")
    looked: list[str] = []

    def counted(statement: Statement) -> tuple[Access, ...]:
        looked.append(statement.name)
        return accesses(statement)

    monkeypatch.setattr(storage, "accesses", counted)
    found = storage.all_placed(c.program, s.storage, s.decisions)
    assert sorted(looked) == sorted(x.name for x in c.program.statements)
    assert sum(d.kind == "storage" for d in found) == 20
