"""Marks of the schedule tree on the loops that isl makes of it."""

from __future__ import annotations

from polyc.codegen.build import skeleton
from polyc.codegen.loops import For
from polyc.codegen.walk import statements
from polyc.frontend.integers import Int
from tests.scheduler.support import Case, by_hand, case, loop, nest, seq

MATMUL = "def f(int(M,K) A, int(K,N) B) -> (C) { C(i,j) += A(i,k) * B(k,j) }"


def kinds(c: Case, mark: str, inner: tuple[str, ...]) -> list[str]:
    """The kinds of the loops of S1 when its outermost one, over `i`, has a mark."""
    tree = seq(
        ("S0", nest("S0", "i", "j")),
        ("S1", loop({"S1": "i"}, nest("S1", *inner), mark=mark)),
    )
    body = skeleton(c.program, by_hand(c, tree)).body
    sums = [s for s in statements(body) if isinstance(s, For)]
    return [s.kind for s in sums[-len(inner) - 1 :]]


def test_a_mark_belongs_to_one_loop() -> None:
    c = case(MATMUL, {"M": 3, "N": 4, "K": 5})
    assert kinds(c, "parallel", ("j", "k")) == ["parallel", "serial", "serial"]


def test_a_band_of_one_value_takes_its_mark_with_it() -> None:
    # isl makes no loop of `i`; the sum over `k` must not run on threads in its place.
    c = case(MATMUL, {"M": 1, "N": 4, "K": 5})
    assert "parallel" not in kinds(c, "parallel", ("k", "j"))


def test_loops_with_a_maximum_as_lower_bound_keep_their_mark() -> None:
    c = case(
        "def f(int(N,N) X) -> (int(N,N) Y) { Y(i,j) = X(i,j) where i in 0:N, j in 0:N }", {"N": 6}
    )
    skew = loop({"S0": Int.of("i") + "j"}, loop({"S0": "i"}, mark="vector"))
    body = skeleton(c.program, by_hand(c, skew)).body
    inner = [s for s in statements(body) if isinstance(s, For)][-1]
    assert "max" in str(inner.lower)
    assert inner.kind == "vector"
