"""Long reductions at sizes where they run in parts: bits, accuracy, and special values."""

from __future__ import annotations

from collections.abc import Callable
from math import fsum
from typing import Any, Literal

import numpy as np
import pytest
from numpy.typing import NDArray

import polyc
from polyc import Kernel, Options, driver
from polyc.scheduler.combining import Origin
from polyc.scheduler.privatise import Privatised

N = 1_000_003
Backend = Literal["llvm", "c"]
both = pytest.mark.parametrize("backend", ["llvm", "c"])


def kernel(text: str, sizes: dict[str, int] | None, backend: Backend = "llvm") -> Kernel:
    """A checked kernel that has parts."""
    made = polyc.compile(text, options=Options(backend=backend, check=True)).specialize(sizes)
    assert any(t.parts for t in made.program.tensors)
    assert made.signature.parallel
    return made


def values(dtype: str, seed: int = 0) -> NDArray[Any]:
    rng = np.random.default_rng(seed)
    if dtype.startswith("complex"):
        return (rng.standard_normal(N) + 1j * rng.standard_normal(N)).astype(dtype)
    if dtype.startswith("float"):
        return (rng.standard_normal(N) + 3).astype(dtype)
    return rng.integers(-100, 100, N).astype(dtype)


SUMS: dict[str, tuple[str, Callable[..., Any]]] = {
    "sum": ("def f(float(N) A) -> (S) { S += A(i) }", lambda a: a.sum()),
    "norm": ("def f(double(N) A) -> (S) { S += A(i) * A(i) }", lambda a: (a * a).sum()),
    "of exp": ("def f(float(N) A) -> (S) { S += exp(A(i)) }", lambda a: np.exp(a).sum()),
    "complex": ("def f(complex64(N) A) -> (S) { S += A(i) * A(i) }", lambda a: (a * a).sum()),
    "greatest": ("def f(float(N) A) -> (S) { S max= A(i) }", lambda a: a.max()),
    "least": ("def f(int(N) A) -> (S) { S min= A(i) }", lambda a: a.min()),
    "its place": ("def f(float(N) A) -> (S) { S argmax= A(i) }", lambda a: a.argmax()),
    "wrapping": (
        "def f(int8(N) A) -> (int8 S) { S += A(i) }",
        lambda a: a.sum(dtype=np.int64).astype(np.int8),
    ),
    "any": ("def f(int(N) A) -> (bool S) { S or= A(i) == 99 }", lambda a: (a == 99).any()),
    "columns": (
        "def f(float(N) A, float(N,5) B) -> (S) { S(c) += A(n) * B(n,c) }",
        lambda a, b: (a[:, None].astype(float) * b).sum(axis=0),
    ),
    "moments": (
        "def f(float(N) A) -> (S,Q) { S += A(i)\n Q += A(i) * A(i) }",
        lambda a: (a.astype(float).sum(), (a.astype(float) ** 2).sum()),
    ),
    "variance": (
        "def f(float(N) A) -> (V) { M += A(i) / N\n V += (A(i) - M) * (A(i) - M) / N }",
        lambda a: a.astype(float).var(),
    ),
    "softmax of one row": (
        "def f(float(N) A) -> (Y) { M max= A(i)\n E(i) = exp(A(i) - M)\n S += E(i)\n"
        " Y(i) = E(i) / S }",
        lambda a: np.exp(a.astype(float) - a.max()) / np.exp(a.astype(float) - a.max()).sum(),
    ),
}


def operands(text: str) -> list[NDArray[Any]]:
    made = []
    for k, t in enumerate(polyc.compile(text).inputs):
        a = values(str(t.dtype), k)
        made.append(np.stack([a] * 5, axis=1) if len(t.shape) == 2 else a)
    return made


@both
@pytest.mark.parametrize("name", SUMS)
@pytest.mark.parametrize("symbolic", [False, True], ids=["fixed", "symbolic"])
def test_parts_are_right_and_equal_for_any_number_of_threads(
    name: str, symbolic: bool, backend: Backend
) -> None:
    text, expected = SUMS[name]
    arrays = operands(text)
    k = kernel(text, {} if symbolic else {"N": N}, backend)
    want = expected(*arrays)
    found = [k(*arrays, threads=n) for n in (1, 2, 3, 7, 2)]
    many = isinstance(want, tuple)
    for got, exact in zip(found[0] if many else [found[0]], want if many else [want], strict=True):
        np.testing.assert_allclose(got, exact, rtol=2e-6, atol=1e-12)
    bits = {b"".join(np.asarray(x).tobytes() for x in (f if many else (f,))) for f in found}
    assert len(bits) == 1


@pytest.mark.parametrize("kind", ["uniform", "shifted", "wide", "alternating"])
def test_a_sum_in_parts_is_no_less_accurate(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    a = {
        "uniform": rng.random(N),
        "shifted": 1e4 + rng.standard_normal(N),
        "wide": np.exp(rng.standard_normal(N) * 4),
        "alternating": rng.standard_normal(N) + 1,
    }[kind].astype(np.float32)
    exact = fsum(map(float, a))
    text = SUMS["sum"][0]
    parts = kernel(text, {"N": N})(a)
    monkeypatch.setattr(driver, "privatise", lambda p, *_: Privatised(p, Origin(p, {}), ()))
    whole = polyc.compile(text, options=Options(cache=False)).specialize({"N": N})
    assert not any(t.parts for t in whole.program.tensors)
    ulp = float(np.spacing(np.float32(exact)))
    assert abs(float(parts) - exact) <= 5 * ulp
    assert abs(float(parts) - exact) <= abs(float(whole(a)) - exact) + ulp


@both
@pytest.mark.parametrize("at", [0, 62_528, N - 1])
def test_special_values_reach_the_result(at: int, backend: Backend) -> None:
    a = values("float32")
    total, most = (kernel(SUMS[n][0], {"N": N}, backend) for n in ("sum", "greatest"))
    a[at] = np.inf
    assert total(a) == most(a) == np.inf
    a[at] = np.nan
    assert np.isnan(total(a))
    assert np.isnan(most(a))
    a[at], a[N // 2] = -np.inf, np.inf
    assert np.isnan(total(a))
    assert most(a) == np.inf
    assert most(np.full(N, -np.inf, np.float32)) == -np.inf


@both
@pytest.mark.parametrize("n", [0, 1, 5, 61_696, 200_000])
def test_one_kernel_for_all_sizes(n: int, backend: Backend) -> None:
    k = kernel(SUMS["wrapping"][0], {}, backend)
    a = values("int8")[:n]
    assert k(a) == a.sum(dtype=np.int64).astype(np.int8)
    biggest = kernel(SUMS["greatest"][0], {}, backend)(values("float32")[:n])
    assert biggest == max(values("float32")[:n], default=-np.inf)


@both
def test_guards_and_triangles(backend: Backend) -> None:
    a = values("float32")[: 1250 * 800].reshape(1250, 800)
    text = "def f(float(M,N) A) -> (S) { S += A(i,j) where j <= i }"
    k = kernel(text, {"M": 1250, "N": 800}, backend)
    np.testing.assert_allclose(k(a), np.tril(a).sum(dtype=float), rtol=1e-6)
    text = "def f(float(N) A) -> (S) { S += i >= 7 ? A(i-7) : 1.0 where i in 0:N }"
    flat = values("float32")
    k = kernel(text, {"N": N}, backend)
    np.testing.assert_allclose(k(flat), flat[:-7].sum(dtype=float) + 7, rtol=1e-6)


@both
def test_tables_are_read_through_data(backend: Backend) -> None:
    table = values("float32")[:200]
    index = np.random.default_rng(2).integers(0, 200, N).astype(np.int32)
    k = kernel("def f(int(N) I, float(K) T) -> (S) { S += T(I(n)) }", {"N": N, "K": 200}, backend)
    np.testing.assert_allclose(k(index, table), table[index].sum(dtype=float), rtol=2e-5)


def test_strict_mathematics_adds_in_the_order_of_the_text() -> None:
    text = SUMS["sum"][0]
    k = polyc.compile(text, options=Options(math="strict")).specialize({"N": N})
    assert not any(t.parts for t in k.program.tensors)
    a = values("float32")
    assert k(a) == np.cumsum(a, dtype=np.float32)[-1]
