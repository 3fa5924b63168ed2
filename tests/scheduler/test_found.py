"""Programs like those that `make schedules` found: certificates refused, or no code came out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import polyc
from polyc.codegen.walk import statements
from polyc.errors import CompileError
from polyc.frontend.integers import Int
from polyc.scheduler.following import equal_lengths
from polyc.scheduler.splitting import Split
from polyc.target import require_here
from tests.scheduler.support import V3, case

TRIANGLE = """def f(float(66,33) A, float(33,33) X) -> (T) {
  T(i,j) = X(i,j)
  T(i,j) min= A(2*j,i) where i in 0:33, j in 0:33, j >= i
}"""
IN_PLACE = """def f(float(N,M,K) A) -> (T) {
  T(i,j,k) = 3.0*(i+j) where i in 0:N, j in 0:N, k in 0:K
  T(i,j,k) min=! A(j/2,M-1-i,k) - A(j,j+i,0) + 0.0*l where i in 0:N, j in 0:N, k in 0:K, l in 0:N
  for t in 0:2 {
    T(i,j,k) = T(i+1,j,k) + T(i-1,j,k) where j in 0:N, k in 0:K, i in 1:N-1
  }
}"""


@pytest.mark.parametrize("machine", ["x86-64-v3", "x86-64-v4"])
@pytest.mark.parametrize(
    ("text", "shapes", "fusion", "sizes"),
    [
        # A square of two vectors whose inner loop starts where the outer one stands.
        (TRIANGLE, [(66, 33), (33, 33)], "none", {}),
        # A statement that depends on itself, beside a sum held in registers.
        (IN_PLACE, [(5, 12, 33)], "auto", {}),
        (IN_PLACE, [(5, 12, 33)], "auto", {"N": 5, "M": 12, "K": 33}),
    ],
)
def test_legal_and_right(
    text: str, shapes: list[tuple[int, ...]], fusion: str, sizes: dict[str, int], machine: str
) -> None:
    random = np.random.default_rng(0)
    arrays = [random.integers(-3, 4, s).astype(np.float32) for s in shapes]
    given = {"fusion": fusion, "check": True, "cache": False, "target": machine}
    with polyc.config(**given):
        operator = polyc.compile(text)
        kernel = operator.specialize(sizes)
        assert kernel.certificate.ok
        try:
            require_here(machine)
        except CompileError as e:
            pytest.skip(str(e))
        np.testing.assert_array_equal(kernel(*arrays), operator.reference(*arrays))


def test_a_piece_of_a_range_has_an_element() -> None:
    """However much one element of it touches."""
    c = case("def f(float(64,4096) X) -> (A, B) { A += X(i,j)\n B += X(i,j) * X(i,j) }")
    sums = [s.name for s in c.program.statements if s.op is not None]
    splits = {n: Split("i", Int.of(0), Int.of(63), 4) for n in sums}
    found = equal_lengths(c.program, splits, replace(V3, l2_bytes=1024))
    assert [x.length for x in found.values()] == [1, 1]


GUARDS = """def f(int64(N, M, K) A0, int64(3*N) A1, double(K+1, M) A2, int64(2*M) A3) -> (T1, T3) {
  T1(i, j, k) = max(max(pad(A1(j+3), 0), A0(k, i/2, j)), min(A2(j+1, i), A0(k, i, j)))
    where i in 0:M, j in 0:K
  T2(j, i) = pad(A2(i+1, j-1), 2) + pad(A0(i+3, i+3, j+1), 1) + pad(A1(i+1), 1)
    where i in 0:K, j in 0:M
  T3(j, k, i) = (j < 1 ? 0 : T2(j, j)) + A3(2*j) where i in 0:N, j in 0:M, k in 0:N
}"""


def test_splits_and_squares_do_not_multiply_without_end() -> None:
    """Guards on shifted rows around squares of open sizes were 78,000 statements."""
    with polyc.config(fusion="max", cache=False, target="x86-64-v3"):
        loops = polyc.compile(GUARDS).specialize({}).loops
    assert sum(1 for _ in statements(loops.body)) < 12_000
