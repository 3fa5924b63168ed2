"""Schedules as text: `op.specialize(sizes, schedule=...)`."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

import polyc
from polyc.errors import ArgumentError

SCAN = """
def f(float(N,D) X) -> (float(N,D) S) {
  S(0,j) = X(0,j)
  S(i,j) = S(i-1,j) + X(i,j) where i in 1:N
}"""
GEMM = "def gemm(float(M,K) A, float(K,N) B) -> (C) { C(m,n) += A(m,k) * B(k,n) }"
SIZES = {"N": 6, "D": 40}
X = np.arange(240, dtype=np.float32).reshape(6, 40)


def backwards(text: str) -> str:
    assert "[(i)]" in text
    return text.replace("[(i)]", "[(-i)]")


def test_an_edited_schedule_is_used() -> None:
    op = polyc.compile(SCAN)
    k = op.specialize(SIZES)
    edited = str(k.schedule).replace("[(j)]", "[(-j)]").replace('"vector"', '"unroll"')
    mine = op.specialize(SIZES, schedule=edited)
    assert "-j" in str(mine.schedule)
    assert str(mine.loops) != str(k.loops)
    assert mine.certificate.ok
    np.testing.assert_array_equal(mine(X), np.cumsum(X, 0, dtype=np.float32))
    np.testing.assert_array_equal(mine(X[:, ::-1]), np.cumsum(X[:, ::-1], 0, dtype=np.float32))


@pytest.mark.parametrize("backend", ["llvm", "c"])
def test_the_machine_code_follows_it(backend: str) -> None:
    """A sum of floats rounds otherwise when it runs backwards."""
    if backend == "c" and shutil.which("cc") is None:
        pytest.skip("the C backend needs a compiler: no cc on the PATH")
    op = polyc.compile(GEMM)
    sizes = {"M": 8, "N": 32, "K": 64}
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal(s).astype(np.float32) for s in ((8, 64), (64, 32)))
    with polyc.config(backend=backend):
        k = op.specialize(sizes)
        text = str(k.schedule)
        mine = op.specialize(sizes, schedule=text.replace("[(k)]", "[(-k)]"))
        same = op.specialize(sizes, schedule=text)
        assert (same(a, b) == k(a, b)).all()
        assert (mine(a, b) != k(a, b)).any()
        np.testing.assert_array_equal(mine(a, b), k(a[:, ::-1].copy(), b[::-1].copy()))


@pytest.mark.parametrize("check", [True, False])
def test_an_illegal_one_is_refused_whatever_the_options(check: bool) -> None:
    op = polyc.compile(SCAN)
    text = backwards(str(op.specialize(SIZES).schedule))
    with pytest.raises(ArgumentError) as caught:
        op.specialize(SIZES, schedule=text, options=polyc.Options(check=check))
    message = str(caught.value)
    assert "flow S1 -> S1 on S: runs backward at" in message
    assert "S1[1, 0] -> S1[2, 0]" in message


def test_strict_mathematics_keeps_the_order_of_a_sum() -> None:
    op = polyc.compile(GEMM)
    sizes = {"M": 4, "N": 16, "K": 8}
    strict = polyc.Options(math="strict")
    text = str(op.specialize(sizes, options=strict).schedule)
    turned = text.replace("[(k)]", "[(-k)]")
    assert turned != text
    op.specialize(sizes, schedule=turned)
    with pytest.raises(ArgumentError, match="S1 -> S1 on C: runs backward"):
        op.specialize(sizes, schedule=turned, options=strict)


def test_one_schedule_for_all_sizes() -> None:
    op = polyc.compile(SCAN)
    text = str(op.specialize({}).schedule)
    edited = op.specialize({}, schedule=re.sub(r"/\d+", "/16", text))
    assert "/16" in str(edited.schedule)
    np.testing.assert_array_equal(edited(X), np.cumsum(X, 0, dtype=np.float32))
    with pytest.raises(ArgumentError, match=r"(?s)line 1: unknown size N.*kernel are fixed"):
        op.specialize(SIZES, schedule=text)


def test_a_schedule_for_other_statements() -> None:
    """Large products are packed; small ones have no such statements."""
    op = polyc.compile(GEMM)
    large = op.specialize({"M": 512, "N": 512, "K": 512}, options=polyc.Options(target="x86-64-v3"))
    assert "Pack0" in str(large.schedule)
    with pytest.raises(ArgumentError, match=r"(?s)found Pack.*kernel are S0, S1; other"):
        op.specialize({"M": 4, "N": 4, "K": 4}, schedule=str(large.schedule))


def test_packed_operands_are_scheduled_by_hand() -> None:
    op = polyc.compile(GEMM)
    sizes = {"M": 512, "N": 512, "K": 512}
    text = str(op.specialize(sizes).schedule)
    assert "Pack0" in text
    mine = op.specialize(sizes, schedule=text.replace("[(d2)]", "[(-d2)]"))
    assert "-d2" in str(mine.schedule)
    rng = np.random.default_rng(0)
    a, b = (rng.integers(-4, 5, (512, 512)).astype(np.float32) for _ in "ab")
    np.testing.assert_array_equal(mine(a, b), a @ b)


def test_inputs_with_strides_whose_dimensions_stay_apart() -> None:
    """Rows and columns of arrays in C order are one loop; of others they cannot be."""
    op = polyc.compile("def f(float(N,D) X) -> (Y) { Y(i,j) = 2 * X(i,j) }")
    k = op.specialize(SIZES, schedule=str(op.specialize(SIZES).schedule))
    np.testing.assert_array_equal(k(X), 2 * X)
    with pytest.raises(ArgumentError, match="it is for inputs in C order"):
        k(X[:, ::-1])


def test_it_is_part_of_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLYC_CACHE_DIR", str(tmp_path))
    op = polyc.compile(SCAN)
    plain = op.specialize(SIZES)
    plain(X)
    before = len(list(tmp_path.iterdir()))
    edited = str(plain.schedule).replace("[(j)]", "[(-j)]")
    op.specialize(SIZES, schedule=edited)(X)
    assert len(list(tmp_path.iterdir())) == before + 1
    again = polyc.compile(SCAN).specialize(SIZES, schedule=edited)
    np.testing.assert_array_equal(again(X), np.cumsum(X, 0, dtype=np.float32))
    assert len(list(tmp_path.iterdir())) == before + 1
    assert op.specialize(SIZES) is plain


def test_only_text_is_a_schedule() -> None:
    op = polyc.compile(SCAN)
    k = op.specialize(SIZES)
    with pytest.raises(ArgumentError, match="schedule: found Schedule, expected a text"):
        op.specialize(SIZES, schedule=k.schedule)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="schedule, line 1: a schedule starts with its domain"):
        op.specialize(SIZES, schedule="")
