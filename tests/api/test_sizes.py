"""One kernel for all sizes, and kernels of their own for the first few and the frequent ones."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import polyc
from polyc import numpy_einsum, recipe
from polyc.often import FIRST, TIMES, Often
from polyc.recipe import Recipe

PRODUCT = "def f(float(M,K) A, float(K,N) B) -> (C) { C(m,n) += A(m,k) * B(k,n) }"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Recipe]]:
    """What was compiled, or taken from the disk, in this test."""
    made: list[Recipe] = []
    found = recipe.function

    def function(made_from: Recipe, *rest: object) -> object:
        made.append(made_from)
        return found(made_from, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(recipe, "function", function)
    for memory in (numpy_einsum._function, numpy_einsum._kernel, numpy_einsum._open_kernel):
        memory.cache_clear()
    numpy_einsum._OFTEN.clear()
    yield made
    numpy_einsum._OFTEN.clear()


def operands(n: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(n)
    return rng.random((n, 7), np.float32), rng.random((7, n + 3), np.float32)


def test_the_first_and_the_frequent_get_their_own() -> None:
    often = Often()
    assert all(often.enough(n, 9) for n in range(FIRST))
    assert all(often.enough(n, 9) for n in range(FIRST))
    assert [often.enough("late", 9) for _ in range(TIMES + 1)] == [False] * (TIMES - 1) + [True] * 2
    assert not often.enough("later", 9)
    often.promise("later")
    assert often.enough("later", 9)


def test_large_sizes_get_their_own_sooner() -> None:
    often = Often()
    for n in range(FIRST):
        often.enough(n, 9)
    assert [often.enough("large", 1 << 17) for _ in range(4)] == [False] * 3 + [True]
    assert [often.enough("huge", 1 << 21) for _ in range(2)] == [False, True]


def test_counts_are_bounded() -> None:
    often = Often()
    for n in range(10_000):
        often.enough(n, 9)
    for n in range(1_000):
        often.promise(-n)
    assert len(often._counts) <= 4096
    assert len(often._own) <= 256


def test_an_operator_of_many_sizes_compiles_few_kernels(compiled: list[Recipe]) -> None:
    op = polyc.compile(PRODUCT)
    for n in range(1, 60):
        a, b = operands(n)
        np.testing.assert_allclose(op(a, b), a @ b, rtol=1e-5)
        np.testing.assert_allclose(op(a, b), op.reference(a, b), rtol=1e-5)
    assert len(compiled) == FIRST + 1
    assert [r.shapes is None for r in compiled] == [False] * FIRST + [True]
    a, b = operands(59)
    for _ in range(TIMES):
        np.testing.assert_allclose(op(a, b), a @ b, rtol=1e-5)
    assert len(compiled) == FIRST + 2
    assert compiled[-1].shapes == (a.shape, b.shape)


def test_a_size_that_was_asked_for_has_its_own_kernel(compiled: list[Recipe]) -> None:
    op = polyc.compile(PRODUCT)
    for n in range(1, FIRST + 3):
        op(*operands(n))
    op.specialize({"M": 90, "K": 7, "N": 93})
    a, b = operands(90)
    np.testing.assert_allclose(op(a, b), a @ b, rtol=1e-5)
    assert compiled[-1].shapes == (a.shape, b.shape)


def test_all_kinds_of_calls_of_the_kernel_for_all_sizes(compiled: list[Recipe]) -> None:
    op = polyc.compile("def f(float(N) x, float a, int s) -> (y) { y(i) = a * x(i) + s }")
    for n in range(1, FIRST + 1):
        op(np.ones(n, np.float32), 2, 1)
    for n in range(FIRST + 1, FIRST + 40):
        x = np.arange(n, dtype=np.float32)
        out = np.full(n, np.nan, np.float32)
        np.testing.assert_array_equal(op(x, 2, 1), 2 * x + 1)
        np.testing.assert_array_equal(op(s=1, x=x, a=2), 2 * x + 1)
        np.testing.assert_array_equal(op(x[::-1], 2, 1, threads=1), 2 * x[::-1] + 1)
        assert op(x, 3, 2, out=out) is out
        np.testing.assert_array_equal(out, 3 * x + 2)
    assert len(compiled) == FIRST + 2  # one for all sizes in C order, one for other strides


def test_wrong_calls_say_the_same_as_ever(compiled: list[Recipe]) -> None:
    op = polyc.compile(PRODUCT)
    a, b = operands(5)
    with pytest.raises(polyc.ArgumentError) as early:
        op(a, b[:-1])
    for n in range(1, FIRST + 9):
        op(*operands(n))
    with pytest.raises(polyc.ArgumentError) as late:
        op(a, b[:-2])
    assert str(late.value) == str(early.value).replace("6", "5")
    with pytest.raises(polyc.ArgumentError, match="float64"):
        op(a.astype(np.float64), operands(77)[1])
    assert any(r.shapes is None for r in compiled)


def test_scalars_that_shape_the_code_stay_open(compiled: list[Recipe]) -> None:
    text = "def w(float(N) x, int s) -> (y) { y(i) += x(i + j) where j in 0:s, i in 0:N-s+1 }"
    op = polyc.compile(text)
    x = np.arange(40, dtype=np.float32)
    for s in range(1, 39):
        expected = np.lib.stride_tricks.sliding_window_view(x, s).sum(1)
        np.testing.assert_array_equal(op(x, s), expected)
    assert len(compiled) == FIRST + 1


def test_einsum_of_many_sizes_compiles_few_kernels(compiled: list[Recipe]) -> None:
    for n in range(1, 60):
        a, b = operands(n)
        out = np.empty((n, n + 3), np.float32)
        np.testing.assert_allclose(polyc.einsum("mk,kn->mn", a, b), a @ b, rtol=1e-5)
        polyc.einsum("mk,kn->mn", a, b, out=out)
        np.testing.assert_allclose(out, a @ b, rtol=1e-5)
    assert len(compiled) <= FIRST + 1
    a, b = operands(59)
    for _ in range(TIMES):
        np.testing.assert_allclose(polyc.einsum("mk,kn->mn", a, b), a @ b, rtol=1e-5)
    assert len(compiled) <= FIRST + 2


def test_einsum_broadcasts_whatever_came_before(compiled: list[Recipe]) -> None:
    for n in range(2, 40):
        a = np.arange(n, dtype=np.float64)
        b = np.array([3.0])
        np.testing.assert_array_equal(polyc.einsum("i,i->i", a, a), a * a)
        np.testing.assert_array_equal(polyc.einsum("i,i->i", a, b), 3 * a)
        np.testing.assert_array_equal(polyc.einsum("...,...->...", a[:, None], b), 3 * a[:, None])
    with pytest.raises(polyc.LanguageError, match="`i` is 50 in operand 0 and 51 in operand 1"):
        polyc.einsum("i,i->i", np.ones(50), np.ones(51))
    assert any(r.shapes is None for r in compiled)


def test_threads_share_operators_and_einsum_strings(compiled: list[Recipe]) -> None:
    op = polyc.compile(PRODUCT)

    def work(seed: int) -> None:
        for k in range(46):
            a, b = operands(1 + (k * (2 * seed + 1)) % 23)
            np.testing.assert_allclose(op(a, b), a @ b, rtol=1e-5)
            np.testing.assert_allclose(polyc.einsum("mk,kn->mn", a, b), a @ b, rtol=1e-5)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    # 23 sizes of each of the two, and their kernels for all sizes; two threads may make one twice.
    assert len(compiled) < 368 / 4
