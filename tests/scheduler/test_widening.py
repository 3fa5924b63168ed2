"""Sums over triangles in whole register tiles: the same values, only where nobody can tell."""

from __future__ import annotations

import numpy as np
import pytest

import polyc
from polyc.frontend import load
from polyc.frontend.program import Program, specialize
from polyc.scheduler.counting import count
from polyc.scheduler.widening import widen
from polyc.target import target

V4 = target("x86-64-v4")
SYRK = """def syrk(float(K,N) A, float(N,N) C0) -> (float(N,N) C) {
  C(i,j) = C0(i,j)
  T(i,j) += A(k,i) * A(k,j) where j <= i
  C(i,j) = C(i,j) + 1.5 * T(i,j) where j <= i
}"""
REFUSED = {
    "an output": "def f(float(K,N) A) -> (float(N,N) C) {\n"
    "  C(i,j) = 0.0 where i in 0:N, j in 0:N\n  C(i,j) += A(k,i) * A(k,j) where j <= i\n}",
    "terms that end at the diagonal": "def f(float(N,N) A) -> (float(N,N) C) {\n"
    "  C(i,j) = 0.0 where i in 0:N, j in 0:N\n"
    "  T(i,j) += A(k,i) * A(k,j) where j <= i, k <= j\n  C(i,j) = T(i,j) where j <= i\n}",
    "a box": "def f(float(K,N) A) -> (float(N,N) C) {\n"
    "  T(i,j) += A(k,i) * A(k,j)\n  C(i,j) = 2 * T(i,j)\n}",
    "operands outside of their array": "def f(float(N) A, float(K,N) B) -> (float(N,N) C) {\n"
    "  C(i,j) = 0.0 where i in 0:N, j in 0:N\n"
    "  T(i,j) += A(i-j) * B(k,j) where i in 0:N, j in 0:N, j <= i\n"
    "  C(i,j) = T(i,j) where j <= i\n}",
    "operands that nothing wrote": "def f(float(N,N) A, float(K,N) B) -> (float(N,N) C) {\n"
    "  C(i,j) = 0.0 where i in 0:N, j in 0:N\n  L(i,j) = 2 * A(i,j) where j <= i\n"
    "  T(i,j) += L(i,j) * B(k,j) where j <= i\n  C(i,j) = T(i,j) where j <= i\n}",
}


def terms(program: Program) -> int:
    s = next(s for s in program.statements if s.op is not None and s.reduced)
    found = count(s.domain)
    assert found is not None
    return found


def test_more_terms_but_few() -> None:
    program = specialize(load(SYRK), {"N": 600, "K": 100})
    made = widen(program, V4)
    assert terms(program) == 600 * 601 // 2 * 100
    assert terms(program) < terms(made.program) < 1.25 * terms(program)
    (decision,) = made.decisions
    assert (decision.kind, decision.verdict) == ("widen", "yes")


def test_too_few_tiles_stay_a_triangle() -> None:
    """Nearly all tiles of a small triangle lie on its diagonal."""
    program = specialize(load(SYRK), {"N": 40, "K": 100})
    made = widen(program, V4)
    assert made.program is program
    assert [d.verdict for d in made.decisions] == ["no"]


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    program = load(REFUSED[name])
    sizes = {z.name: 600 for z in program.sizes}
    program = specialize(program, sizes)
    assert widen(program, V4).program is program


@pytest.mark.parametrize("backend", ["llvm", "c"])
@pytest.mark.parametrize("n", [385])
@pytest.mark.parametrize("fixed", [True, False], ids=["fixed", "open"])
def test_the_same_values(backend: str, n: int, fixed: bool) -> None:
    options = polyc.Options(backend=backend, cache=False, check=True)  # type: ignore[arg-type]
    kernel = polyc.compile(SYRK, options=options).specialize({"N": n, "K": 33} if fixed else {})
    rng = np.random.default_rng(1)
    a, c0 = (rng.standard_normal(s, dtype=np.float32) for s in ((33, n), (n, n)))
    want = c0 + 1.5 * np.tril(a.T.astype(np.float64) @ a.astype(np.float64))
    np.testing.assert_allclose(kernel(a, c0), want, rtol=1e-4, atol=1e-4)
    assert kernel.certificate.ok
