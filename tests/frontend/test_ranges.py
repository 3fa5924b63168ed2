"""The golden results of range inference."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from polyc.errors import ArgumentError
from polyc.frontend import NeedsConstants, load
from polyc.frontend.bind import bind
from polyc.frontend.integers import IntLike

EXTENTS = [
    ("O(i) = I(123*i)", ["(I.0 + 122)/123"]),
    ("O(i) = I(i+5)", ["I.0 - 5"]),
    ("O(h,w) += I(h+kh, w+kw) * W(kh,kw)", ["I.0 - W.0 + 1", "I.1 - W.1 + 1"]),
    (
        "O(b,op,h,w) += X(b,ip,2*h+3*w+kh,2*w+kw) * W(op,ip,kh,kw)",
        ["X.0", "W.0", "(X.2 - 3*((X.3 - W.3)/2) - W.2)/2 + 1", "(X.3 - W.3)/2 + 1"],
    ),
    ("O(i) += I(j, i+j, k)", ["I.1 - I.0 + 1"]),
    ("O(i,j) = I(10+i-j, i+j) where i in 0:10", ["10", "min(11, I.1 - 9)"]),
    ("O(i) += A(i) + B(i+k) where k in 0:3", ["min(A.0, B.0 - 2)"]),
    ("O(n) max= X(2*n+r) where r in 0:2", ["X.0/2"]),
    ("O(i) = X(i/2)", ["2*X.0"]),
    ("Y(2*i+r) += X(i) * W(r)", ["W.0 + 2*X.0 - 2"]),
]


@pytest.mark.parametrize(("text", "extents"), EXTENTS)
def test_extents(text: str, extents: list[str]) -> None:
    program = load(text)
    names: dict[str, IntLike] = {s.name: s.display for s in program.sizes}
    shown = [str(n.subs(names)) for n in program.outputs[0].shape]
    assert shown == extents


PRECONDITIONS: list[tuple[str, list[str]]] = [
    ("O(h) += I(h+r) * W(r)", ["I.0 + 1 >= W.0"]),
    ("O(i) = I(i+5)", ["I.0 >= 5"]),
    ("O(i) += A(i) * B(i+k) * W(k)", ["B.0 + 1 >= A.0 + W.0"]),
    ("O(i) += A(i,j) where j in 0:i+1", ["A.1 >= A.0"]),
    ("def f(float(M,K) A, float(L,N) B) -> (C) { C(m,n) += A(m,k) * B(k,n) }", ["K == L"]),
    ("def f(float(N,D) X) -> (float(N,D) S) { S(0,d) = X(0,d)\n"
     "S(t,d) = S(t-1,d) + X(t,d) where t in 1:N }", ["N >= 1"]),
    ("C[m,n] += A[m,k] * B[k,n]", []),
    ("O(i) = I(i) where i in 0:10", ["I.0 >= 10"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), PRECONDITIONS)
def test_preconditions(text: str, wanted: list[str]) -> None:
    assert [p.text for p in load(text).preconditions] == wanted


def test_a_violated_precondition_names_itself_and_the_sizes() -> None:
    program = load("def f(float(H) I, float(R) W) -> (O) { O(h) += I(h+r) * W(r) }")
    assert bind(program, {"I": (5,), "W": (3,)}, {}) == {"H": 5, "R": 3}
    with pytest.raises(ArgumentError, match=r"needs H \+ 1 >= R, found H = 5, R = 7"):
        bind(program, {"I": (5,), "W": (7,)}, {})


MISMATCHES: list[tuple[str, dict[str, tuple[int, ...]], str]] = [
    ("C[m,n] += A[m,k] * B[k,n]", {"A": (2, 3), "B": (4, 5)},
     r"dimension 0 of `B` is 4, expected A.1 = 3"),
    ("def f(float(M,K) A, float(K) B) -> (C) { C(m) += A(m,k) * B(k) }",
     {"A": (2, 3), "B": (4,)}, r"expected K = 3 \(K = 3 from `A.1`\)"),
    ("C[m] += A[m,k]", {"A": (2,)}, "`A` has 1 dimensions, expected 2"),
    ("def f(float(N) W, float(2*N+1) X) -> (O) { O(i) = X(2*i+1) + W(i) }",
     {"W": (4,), "X": (8,)}, r"expected 2\*N \+ 1 = 9"),
    ("def f(float(4,N) W) -> (O) { O(i,j) = W(i,j) }", {"W": (5, 3)}, "is 5, expected 4"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shapes", "message"), MISMATCHES)
def test_mismatched_arguments(text: str, shapes: dict[str, tuple[int, ...]], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        bind(load(text), shapes, {})


def test_scalars_times_variables_are_asked_for() -> None:
    text = "def f(float(N) X, int st, int d) -> (Y) { Y(i) += X(st*i + d*r) where r in 0:3 }"
    with pytest.raises(NeedsConstants) as caught:
        load(text)
    assert caught.value.names == ("d", "st")
    program = load(text, consts={"st": 2, "d": 3})
    assert [t.name for t in program.inputs] == ["X"]
    assert str(program.outputs[0].shape[0]) == "(N + 1)/2 - 3"


CONSTANT: list[tuple[str, Callable[[int], int]]] = [
    ("O(i) = I(123*i)", lambda n: -(-n // 123)),
    ("O(i) += I(2*i+r) where r in 0:3", lambda n: (n - 3) // 2 + 1),
]


@pytest.mark.parametrize(("text", "extent"), CONSTANT)
def test_extents_at_many_sizes(text: str, extent: Callable[[int], int]) -> None:
    program = load(text)
    for n in range(5, 400, 7):
        assert program.outputs[0].shape[0].eval({"I_0": n}) == extent(n)
