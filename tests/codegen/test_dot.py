"""Products of neighbours: the same sums in the interpreter and both backends, with the instruction
and without it."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from polyc.codegen import c, llvm, native
from polyc.codegen.interpret_ops import numpy_dtype
from polyc.codegen.loops import Dot, Load, LoopNest, Splat, Store, Value
from polyc.frontend.dtypes import BFLOAT16, FLOAT32, INT8, INT16, INT32, UINT8, Dtype
from polyc.frontend.integers import Int
from polyc.target import target
from tests.codegen.support import HOST, agree, buffer, needs_cc, nest, run

WITH = replace(target("x86-64-v4"), features="+avx512vnni,+avx512bf16", dots=("vnni", "bf16"))
WITHOUT = replace(HOST, dots=())
ZERO = Int.of(0)
CASES = [
    (UINT8, INT8, INT32, 4),
    (INT8, UINT8, INT32, 4),
    (INT8, INT8, INT32, 4),  # no instruction: written out
    (UINT8, UINT8, INT32, 4),
    (INT16, INT16, INT32, 2),
    (BFLOAT16, BFLOAT16, FLOAT32, 2),
]
IDS = [f"{a}*{b}" for a, b, _, _ in CASES]


def dots(case: tuple[Dtype, Dtype, Dtype, int], lanes: int, repeat: bool = False) -> LoopNest:
    """S[0:lanes] += the products of neighbours of A and B; with `repeat` one group of A for all."""
    a, b, total, terms = case
    n = lanes * terms
    x: Value = Load("A", (ZERO,), a, terms if repeat else n, (1,))
    if repeat:
        x = Splat(x, n)
    y = Load("B", (ZERO,), b, n, (1,))
    s = Load("S", (ZERO,), total, lanes, (1,))
    arguments = [buffer("A", a, n), buffer("B", b, n), buffer("S", total, lanes, out=True)]
    return nest(arguments, [Store("S", (ZERO,), Dot(x, y, s), None, (1,))])


def operand(dtype: Dtype, n: int, rng: np.random.Generator) -> np.ndarray:
    """The ends of the type's range and others; small whole floats, whose sums are exact."""
    if dtype.is_float:
        return rng.integers(-8, 9, n).astype(numpy_dtype(dtype))
    info = np.iinfo(dtype.name)
    out = rng.integers(info.min, info.max + 1, n).astype(dtype.name)
    out[: n // 2] = np.where(np.arange(n // 2) % 2, info.max, info.min)
    out[: n // 4] = info.min
    return out


@pytest.mark.parametrize("backend", ["llvm", pytest.param("c", marks=needs_cc)])
@pytest.mark.parametrize("case", CASES, ids=IDS)
@pytest.mark.parametrize("instruction", [True, False], ids=["instruction", "written out"])
def test_backends_agree(
    backend: str, case: tuple[Dtype, Dtype, Dtype, int], instruction: bool
) -> None:
    rng = np.random.default_rng(3)
    for lanes in (2, 4, 8, 16):
        n = lanes * case[3]
        a, b = operand(case[0], n, rng), operand(case[1], n, rng)
        sums = np.full(lanes, 2**31 - 5 if case[2] == INT32 else 100, case[2].name)
        t = HOST if instruction else WITHOUT
        for repeat in (False, True):
            n_ = dots(case, lanes, repeat)
            got = agree(n_, backend, {"A": a, "B": b, "S": sums}, t=t)["S"]
            left = np.tile(a[: case[3]], lanes) if repeat else a
            exact = (left.astype(np.int64) * b.astype(np.int64)).reshape(lanes, -1).sum(1)
            want = (sums.astype(np.int64) + exact).astype(case[2].name)
            np.testing.assert_array_equal(got, want)


def test_bfloat16_is_as_close_as_float32() -> None:
    rng = np.random.default_rng(5)
    a, b = (rng.standard_normal(32).astype(numpy_dtype(BFLOAT16)) for _ in "ab")
    sums = rng.standard_normal(16).astype(np.float32)
    case = (BFLOAT16, BFLOAT16, FLOAT32, 2)
    _, found = run(dots(case, 16), "llvm", {"A": a, "B": b, "S": sums})
    products = (a.astype(np.float64) * b.astype(np.float64)).reshape(16, 2)
    size = np.abs(sums) + np.abs(products).sum(1)
    assert (np.abs(found["S"] - (sums + products.sum(1))) <= 3 * 2.0**-24 * size).all()


@pytest.mark.parametrize(
    ("case", "name"),
    [
        (CASES[0], "vpdpbusd"),
        (CASES[1], "vpdpbusd"),
        (CASES[4], "vpdpwssd"),
        (CASES[5], "vdpbf16ps"),
    ],
)
def test_one_instruction_where_the_target_has_it(
    case: tuple[Dtype, Dtype, Dtype, int], name: str
) -> None:
    for lanes, register in ((16, "zmm"), (8, "ymm"), (4, "xmm")):
        text = native.assembly(llvm.emit(dots(case, lanes), WITH), WITH)
        found = [line for line in text.splitlines() if f"\t{name}\t" in line]
        assert len(found) == 1
        assert register in found[0]
        plain = target("x86-64-v4")
        assert f"\t{name}\t" not in native.assembly(llvm.emit(dots(case, lanes), plain), plain)


def test_a_group_for_all_lanes_is_one_broadcast() -> None:
    text = native.assembly(llvm.emit(dots(CASES[0], 16, repeat=True), WITH), WITH)
    assert "vpbroadcastd" in text or "{1to16}" in text
    assert "vpshuf" not in text


@needs_cc
def test_c_uses_the_intrinsic_under_its_macro() -> None:
    text = c.emit(dots(CASES[0], 16), WITH)
    assert "#ifdef __AVX512VNNI__" in text
    assert "_mm512_dpbusd_epi32" in text
    assert shutil.which("cc")
