"""Padded operands: the same values, legal, guards gone from the loops that do the work."""

from __future__ import annotations

import numpy as np
import pytest

from polyc.codegen.build import build
from polyc.codegen.interpret import run
from polyc.frontend import load, reference
from polyc.frontend.program import Select, Statement, children, specialize
from polyc.options import Options
from polyc.scheduler.dependences import analyse
from polyc.scheduler.legality import verify
from polyc.scheduler.padding import pad_operands
from polyc.scheduler.schedule import schedule
from polyc.target import target

V4 = target("x86-64-v4")
SAME = """
def f(float(N,C,H,W) X, float(K,C,R,S) F) -> (float(N,K,H,W) Y) {
  Y(n,k,h,w) += pad(X(n,c,h+r-R/2,w+s-S/2), 1.5) * F(k,c,r,s)
}"""
SIZES = {"N": 2, "C": 3, "H": 7, "W": 19, "K": 9, "R": 3, "S": 3}


def _guarded(s: Statement) -> bool:
    stack = [s.value]
    while stack:
        e = stack.pop()
        if isinstance(e, Select):
            return True
        stack += children(e)
    return False


@pytest.mark.parametrize("symbolic", [False, True], ids=["fixed", "symbolic"])
def test_padded_program_computes_the_same(symbolic: bool) -> None:
    whole = load(SAME)
    program = pad_operands(whole if symbolic else specialize(whole, SIZES)).program
    assert [t.packs for t in program.tensors if t.packs] == ["X"]
    assert not any(_guarded(s) for s in program.statements if s.op)
    deps = analyse(program)
    plan = schedule(program, deps, V4, Options())
    assert verify(program, deps, plan).ok
    rng = np.random.default_rng(3)
    arrays = {
        t.name: rng.standard_normal([n.eval(SIZES) for n in t.shape]).astype(np.float32)
        for t in whole.inputs
    }
    y = np.empty([SIZES[n] for n in "NKHW"], np.float32)
    nest = build(program, plan, V4, Options())
    assert run(nest, {**arrays, "Y": y}, {}, {n: SIZES[n] for n in nest.ints}) == 0
    want = reference.run(whole, arrays, SIZES)["Y"]
    np.testing.assert_allclose(y, want, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "def f(float(N) X, float(3) F) -> (float(N) Y) { Y(i) += pad(X(i+r-1), 0) * F(r) }",
            "each element is used three times",
        ),
        (
            """
def f(float(N) X, float(K,3) F) -> (float(K,N) Y) {
  Y(k,i) += (i >= 2 ? X(i-1) : 0) * F(k,r)
}""",
            "the guard keeps out an element of the box",
        ),
        (
            """
def f(float(N) X, float(K,3) F) -> (float(K,N) Y) {
  T(i) = 2 * X(i)
  Y(k,i) += pad(T(i+r-1), 0) * F(k,r)
}""",
            "a temporary stays with its producer",
        ),
    ],
)
def test_leaves_alone(text: str, why: str) -> None:
    program = specialize(load(text), {"N": 40, "K": 40} if "K" in text else {"N": 40})
    assert pad_operands(program).program.tensors == program.tensors, why
