"""Rows that two groups have in common, and what fusing them costs."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from polyc.options import Options
from polyc.scheduler.common import Group, common_rows, edge_link, null_space, read_link, reduced
from polyc.scheduler.facts import accesses
from polyc.scheduler.fusion import form_groups
from polyc.scheduler.traffic import Cost, cost
from polyc.scheduler.tree import Decision
from tests.scheduler.support import V3, Case, case, row

SHIFTED = "def f(float(N) X) -> (Y) { T(i) = X(i) * 2.0\n Y(i) = T(i+1) + 1.0 where i in 0:N-1 }"
REVERSED = "def f(float(N) X) -> (Y) { T(i) = X(i) * 2.0\n Y(i) = T(N-1-i) + 1.0 }"
TRANSPOSED = "def f(float(N,M) X) -> (Y) { T(i,j) = X(i,j) * 2.0\n Y(i,j) = T(j,i) + 1.0 }"
POOLED = """def f(float(N,M) X) -> (Y) {
  T(i,j) = X(i,j) * 2.0
  Y(i,j) = T(i,2*j) + T(i,2*j+1) where j in 0:M/2
}"""


def whole(c: Case, name: str) -> Group:
    """A statement with every variable as a row."""
    return Group((name,), tuple(row({name: v}) for v in c.program.statement(name).vars))


def rows(text: str, sizes: dict[str, int] | None = None) -> list[str]:
    """The common rows of the statements S0 and S1."""
    c = case(text, sizes)
    links = [edge_link(e) for e in c.deps.edges if e.source != e.sink]
    found = common_rows(c.program, whole(c, "S0"), whole(c, "S1"), links)
    assert found is not None
    return [", ".join(f"{n}: {e}" for n, e in r.exprs) for r in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SHIFTED, ["S0: i - 1, S1: i"]),
        (REVERSED, ["S0: i - N + 1, S1: -i"]),
        (TRANSPOSED, ["S0: i, S1: j", "S0: j, S1: i"]),
        (POOLED, ["S0: i, S1: i"]),  # the window of j has a distance
    ],
)
def test_common_rows_are_equal_along_what_flows(text: str, expected: list[str]) -> None:
    assert rows(text) == expected


def test_rows_with_larger_steps_than_four_are_not_taken() -> None:
    strided = (
        "def f(float(N) X) -> (Y) {{ T(i) = X(i) * 2.0\n Y(i) = T({0}*i) where i in 0:N/{0} }}"
    )
    assert rows(strided.format(4)) == ["S0: i, S1: 4*i"]
    assert rows(strided.format(5)) == []


def test_a_row_that_is_not_linear_is_left_to_isl() -> None:
    c = case(SHIFTED)
    odd = Group(("S0",), (row({"S0": c.program.statement("S0").subs[0] // 2}),))
    links = [edge_link(e) for e in c.deps.edges if e.source != e.sink]
    assert common_rows(c.program, odd, whole(c, "S1"), links) is None


def test_instances_that_read_one_element_belong_together() -> None:
    text = "def f(float(N,M) X) -> (A, B) { A(i) += X(i,j)\n B(i,j) = X(j,i) }"
    c = case(text, {"N": 9, "M": 9})
    a, b = c.program.statement("S1"), c.program.statement("S2")
    link = read_link(c.program, a, accesses(a)[1], b, accesses(b)[1])
    assert link is not None
    kept = Group(("S1",), (row({"S1": "i"}),))
    (found,) = common_rows(c.program, kept, whole(c, "S2"), [link]) or []
    assert [str(e) for _, e in found.exprs] == ["i", "j"]


def test_a_gather_reads_alike_with_nothing() -> None:
    text = "def f(float(N) X, int32(M) I) -> (A, B) { A(i) = X(I(i))\n B(i) = X(I(i)) + 1.0 }"
    c = case(text, {"N": 9, "M": 9})
    a, b = c.program.statement("S0"), c.program.statement("S1")
    gathers = [next(x for x in accesses(s) if x.tensor == "X") for s in (a, b)]
    assert read_link(c.program, a, gathers[0], b, gathers[1]) is None


def test_null_space_and_echelon_form() -> None:
    rows = [[Fraction(x) for x in r] for r in ([1, 2, 3], [2, 4, 6])]
    assert reduced(rows, 3) == [[1, 2, 3]]
    basis = null_space(rows, 3)
    assert len(basis) == 2
    assert all(sum(a * b for a, b in zip(r, v, strict=True)) == 0 for r in rows for v in basis)


# ---- cost
def decisions(c: Case, **options: str) -> tuple[list[Group], list[Decision]]:
    names = tuple(s.name for s in c.program.statements)
    return form_groups(c.program, names, c.deps.edges, V3, Options(**options))  # type: ignore[arg-type]


def test_a_stream_costs_its_bytes_and_small_arrays_an_eighth() -> None:
    text = "def f(float(N) X) -> (Y) { Y(i) = X(i) * 2.0 }"
    for n, weight in ((10**8, 1.0), (10**6, 1 / 3), (10**4, 1 / 8)):
        c = case(text, {"N": n})
        g = whole(c, "S0")
        found = cost(c.program, g.names, g.rows, frozenset(), V3)
        moved = 2 * 4 * n * weight
        assert found.bytes == pytest.approx(moved, rel=1e-3)
        assert found.cycles == pytest.approx(max(moved / 10, 2 * n / 16), rel=1e-3)
    assert Cost(1, 2) + Cost(3, 4) == Cost(4, 6)


def test_private_values_that_stay_in_a_tile_move_nothing() -> None:
    c = case(SHIFTED.replace("i+1", "i"), {"N": 10**8})
    both = Group(("S0", "S1"), (row({"S0": "i", "S1": "i"}),))
    kept, stored = (
        cost(c.program, *(both.names, both.rows), t, V3) for t in (frozenset("T"), frozenset())
    )
    assert stored.bytes - kept.bytes == pytest.approx(4 * 10**8, rel=1e-3)


def test_a_chain_of_products_is_fused_while_its_operands_stay_near() -> None:
    """In common rows the second product would load all of W for every few rows of T."""
    text = """def f(float(M,K) X, float(K,K) W) -> (Y) {
      T(i,j) += X(i,k) * W(k,j)
      Y(i,j) += T(i,k) * W(k,j)
    }"""
    near, _ = decisions(case(text, {"M": 256, "K": 256}))
    assert [g.names for g in near] == [("S0", "S1", "S2", "S3")]
    far, why = decisions(case(text, {"M": 8192, "K": 8192}))
    assert [g.names for g in far] == [("S0", "S1"), ("S2", "S3")]
    refused = why[-1]
    assert (refused.subject, refused.verdict) == ("S0+S1 with S2+S3", "no")
    assert re.fullmatch(
        r"\d+ cycles together, \d+ apart; \d+ bytes against \d+, weighed by level", refused.reason
    )
    assert len(decisions(case(text, {"M": 8192, "K": 8192}), fusion="max")[0]) == 1


def test_two_readers_of_one_array_share_its_loads() -> None:
    text = "def f(float(N,M) X) -> (A, B) { A(i) += X(i,j)\n B(i) max= X(i,j) }"
    (found,), _ = decisions(case(text, {"N": 4096, "M": 4096}))
    assert set(found.names) == {"S0", "S1", "S2", "S3"}


def test_readers_in_other_orders_stay_apart() -> None:
    """Rows of one and columns of the other save no load in common loops."""
    text = "def f(float(N,N) X) -> (A, B) { A(i) += X(i,j)\n B(j) += X(i,j) }"
    found, why = decisions(case(text, {"N": 4096}))
    assert len(found) == 2
    assert why[-1].reason == "no parallel dimension in common"
