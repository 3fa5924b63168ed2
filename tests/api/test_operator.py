"""`polyc.compile`, operators and kernels: what they say of themselves and how they are called."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import polyc
from polyc.errors import ArgumentError, LanguageError
from tests.programs import CORPUS

GEMM = """
def gemm(float(M,K) A, float(K,N) B, float alpha) -> (C) { C(m,n) += alpha * A(m,k) * B(k,n) }
"""
TWO = "def two(float(N,M) x) -> (s, t) { s(n) += x(n,m)  t(m) max= x(n,m) }"
F4 = np.dtype(np.float32)
A = np.arange(6, dtype=np.float32).reshape(2, 3)
B = np.arange(12, dtype=np.float32).reshape(3, 4)


# ---- what an operator says of itself
def test_specs_of_a_definition() -> None:
    op = polyc.compile(GEMM)
    assert [(t.name, t.dtype, t.shape) for t in op.inputs] == [
        ("A", F4, ("M", "K")),
        ("B", F4, ("K", "N")),
        ("alpha", F4, ()),
    ]
    assert [(t.name, t.dtype, t.shape) for t in op.outputs] == [("C", F4, ("M", "N"))]
    assert sorted(op.sizes) == ["K", "M", "N"]
    assert "A: float32[M, K]" in repr(op)


def test_specs_of_an_einsum_string() -> None:
    op = polyc.compile("mk,kn->mn")
    assert [t.shape for t in op.inputs] == [("m", "k"), ("k", "n")]
    assert [t.dtype for t in (*op.inputs, *op.outputs)] == [None, None, None]
    assert sorted(op.sizes) == ["k", "m", "n"]


def test_specs_of_the_bracket_form() -> None:
    op = polyc.compile("O[n,k,h,w] += I[n,c,h+r,w+s] * W[k,c,r,s]")
    assert [t.name for t in op.inputs] == ["I", "W"]
    assert op.inputs[0].dtype is None
    assert op.outputs[0].shape == ("I.0", "W.0", "I.2 - W.2 + 1", "I.3 - W.3 + 1")
    assert op.sizes[:2] == ("I.0", "I.1")


def test_specs_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        polyc.compile(GEMM).inputs[0].name = "Z"  # type: ignore[misc]


# ---- calls
def test_by_position_by_name_and_into_out() -> None:
    op = polyc.compile(GEMM)
    expected = 2 * (A @ B)
    np.testing.assert_array_equal(op(A, B, 2), expected)
    np.testing.assert_array_equal(op(alpha=2.0, B=B, A=A), expected)
    np.testing.assert_array_equal(op(A, B, alpha=np.float32(2)), expected)
    np.testing.assert_array_equal(op(A, B, np.array(2, np.int64)), expected)
    out = np.zeros((2, 4), np.float32)
    assert op(A, B, 2, out=out) is out
    np.testing.assert_array_equal(out, expected)


def test_several_outputs_are_a_tuple() -> None:
    op = polyc.compile(TWO)
    s, t = op(A)
    np.testing.assert_array_equal(s, A.sum(1))
    np.testing.assert_array_equal(t, A.max(0))
    mine = np.zeros(3, np.float32)
    s, t = op(A, out=(None, mine))
    assert t is mine
    np.testing.assert_array_equal(mine, A.max(0))


def test_scalars_are_arrays_of_rank_zero() -> None:
    found = polyc.compile("def f(float(N) x) -> (s) { s += x(n) }")(A[0])
    assert isinstance(found, np.ndarray)
    assert found.shape == ()
    assert found == 3


def test_out_of_any_layout_is_filled() -> None:
    op = polyc.compile(GEMM)
    out = np.zeros((4, 2), np.float32).T
    assert op(A, B, 1, out=out) is out
    np.testing.assert_array_equal(out, A @ B)


def test_inputs_of_any_stride_need_no_copy() -> None:
    op = polyc.compile(GEMM)
    big = np.arange(48, dtype=np.float32).reshape(6, 8)
    x, y = big[::-2, 5:1:-2], np.broadcast_to(big[0], (2, 8))
    np.testing.assert_array_equal(op(x, y, 1), x @ y)
    np.testing.assert_array_equal(op(big.T, big, 1), big.T @ big)


def test_bfloat16() -> None:
    x = np.arange(4).astype(ml_dtypes.bfloat16)
    op = polyc.compile("def f(bfloat16(N) x) -> (y) { y(i) = x(i) + x(i) }")
    found = op(x)
    assert found.dtype == ml_dtypes.bfloat16
    assert op.inputs[0].dtype == ml_dtypes.bfloat16
    np.testing.assert_array_equal(found.astype(np.float32), [0, 2, 4, 6])
    assert polyc.einsum("i,i->", x, x).dtype == ml_dtypes.bfloat16


def test_the_bracket_form_takes_the_types_of_its_call() -> None:
    op = polyc.compile("y[i] = a * x[i]")
    assert op(a=2.0, x=A[0]).dtype == np.float32
    assert op(a=2.0, x=A[0].astype(np.float64)).dtype == np.float64
    np.testing.assert_array_equal(op(a=2.0, x=A[0]), 2 * A[0])


def test_reference_is_float64() -> None:
    found = polyc.compile(GEMM).reference(A, B, 0.1)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, np.float32(0.1) * (A.astype(float) @ B))


# ---- entry, constants, integer scalars
def test_entry_names_a_definition() -> None:
    text = (
        "def one(float(N) x) -> (y) { y(i) = x(i) + 1 }\ndef f(float(N) x) -> (y) { y(i) = x(i) }"
    )
    assert polyc.compile(text, entry="one")(A[0])[0] == 1
    assert polyc.compile(text)(A[0])[0] == 0


STRIDED = "def f(float(N) x, int st, int k) -> (y) { y(i) = x(st*i + k) }"


def test_constants_leave_the_arguments() -> None:
    x = np.arange(9, dtype=np.float32)
    op = polyc.compile(STRIDED, consts={"st": 2})
    assert [t.name for t in op.inputs] == ["x", "k"]
    np.testing.assert_array_equal(op(x, 1), x[1::2])
    np.testing.assert_array_equal(op(x, 0), x[::2])


def test_integer_scalars_are_read_at_the_call() -> None:
    x = np.arange(9, dtype=np.float32)
    op = polyc.compile(STRIDED)
    assert [t.name for t in op.inputs] == ["x", "st", "k"]
    np.testing.assert_array_equal(op(x, 3, 1), x[1::3])
    np.testing.assert_array_equal(op(x, 2, k=0), x[::2])
    np.testing.assert_array_equal(op.reference(x, 2, 0), x[::2])
    np.testing.assert_array_equal(op.specialize({"N": 9, "st": 3, "k": 1})(x, 1), x[1::3])
    with pytest.raises(ArgumentError, match="st must be a number"):
        op.specialize({"N": 9})


# ---- kernels
@pytest.mark.parametrize(
    "sizes", [{"M": 2, "K": 3, "N": 4}, {"K": 3}, {}, None], ids=["all", "some", "none", "None"]
)
def test_specialised_and_symbolic_kernels_agree(sizes: Any) -> None:
    k = polyc.compile(GEMM).specialize(sizes)
    np.testing.assert_array_equal(k(A, B, 2), 2 * (A @ B))
    np.testing.assert_array_equal(k(A=A, B=np.asfortranarray(B), alpha=2), 2 * (A @ B))
    if sizes != {"M": 2, "K": 3, "N": 4}:
        np.testing.assert_array_equal(k(A[:1], B[:, ::-1], 2), 2 * (A[:1] @ B[:, ::-1]))


def test_dtypes_of_an_einsum_kernel() -> None:
    op = polyc.compile("mk,kn->mn")
    sizes = {"m": 2, "k": 3, "n": 4}
    assert op.specialize(sizes)(A, B).dtype == np.float32
    x, y = A.astype("f8"), B.astype("f8")
    assert op.specialize(sizes, np.float64)(x, y).dtype == np.float64
    mixed = op.specialize(sizes, {op.inputs[0].name: "f8"})
    assert mixed(x, B).dtype == np.float64


def test_the_stages_print() -> None:
    k = polyc.compile(GEMM).specialize({"M": 20, "K": 30, "N": 40})
    for stage in (k.program, k.dependences, k.schedule, k.loops, k.certificate):
        assert len(str(stage).splitlines()) > 1
    for text in (k.c, k.llvm, k.asm):
        assert len(text.splitlines()) > 10
    assert "gemm" in k.c
    assert "define" in k.llvm
    assert k.certificate.ok
    assert "gemm" in repr(k)


def test_check_proves_every_schedule() -> None:
    with polyc.config(check=True, cache=False):
        np.testing.assert_array_equal(polyc.compile(GEMM)(A, B, 1), A @ B)


def test_dump_writes_every_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLYC_DUMP", str(tmp_path / "dump"))
    with polyc.config(cache=False):
        polyc.compile(GEMM)(A, B, 1)
    names = sorted(p.name.split("-", 2)[2] for p in (tmp_path / "dump").iterdir())
    assert names == [
        "01-program.txt",
        "02-simpler.txt",
        "03-packed.txt",
        "04-parts.txt",
        "05-deps.txt",
        "06-overlapped.txt",
        "07-schedule.yaml",
        "08-loops.txt",
        "09-source.ll",
        "10-object.o",
    ]


def test_benchmark_measures() -> None:
    k = polyc.compile(GEMM).specialize({"M": 2, "K": 3, "N": 4})
    t = k.benchmark(A, B, 1, seconds=0.01)
    assert 0 < t.min_s <= t.median_s < 1
    assert t.gbytes_s > 0
    assert t.gflops == 2 * 3 * 4 * 3 / t.min_s / 1e9  # alpha * A * B, and a sum
    assert "median" in str(t)


def test_rates_count_the_text_not_its_copies() -> None:
    """A large product is padded and packed: `k.program` has more statements than the text."""
    padded = polyc.compile(CORPUS["conv2d_same"].text)
    sizes = CORPUS["conv2d_same"].sizes[0]
    k = padded.specialize(sizes)
    assert len(k.program.statements) > len(CORPUS["conv2d_same"].text.split("+="))
    given = CORPUS["conv2d_same"].inputs(sizes)
    t = k.benchmark(**given, seconds=0.01)
    assert t.gflops == k.cost.flops / t.min_s / 1e9
    free = padded.specialize({}).benchmark(**given, seconds=0.01)
    assert free.gflops is None


def test_kernels_are_kept_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    op = polyc.compile(GEMM)
    op(A, B, 1)
    monkeypatch.setattr("polyc.recipe.function", None)  # nothing is loaded or compiled from here
    np.testing.assert_array_equal(op(A + 1, B, 1), (A + 1) @ B)
    np.testing.assert_array_equal(op(A, B, 1, threads=1), A @ B)


# ---- texts that are no operators
@pytest.mark.parametrize(
    "text", ["", "  \n", "def f(", "y[i] =", "é[i] = x[i]", "%" * 10_000, "ij->k"]
)
def test_wrong_texts_are_language_errors(text: str) -> None:
    with pytest.raises(LanguageError) as e:
        polyc.compile(text)
    assert e.value.line >= 1
    assert "internal" not in str(e.value).lower()


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (STRIDED, "has .*st"),
        ("O(i) = I(st*i)", "names without brackets in it: i, st"),
        ("ij->i", "an einsum string has no integer scalars"),
    ],
)
def test_constants_are_names_of_the_text(text: str, known: str) -> None:
    with pytest.raises(ArgumentError, match=f"consts names `stt`, no integer scalar.*{known}"):
        polyc.compile(text, consts={"stt": 2})


@pytest.mark.parametrize("consts", [{"st": 1.5}, {"st": "2"}, {"st": True}])
def test_constants_are_integers(consts: Any) -> None:
    with pytest.raises(ArgumentError, match=r"consts: st is .*, expected an integer"):
        polyc.compile(STRIDED, consts=consts)


def test_a_kernel_for_one_scalar_refuses_another() -> None:
    x = np.arange(9, dtype=np.float32)
    k = polyc.compile(STRIDED, consts={"st": 1}).specialize({"N": 9, "k": 2})
    np.testing.assert_array_equal(k(x, 2), x[2:])
    with pytest.raises(ArgumentError, match="argument k: found 3, but this kernel is specialised"):
        k(x, 3)


def test_a_tensor_may_be_called_self() -> None:
    op = polyc.compile("def f(float(N) self) -> (y) { y(i) = 2 * self(i) }")
    np.testing.assert_array_equal(op(self=A[0]), 2 * A[0])
    np.testing.assert_array_equal(op.specialize({})(self=A[0]), 2 * A[0])


def test_log_goes_to_stderr(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("POLYC_LOG", "debug")
    with polyc.config(cache=False), caplog.at_level("DEBUG", "polyc"):
        polyc.compile(GEMM)(A, B, 1)
    assert any("gemm: schedule took" in r.getMessage() for r in caplog.records)
    monkeypatch.setenv("POLYC_LOG", "loud")
    with polyc.config(cache=False), pytest.raises(ArgumentError, match="POLYC_LOG: found 'LOUD'"):
        polyc.compile(GEMM)(A, B, 1)


def test_code_for_another_processor_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    import llvmlite.binding as llvm

    monkeypatch.setattr(llvm, "get_host_cpu_features", lambda: {"sse4.2": True})
    k = polyc.compile(GEMM, options=polyc.Options(target="x86-64-v4")).specialize({})
    assert k.asm
    with pytest.raises(polyc.CompileError, match="does not run on this processor: it has no ssse3"):
        k(A, B, 1)


def test_names_that_isl_cannot_read() -> None:
    text = """
    def f(float(N) floor, float(N,mod) int_, int Max) -> (min) {
        min(i) += floor(i) * int_(i,j) where j in 0:Max
    }"""
    op = polyc.compile(text)
    assert [t.name for t in (*op.inputs, *op.outputs)] == ["floor", "int_", "Max", "min"]
    named: dict[str, Any] = {"floor": A[0], "int_": A.T.copy(), "Max": 2}
    expected = A[0] * A.T.sum(1)
    np.testing.assert_array_equal(op(**named), expected)
    np.testing.assert_array_equal(op.reference(**named), expected)
    for sizes in ({}, {"mod": 2}, {"N": 3, "mod": 2, "Max": 2}):
        np.testing.assert_array_equal(op.specialize(sizes)(**named), expected)
    with pytest.raises(
        ArgumentError, match=r"dimension 0 of `int_` is 5, expected N = 3 .*`floor.0`"
    ):
        op(A[0], np.ones((5, 2), np.float32), 2)
