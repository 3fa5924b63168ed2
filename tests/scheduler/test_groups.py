"""Which statements share loops, and why."""

from __future__ import annotations

import re

import pytest

from polyc.options import Options
from polyc.scheduler.common import Group
from polyc.scheduler.fusion import form_groups, statement_components
from polyc.scheduler.tree import Decision
from polyc.target import target
from tests.programs import CORPUS
from tests.scheduler.support import V3, Case, case

BIG = {
    "softmax": {"N": 512, "D": 1024},
    "layernorm": {"N": 512, "D": 1024},
    "groupnorm": {"N": 8, "G": 32, "C": 16, "H": 12, "W": 12},
    "attention": {"B": 1, "H": 8, "Q": 128, "T": 256, "D": 64},
    "two_layer": {"B": 128, "I": 200, "H": 128, "O": 64},
    "dense_gelu": {"M": 256, "K": 128, "N": 256},
    "conv_depthwise_then_pointwise": {"C": 32, "H": 28, "W": 28, "R": 3, "S": 3, "K": 32},
    "moments": {"N": 128, "K": 512},
}


def groups(c: Case, **options: str) -> tuple[list[Group], list[Decision]]:
    names = tuple(s.name for s in c.program.statements)
    return form_groups(c.program, names, c.deps.edges, V3, Options(**options))  # type: ignore[arg-type]


def corpus(name: str) -> Case:
    text = CORPUS[name]
    return case(text.text, BIG[name], entry=text.entry)


@pytest.mark.parametrize("name", BIG)
def test_producers_and_consumers_become_one_group(name: str) -> None:
    c = corpus(name)
    (group,), _ = groups(c)
    assert group.names == tuple(s.name for s in c.program.statements)
    assert group.rows, "no common parallel dimension"


@pytest.mark.parametrize("name", ["softmax", "layernorm", "groupnorm", "attention", "two_layer"])
def test_their_temporaries_live_in_a_tile(name: str) -> None:
    c = corpus(name)
    s = c.schedule()
    temporaries = {t.name for t in c.program.tensors if t.kind == "temporary"}
    assert {h.tensor for h in s.storage} == temporaries
    assert all(h.scope == "tile" and any(h.windows) for h in s.storage)


def test_a_common_row_is_equal_at_both_ends_of_every_dependence() -> None:
    c = corpus("softmax")
    (group,), _ = groups(c)
    assert [str(e) for _, e in group.rows[0].exprs] == ["n"] * 6


def test_operands_larger_than_a_core_cache_pass_through_the_tiles_of_one_group() -> None:
    """A head of K and V is 2 MiB, and no tile makes it smaller; S and P would be 64 MiB a head."""
    c = case(CORPUS["attention"].text, {"B": 1, "H": 4, "Q": 4096, "T": 4096, "D": 64})
    names = tuple(s.name for s in c.program.statements)
    (group,), _ = form_groups(c.program, names, c.deps.edges, target("x86-64-v4"), Options())
    assert len(group.rows) == 2


def test_unrelated_loops_stay_apart() -> None:
    c = case(
        "def f(float(N) X, float(M) Y) -> (A, B) { A(i) = X(i) * 2.0\n B(j) = Y(j) + 1.0 }",
        {"N": 100, "M": 50},
    )
    found, decisions = groups(c)
    assert [g.names for g in found] == [("S0",), ("S1",)]
    assert decisions == []


def test_a_merge_that_would_kill_parallelism_is_refused_with_the_reason() -> None:
    # Every Y needs all of T: in common loops nothing could run in parallel.
    c = case(
        "def f(float(N) X, float(N,N) W) -> (Y) { T(i) = X(i) * 2.0\n Y(j) += T(i) * W(i,j) }",
        {"N": 64},
    )
    found, decisions = groups(c)
    assert [g.names for g in found] == [("S0",), ("S1", "S2")]
    (refused,) = (d for d in decisions if d.verdict == "no")
    assert refused.subject == "S0 with S1+S2"
    assert refused.reason == "no parallel dimension in common"
    assert str(refused) in [str(d) for d in c.schedule().decisions]


def test_too_little_parallelism_is_refused_with_its_numbers() -> None:
    c = case(
        "def f(float(N,D) X) -> (Y) { s(i) += X(i,j)\n Y(i,j) = X(i,j) * s(i) }",
        {"N": 3, "D": 500},
    )
    found, decisions = groups(c)
    assert [g.names for g in found] == [("S0", "S1"), ("S2",)]
    assert decisions[-1].reason == "3 independent iterations would be left of 1500"
    assert len(groups(c, fusion="max")[0]) == 1, "fusion = max merges what is legal"


def test_without_fusion_only_initialisations_are_merged() -> None:
    found, _ = groups(corpus("softmax"), fusion="none")
    assert [g.names for g in found] == [("S0", "S1"), ("S2",), ("S3", "S4"), ("S5",)]


def test_components_are_cycles_in_an_order_that_respects_the_edges() -> None:
    text = CORPUS["lstm"]
    c = case(text.text, text.smoke)
    names = tuple(s.name for s in c.program.statements)
    found = statement_components(names, c.deps.edges)
    assert ("S4", "S5", "S6", "S7") in found
    place = {n: at for at, names in enumerate(found) for n in names}
    assert sorted(place) == sorted(names)
    assert all(place[e.source] <= place[e.sink] for e in c.deps.edges)


def test_a_budget_of_nothing_still_gives_a_legal_schedule() -> None:
    c = corpus("softmax")
    s = c.schedule(budget=1)
    assert c.verify(s).failures == ()
    assert len(groups(c)[0]) == 1


@pytest.mark.slow
def test_two_hundred_statements_get_a_legal_schedule() -> None:
    kinds = ("A{n}(i,j) = A{m}(i,j)*2.0 + A0(j,i)", "A{n}(i,j) += A{m}(i,k)*A0(k,j)")
    lines = [kinds[n % 3 == 2].format(n=n, m=n - 1) for n in range(1, 201)]
    c = case("def f(float(N,N) A0) -> (A200) {\n" + "\n".join(lines) + "\n}", {"N": 256})
    s = c.schedule()
    assert c.verify(s).failures == ()
    assert not [d for d in s.decisions if d.kind == "fallback"], "the budget was enough"
    assert sum(d.kind == "fuse" and d.verdict == "yes" for d in s.decisions) > 100


def test_products_in_a_row_stay_apart_where_one_tile_floods_the_core() -> None:
    """Row by row the second product reads all of C for every few rows: no cycles are saved by the
    model, which hides loads behind arithmetic, but seven times the bytes would move."""
    text = """def f(float(I,K) A, float(K,J) B, float(J,L) C) -> (D) {
  T(i,j) += A(i,k) * B(k,j)
  D(i,l) += T(i,j) * C(j,l)
}"""
    found, decisions = groups(case(text, {"I": 800, "K": 900, "J": 850, "L": 1000}))
    assert [g.names for g in found] == [("S0", "S1"), ("S2", "S3")]
    (why,) = [d for d in decisions if d.subject == "S0+S1 with S2+S3"]
    numbers = [int(x) for x in re.findall(r"\d+", why.reason)]
    together, apart, moved, instead = numbers
    assert together >= apart
    assert moved > 4 * instead
    together_if_asked, _ = groups(case(text, {"I": 64, "K": 64, "J": 64, "L": 64}))
    assert len(together_if_asked) == 1
