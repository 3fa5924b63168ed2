"""What an export promises: its files, symbols, order of parameters, names and codes."""

from __future__ import annotations

import ctypes
import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import polyc
from polyc.codegen.c_names import function_name, is_function, is_parameter, parameter_name
from tests.export.support import COMPILERS, STRICT, library, needs_cc, needs_nm, run, symbols

MIXED = """
def mixed(float(M,K) A, float alpha, float(K) x, int shift) -> (y) {
  y(m) += alpha * A(m,k) * x(k)
  y(m) = y(m) + shift
}
"""
WINDOW = "def window(int w, float(N) x) -> (y) { y(i) += x(i+k) where k in 0:w }"


def floats(*shape: int) -> Any:
    return np.random.default_rng(sum(shape)).random(shape, np.float32)


def function(made: polyc.Export) -> Any:
    assert made.so is not None
    return ctypes.CDLL(str(made.so))[json.loads(made.json.read_text())["entry"]]


def pointer(a: Any) -> ctypes.c_void_p:
    return ctypes.c_void_p(a.ctypes.data)


@needs_cc
def test_parameters_are_inputs_scalars_sizes_outputs(tmp_path: Path) -> None:
    made = polyc.compile(MIXED).specialize({}).export(tmp_path)
    data = json.loads(made.json.read_text())
    assert [(a["name"], a["kind"], a["dtype"], a["shape"]) for a in data["args"]] == [
        ("A", "input", "float32", ["M", "K"]),
        ("x", "input", "float32", ["K"]),
        ("alpha", "scalar", "float32", []),
        ("shift", "scalar", "int32", []),
        ("M", "size", "int64", []),
        ("K", "size", "int64", []),
        ("y", "output", "float32", ["M"]),
    ]
    assert data["entry"] == "mixed"
    assert data["sizes"] == {"M": None, "K": None}
    assert (data["target"], data["polyc"]) == ("host", polyc.__version__)
    declared = re.search(r"int mixed\((.*?)\);", made.h.read_text(), re.DOTALL)
    assert declared is not None
    assert " ".join(declared[1].split()) == (
        "const float *A, const float *x, float alpha, int32_t shift, int64_t M, int64_t K, float *y"
    )
    a, x, y = floats(5, 7), floats(7), np.empty(5, np.float32)
    f = function(made)
    numbers = (ctypes.c_float(0.5), 3, ctypes.c_int64(5), ctypes.c_int64(7))
    assert f(pointer(a), pointer(x), *numbers, pointer(y)) == 0
    np.testing.assert_allclose(y, 0.5 * (a @ x) + 3, rtol=1e-6)


def test_fixed_sizes_are_no_parameters(tmp_path: Path) -> None:
    made = polyc.compile(MIXED).specialize({"M": 5, "K": 7}).export(tmp_path)
    data = json.loads(made.json.read_text())
    assert [a["name"] for a in data["args"]] == ["A", "x", "alpha", "shift", "y"]
    assert data["args"][0]["shape"] == [5, 7]
    assert data["sizes"] == {"M": 5, "K": 7}
    assert data["scratch_bytes"] == 0
    assert "Compiled for M = 5, K = 7." in made.h.read_text()
    half = polyc.compile(MIXED).specialize({"K": 7}).export(tmp_path, name="half")
    assert json.loads(half.json.read_text())["sizes"] == {"M": None, "K": 7}


@needs_nm
@needs_cc
@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("openmp", [(), ("-fopenmp",)], ids=["serial", "openmp"])
def test_only_its_name_is_global(compiler: str, openmp: tuple[str, ...], tmp_path: Path) -> None:
    text = "def f(float(M,K) A, float(K,N) B) -> (C) { C(m,n) += A(m,k) * B(k,n) }"
    made = polyc.compile(text).specialize({}).export(tmp_path, name="product")
    assert made.so is not None
    run(compiler, *STRICT, *openmp, "-O1", "-c", made.c, "-o", tmp_path / "of_c.o")
    for file in (made.o, made.so, tmp_path / "of_c.o"):
        assert symbols(file) == {"product"}
    assert made.c.read_text().count("#pragma omp") == made.c.read_text().count(
        "#ifdef _OPENMP\n#pragma omp"
    )


@needs_cc
@pytest.mark.parametrize("compiler", [c for c in ("g++", "clang++") if shutil.which(c)])
def test_the_header_is_cpp(compiler: str, tmp_path: Path) -> None:
    text = """
    def f(float(new) I, float(template) NULL, bool(new) this, float class) -> (int32_t) {
      int32_t(i) = this(i) ? class * I(i) : 0.0
      int32_t(i) += NULL(k)
    }"""
    made = polyc.compile(text).specialize({}).export(tmp_path)
    names = ["I_", "NULL_", "this_", "class_", "new_", "template_", "int32_t_"]
    found = re.findall(r"(\w+)(?:,|\);)$", made.h.read_text(), re.MULTILINE)
    assert found == names
    user = tmp_path / "user.cpp"
    user.write_text(
        '#include <complex.h>\n#include <cmath>\n#include "f.h"\n'
        "int main() { return f(nullptr, nullptr, nullptr, 1.0f, 0, 0, nullptr); }\n"
    )
    program = tmp_path / "user"
    run(compiler, "-Wall", "-Wextra", "-Werror", user, made.o, "-fopenmp", "-lm", "-o", program)
    assert run(program, check=False).returncode == 2


@needs_cc
@pytest.mark.parametrize("compiler", COMPILERS)
def test_names_that_the_function_uses(compiler: str, tmp_path: Path) -> None:
    """Inputs called as what the generated function defines or calls."""
    text = """
    def f(float(max_f64) f_body, float(floor_div_i64) free, float team, float code, int bytes,
          float(scratch) POLYC_F_H, float INT32_MAX) -> (aligned_alloc) {
      t(i,j) = f_body(i) * free(j) * team
      aligned_alloc(i) += t(i,j) * code where j in 0:bytes
      aligned_alloc(i) += POLYC_F_H(k) * INT32_MAX
    }"""
    with polyc.config(fusion="none"):
        made = polyc.compile(text).specialize({}).export(tmp_path)
    a, b, c = floats(5), floats(6), floats(7)
    again = tmp_path / "again"
    again.mkdir()
    shutil.copy(made.json, again)
    library(compiler, made.c, again / "f.so", "-O1", "-fopenmp")
    expected = a * b[:4].sum() * 6 + c.sum() * 5
    for loaded in (polyc.load(made.json), polyc.load(again / "f.json", verify=False)):
        np.testing.assert_allclose(loaded(a, b, 2.0, 3.0, 4, c, 5.0), expected, rtol=1e-5)


def test_names_are_free_in_c() -> None:
    used: set[str] = set()
    for name in ("x", "x_", "while", "I", "threads", "I.0", "_Bool", "0", "free", "int8_t", "é"):
        found = parameter_name(name, used)
        assert re.fullmatch(r"[A-Za-z_]\w*", found, re.ASCII)
        assert is_parameter(found)
        assert found not in used
        used.add(found)
    assert parameter_name("threads", set()) == "threads"
    assert parameter_name("while", {"while_"}) == "while__"
    for name in ("exp", "main", "f32x4", "f_f32", "__init__", "read", "operator", "_"):
        assert is_function(function_name(name))


@pytest.mark.parametrize("name", ["", "1x", "a b", "a-b", "é", "_x", "x;", "../x", "a\n"])
def test_a_name_that_is_none(name: str, tmp_path: Path) -> None:
    kernel = polyc.compile(WINDOW).specialize({})
    with pytest.raises(polyc.ArgumentError, match="expected the name of a C function"):
        kernel.export(tmp_path, name=name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["main", "int", "class", "expf", "malloc", "f32x8"])
def test_a_name_that_c_has(name: str, tmp_path: Path) -> None:
    kernel = polyc.compile(WINDOW).specialize({})
    with pytest.raises(polyc.ArgumentError, match="has a meaning in C"):
        kernel.export(tmp_path, name=name)
    assert not list(tmp_path.iterdir())


@needs_cc
@pytest.mark.parametrize("of", ["object", "source"])
def test_codes(of: str, tmp_path: Path) -> None:
    made = polyc.compile(WINDOW).specialize({}).export(tmp_path)
    errors = json.loads(made.json.read_text())["errors"]
    f = function(made)
    if of == "source":
        f = ctypes.CDLL(str(library(COMPILERS[0], made.c, tmp_path / "c.so")))["window"]
    x, y = floats(9), np.full(9, 7, np.float32)

    def call(w: int, n: int, *, null: bool = False) -> str:
        first = ctypes.c_void_p() if null else pointer(x)
        code = f(first, ctypes.c_int32(w), ctypes.c_int64(n), pointer(y))
        return errors[code - 1] if code else ""

    assert "null pointer" in call(3, 9, null=True)
    assert "negative" in call(3, -1)
    assert "beyond 2^40" in call(3, (1 << 40) + 1)
    assert call(11, 9) == "the operator needs N + 1 >= w"
    assert (y == 7).all(), "a refused call writes nothing"
    assert call(3, 9) == ""
    np.testing.assert_allclose(y[:7], np.convolve(x, np.ones(3), "valid"), rtol=1e-6)


@needs_cc
def test_an_integer_scalar_that_is_fixed(tmp_path: Path) -> None:
    made = polyc.compile(WINDOW).specialize({"w": 3, "N": 9}).export(tmp_path)
    x, y = floats(9), np.full(7, 5, np.float32)
    for path in (made.so, library(COMPILERS[0], made.c, tmp_path / "c.so")):
        f = ctypes.CDLL(str(path))["window"]
        assert f(pointer(x), ctypes.c_int32(4), pointer(y)) == 3
        assert f(pointer(x), ctypes.c_int32(3), pointer(y)) == 0
        np.testing.assert_allclose(y, np.convolve(x, np.ones(3), "valid"), rtol=1e-6)
    with pytest.raises(polyc.ArgumentError, match="w: found 4, but this kernel is specialised"):
        polyc.load(made.json)(4, x)


@needs_cc
def test_an_index_out_of_range(tmp_path: Path) -> None:
    text = "def f(float(E,D) T, int32(B) I) -> (O) { O(b,d) = T(I(b),d) where b in 0:B }"
    made = polyc.compile(text).specialize({}).export(tmp_path)
    table, out = floats(4, 3), np.full((2, 3), 9, np.float32)
    loaded = polyc.load(made.json)
    with pytest.raises(polyc.ArgumentError, match=r"f: a subscript of T .* outside 0:E"):
        loaded(table, np.array([1, 4], np.int32), out=out)
    assert (out == 9).all()
    loaded(table, np.array([1, 3], np.int32), out=out)
    np.testing.assert_array_equal(out, table[[1, 3]])


CHAIN = """
def chain(float(N) x, float(N) z) -> (y) {
  T(i,j) = x(i) * z(j)
  U(j) += T(i,j) * T(j,i)
  y(i) += T(i,j) * U(j)
}
"""


@needs_cc
def test_no_memory_for_scratch(tmp_path: Path) -> None:
    """A limit on the address space, in a process of its own, makes the allocation fail."""
    with polyc.config(fusion="none"):
        made = polyc.compile(CHAIN).specialize({}).export(tmp_path)
    data = json.loads(made.json.read_text())
    assert "N" in str(data["scratch_bytes"]), "the test needs scratch that grows"
    n = 40_000  # 6.4 GB
    main = tmp_path / "main.c"
    main.write_text(f"""
#include <stdio.h>
#include <stdlib.h>
#include "chain.h"
int main(void) {{
    float *x = calloc({n}, 4), *y = malloc({n} * 4);
    y[0] = 7;
    int code = chain(x, x, {n}, y);
    printf("%d %g\\n", code, y[0]);
    return 0;
}}
""")
    for k, part in enumerate((made.o, made.c)):
        program = tmp_path / f"main{k}"
        run(COMPILERS[0], *STRICT, "-fopenmp", main, part, "-lm", "-o", program)
        limited = run("sh", "-c", f"ulimit -v 1000000; OMP_NUM_THREADS=1 {program}")
        assert limited.stdout == "1 7\n"


@needs_cc
def test_scratch_that_no_integer_counts(tmp_path: Path) -> None:
    """2^34 squared is no number of bytes: it must not wrap to a small one."""
    with polyc.config(fusion="none"):
        made = polyc.compile(CHAIN).specialize({}).export(tmp_path)
    x, y = floats(8), np.empty(8, np.float32)
    for path in (made.so, library(COMPILERS[0], made.c, tmp_path / "c.so", "-O1")):
        f = ctypes.CDLL(str(path))["chain"]
        y.fill(7)
        assert f(pointer(x), pointer(x), ctypes.c_int64(1 << 34), pointer(y)) == 1
        assert (y == 7).all()
        assert f(pointer(x), pointer(x), ctypes.c_int64(8), pointer(y)) == 0


@needs_cc
def test_an_object_links_alone(tmp_path: Path) -> None:
    text = "def f(float(M,N) A) -> (s) { s(m) += tanh(sin(A(m,n))) }"
    made = polyc.compile(text).specialize({}).export(tmp_path)
    main = tmp_path / "main.c"
    main.write_text("""
#include <math.h>
#include "f.h"
int main(void) {
    float a[6] = {1, 2, 3, 4, 5, 6}, s[2];
    if (f(a, 2, 3, s)) return 1;
    float want = tanhf(sinf(4)) + tanhf(sinf(5)) + tanhf(sinf(6));
    return fabsf(s[1] - want) > 1e-5f;
}
""")
    program = tmp_path / "main"
    run(COMPILERS[0], *STRICT, main, made.o, "-lm", "-fopenmp", "-o", program)
    run(program)
    run(COMPILERS[0], *STRICT, main, made.c, "-lm", "-o", program)
    run(program)
