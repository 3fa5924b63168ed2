"""Trivial conditions and loops dropped, dimensions that stand together merged."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest

import polyc
from polyc.frontend import load, reference
from polyc.frontend.program import Program, Select, children, specialize
from polyc.scheduler.flatten import flatten
from polyc.scheduler.simplify import simplify

POINTWISE = "def f(float(N,H,W) X, float(N) a) -> (Y) { Y(n,h,w) = X(n,h,w) * a(n) }"
SIZES = {"N": 3, "H": 5, "W": 7}
CONV = """
def f(float(N,C,H,W) X, float(K,C,R,S) F) -> (float(N,K,H,W) Y) {
  Y(n,k,h,w) += pad(X(n,c,h+r-R/2,w+s-S/2), 0) * F(k,c,r,s)
}"""


def fixed(text: str, sizes: dict[str, int]) -> Program:
    program = load(text)
    return specialize(program, {z.name: sizes[z.display] for z in program.sizes})


def shapes(program: Program) -> dict[str, tuple[int, ...]]:
    return {t.name: tuple(n.value for n in t.shape) for t in program.tensors}


def test_dimensions_that_stand_together_are_one() -> None:
    assert shapes(flatten(fixed(POINTWISE, SIZES))) == {"X": (3, 35), "a": (3,), "Y": (3, 35)}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def f(float(H,W) X) -> (Y) { Y(w,h) = X(h,w) }", "transposed"),
        ("def f(float(H,W) X, float(W) a) -> (Y) { Y(h,w) = X(h,w) + a(w) }", "one stands alone"),
        ("def f(float(H,W) X) -> (Y) { Y(h,w) = X(h,w) + X(h+0*w,W-1-w) }", "backward"),
        ("def f(float(H,W) X) -> (float(H,W-1) Y) { Y(h,w) = X(h,w) where w in 0:W-1 }", "a part"),
        ("def f(float(H,W) X) -> (Y) { Y(h,w) = X(h,w) * w }", "a value"),
        ("def f(float(H,W) X) -> (float(H,W) Y) { Y(h,w) = h > w ? X(h,w) : 0 }", "a condition"),
        (
            "def f(float(H,W) X) -> (float(H,W) Y) { Y(h,0) = X(h,0)\n"
            "Y(h,w) = Y(h,w-1) + X(h,w) where w in 1:W }",
            "a recurrence",
        ),
    ],
)
def test_what_cannot_be_merged_stays(text: str, why: str) -> None:
    program = fixed(text, {"H": 4, "W": 6})
    assert shapes(flatten(program)) == shapes(program), why


def test_strided_inputs_keep_their_dimensions() -> None:
    program = fixed(POINTWISE, SIZES)
    assert shapes(flatten(program, frozenset({"a"}))) == shapes(program)


def test_single_elements_leave_no_dimension() -> None:
    program = fixed(
        "def f(float(A,B,C) X) -> (Y) { Y(a,b,c) = 2 * X(a,b,c) }", {"A": 1, "B": 1, "C": 1}
    )
    assert shapes(flatten(simplify(program))) == {"X": (1,), "Y": (1,)}


def test_a_window_of_one_has_neither_padding_nor_loops() -> None:
    program = simplify(fixed(CONV, {"N": 2, "C": 3, "H": 4, "W": 5, "K": 6, "R": 1, "S": 1}))
    stack, s = [program.statements[-1].value], program.statements[-1]
    assert s.vars == ("n", "k", "h", "w", "c")
    while stack:
        e = stack.pop()
        assert not isinstance(e, Select)
        stack += children(e)
    flat = flatten(program)
    assert shapes(flat)["X"] == (2, 3, 20)
    assert shapes(flat)["Y"] == (2, 6, 20)


@pytest.mark.parametrize("backend", ["llvm", "c"])
@pytest.mark.parametrize("strided", [False, True])
def test_results_are_those_of_the_text(backend: Literal["llvm", "c"], strided: bool) -> None:
    op = polyc.compile(CONV, options=polyc.Options(backend=backend))
    rng = np.random.default_rng(5)
    x = rng.standard_normal((2, 3, 4, 14)).astype(np.float32)
    x = x[..., ::2] if strided else np.ascontiguousarray(x[..., :7])
    f = rng.standard_normal((6, 3, 1, 1)).astype(np.float32)
    want = np.einsum("nchw,kc->nkhw", x.astype(np.float64), f[:, :, 0, 0])
    np.testing.assert_allclose(op(x, f), want, rtol=1e-5, atol=1e-5)


def test_the_oracle_agrees_on_the_merged_program() -> None:
    program = fixed(POINTWISE, SIZES)
    flat = flatten(program)
    rng = np.random.default_rng(6)
    x, a = rng.standard_normal((3, 5, 7)), rng.standard_normal(3)
    want = reference.run(program, {"X": x, "a": a}, {})["Y"]
    got = reference.run(flat, {"X": x.reshape(3, 35), "a": a}, {})["Y"]
    np.testing.assert_array_equal(got.reshape(want.shape), want)
