"""Loops, memory, locals, parallel loops and checks: both backends against the interpreter."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from polyc.codegen import c, interpret
from polyc.codegen.loops import (
    All,
    Alloc,
    Bin,
    Buffer,
    Check,
    Convert,
    Declare,
    Fma,
    Fold,
    For,
    FromInt,
    Ge,
    Get,
    If,
    Let,
    Lit,
    Load,
    LoopNest,
    Scalar,
    Sel,
    Set,
    Some,
    Splat,
    Stmt,
    Store,
    Un,
    Value,
)
from polyc.codegen.workspace import workspace_bytes
from polyc.frontend.dtypes import BOOL, FLOAT16, FLOAT32, FLOAT64, INT8, INT32, INT64, Dtype
from polyc.frontend.integers import Int, minimum
from polyc.target import target
from tests.codegen.support import HOST, agree, buffer, needs_cc, nest, run

of = Int.of
BACKENDS = ["llvm", pytest.param("c", marks=needs_cc)]
pytestmark = pytest.mark.parametrize("backend", BACKENDS)


def rows(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def axpy(lanes: int = 16) -> LoopNest:
    """Full vectors, then one masked vector."""
    i, n = of("i"), of("n")
    a = Splat(Get("a", FLOAT32), lanes)

    def at(name: str, active: Int | None = None) -> Load:
        return Load(name, (i,), FLOAT32, lanes, (1,), active)

    full = Store("y", (i,), Fma(a, at("x"), at("y")), step=(1,))
    tail = Store("y", (i,), Bin("*", a, at("x", n - i)), "+", (1,), n - i)
    whole = n // lanes * lanes
    return nest(
        [buffer("x", FLOAT32, "n"), buffer("y", FLOAT32, "n", out=True), Scalar("a", FLOAT32)],
        [
            For("i", of(0), whole, lanes, (full,), "parallel"),
            For("i", whole, n, lanes, (tail,)),
        ],
        ("n",),
    )


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 45])
def test_full_vectors_and_a_masked_tail(backend: str, size: int) -> None:
    data = {"x": rows(size), "y": rows(size, seed=1)}
    agree(axpy(), backend, data, {"a": 1.5}, {"n": size}, threads=2, ulps=1)


def test_inactive_lanes_are_not_touched(backend: str) -> None:
    """An element beyond the last active lane keeps its bits, and may lie outside memory."""
    y = np.full(40, 7, np.float32)
    view = {"x": rows(17), "y": y[:17]}
    for active in (-3, 0, 1, 16, 99):
        n = nest(
            [buffer("x", FLOAT32, 17), buffer("y", FLOAT32, 17, out=True)],
            [
                Store("y", (of(0),), Lit(1.0, FLOAT32, 8), step=(1,), active=of("n")),
                Store("y", (of(16),), Lit(2.0, FLOAT32, 8), step=(-2,), active=of("n")),
            ],
            ("n",),
        )
        if active <= 8:
            agree(n, backend, view, ints={"n": active})


def test_strided_reversed_and_broadcast_lanes(backend: str) -> None:
    x = Load("x", (of(1), of(2)), FLOAT32, 8, (2, 1))
    column = Load("x", (of(15), of(3)), FLOAT32, 8, (-2, 0))
    back = Load("x", (of(3), of(20)), FLOAT32, 8, (0, -1))
    one = Load("x", (of(5), of(6)), FLOAT32, 8)
    masked = Load("x", (of(4), of(9)), FLOAT32, 8, (0, -1), of("n"))
    spread = Load("x", (of(4), of(1)), FLOAT32, 8, (0, 3), of("n"))
    body = [
        Store("y", (of(k), of(0)), v, step=(0, 1)) for k, v in enumerate((x, column, back, one))
    ]
    body += [
        Store("y", (of(4), of(7)), x, step=(0, -1)),
        Store("y", (of(5), of(8)), x, step=(1, 1)),
        Store("y", (of(13), of(0)), masked, step=(0, 1)),
        Store("y", (of(14), of(0)), spread, "+", step=(0, 2), active=of("n")),
        Store("y", (of(15), of(15)), masked, step=(0, -1), active=of("n")),
    ]
    n = nest([buffer("x", FLOAT32, 24, 24), buffer("y", FLOAT32, 16, 16, out=True)], body, ("n",))
    for active in (0, 3, 8):
        agree(n, backend, {"x": rows(24, 24), "y": rows(16, 16)}, ints={"n": active})


@pytest.mark.parametrize("dtype", [FLOAT32, FLOAT64, INT8, BOOL], ids=str)
@pytest.mark.parametrize("step", [2, 3, 4, 5])
def test_every_nth_element_up_to_the_last(backend: str, step: int, dtype: Dtype) -> None:
    n = 7 * step + 1  # the last lane is the last element
    value = Load("x", (of(0),), dtype, 8, (step,))
    body = [Store("y", (of(0),), value, step=(1,))]
    made = nest([buffer("x", dtype, n), buffer("y", dtype, 8, out=True)], body)
    kind = np.dtype(dtype.name)
    data = (np.arange(n) % 2).astype(kind) if dtype == BOOL else np.arange(n).astype(kind)
    agree(made, backend, {"x": data, "y": np.zeros(8, kind)})


@pytest.mark.parametrize("active", range(10))
@pytest.mark.parametrize("step", [1, -1, 2])
def test_narrowed_lanes_leave_their_neighbours(backend: str, step: int, active: int) -> None:
    """A constant number of active lanes, truncated on the way: nothing else is written."""
    value = Convert(Load("x", (of(0),), INT64, 8, (1,)), INT32)
    body = [Store("y", (of(9),), value, step=(step,), active=of(active))]
    made = nest([buffer("x", INT64, 8), buffer("y", INT32, 26, out=True)], body)
    agree(made, backend, {"x": np.arange(8) - 4, "y": np.full(26, 7, np.int32)})


@pytest.mark.parametrize("name", ["host", "x86-64-v2"])
def test_masked_small_elements(backend: str, name: str) -> None:
    """bool, half, int64: masks of every element width."""
    body: list[Stmt] = []
    data: dict[str, Any] = {}
    arguments: list[Buffer | Scalar] = []
    for d, kind in ((BOOL, bool), (FLOAT16, np.float16), (INT64, np.int64), (FLOAT64, float)):
        arguments += [buffer(f"x{d}", d, 20), buffer(f"y{d}", d, 20, out=True)]
        data |= {f"x{d}": (rows(20) > 0).astype(kind), f"y{d}": np.zeros(20, kind)}
        value = Load(f"x{d}", (of(2),), d, 8, (1,), of("n"))
        body.append(Store(f"y{d}", (of(1),), value, step=(1,), active=of("n") + 1))
    n = nest(arguments, body, ("n",))
    for active in (0, 5, 7):
        agree(n, backend, data, ints={"n": active}, t=target(name) if backend == "llvm" else HOST)


def test_indices_from_data(backend: str) -> None:
    """A gather of rows and of single elements, with 1 and with all lanes."""
    i = of("i")
    row = Load("at", (i,), INT64)
    wide = Load("table", (row, of(1)), FLOAT32, 8, (0, 1))
    each = Load("at", (of(0),), INT64, 4, (1,))
    some = Load("table", (each, of(2)), FLOAT32, 4, (0, 0), of(3))
    n = nest(
        [
            buffer("table", FLOAT32, 9, "n"),
            buffer("at", INT64, 4),
            buffer("y", FLOAT32, 4, 8, out=True),
            buffer("z", FLOAT32, 3, 4, out=True),
        ],
        [
            For("i", of(0), of(4), 1, (
                Store("y", (i, of(0)), wide, step=(0, 1)),
            )),
            Store("z", (of(0), of(0)), Load("table", (each, of(3)), FLOAT32, 4), step=(0, 1)),
            Store("z", (of(1), of(0)), Load("table", (each, each), FLOAT32, 4), step=(0, 1)),
            Store("z", (of(2), of(0)), some, step=(0, 1)),
        ],
        ("n",),
    )  # fmt: skip
    at = np.array([7, 0, 8, 3], np.int64)
    data = {"table": rows(9, 11), "at": at, "y": rows(4, 8), "z": rows(3, 4)}
    agree(n, backend, data, ints={"n": 11})


def test_locals_through_loops_and_branches(backend: str) -> None:
    i, j, n = of("i"), of("j"), of("n")
    x = Load("x", (i, j), FLOAT32)
    body = (
        Declare("s", Lit(0.0, FLOAT32)),
        Declare("m", Lit(-np.inf, FLOAT32)),
        Declare("odd", Lit(False, BOOL)),
        For("j", i, n, 1, (
            Let("v", Bin("*", x, x)),
            If(Ge(j - 2 * i),
               (Set("s", Bin("+", Get("s", FLOAT32), Get("v", FLOAT32))),),
               (Set("m", Bin("max", Get("m", FLOAT32), x)),
                Set("odd", Un("not", Get("odd", BOOL))))),
            If(All((Ge(i - j), Some((Ge(j - 3), Ge(-j)))),),
               (Set("s", Un("neg", Get("s", FLOAT32))),)),
        )),
        Store("y", (i,), Sel(Get("odd", BOOL), Get("s", FLOAT32), Get("m", FLOAT32))),
    )  # fmt: skip
    k = nest(
        [buffer("x", FLOAT32, "n", "n"), buffer("y", FLOAT32, "n", out=True)],
        [For("i", of(0), n, 1, body)],
        ("n",),
    )
    agree(k, backend, {"x": rows(9, 9), "y": rows(9)}, ints={"n": 9})


def test_quotients_minima_and_products_of_sizes(backend: str) -> None:
    i, n, m = of("i"), of("n"), of("m")
    values = [(i - 5) // 4, (i - 5) // 3, (i * m - 7) // m, minimum(i * m, n), (i + n) % 3]
    body = tuple(Store("y", (i, of(k)), FromInt(v, INT64)) for k, v in enumerate(values))
    k = nest([buffer("y", INT64, "n", 5, out=True)], [For("i", of(0), n, 1, body)], ("n", "m"))
    agree(k, backend, {"y": np.zeros((12, 5), np.int64)}, ints={"n": 12, "m": 5})


def test_thread_buffers_workspace_and_captured_locals(backend: str) -> None:
    """Every thread fills a slice of its own; a local and a shared buffer come from outside."""
    i, j, n = of("i"), of("j"), of("n")
    scratch = buffer("scratch", FLOAT32, "n", space="thread")
    more = buffer("more", FLOAT64, 3, space="thread")
    shared = buffer("shared", FLOAT32, "n", space="workspace")
    stack = buffer("tile", FLOAT32, 4, space="stack")
    here, x = Load("scratch", (j,), FLOAT32), Load("x", (i, j), FLOAT32)
    one = Convert(Load("more", (of(1),), FLOAT64), FLOAT32)
    body = (
        Alloc(scratch),
        Alloc(more),
        Alloc(stack),
        Store("more", (of(1),), Lit(2.5, FLOAT64)),
        Store("tile", (of(3),), Get("c", FLOAT32)),
        For("j", of(0), n, 1, (
            Store("scratch", (j,), Bin("*", x, Load("shared", (j,), FLOAT32))),
        )),
        Declare("s", Load("tile", (of(3),), FLOAT32)),
        For("j", of(0), n, 1, (Set("s", Bin("+", Get("s", FLOAT32), here)),)),
        Store("y", (i,), Bin("+", Get("s", FLOAT32), one)),
    )  # fmt: skip
    k = nest(
        [buffer("x", FLOAT32, "n", "n"), buffer("y", FLOAT32, "n", out=True), Scalar("a", FLOAT64)],
        [
            For("j", of(0), n, 1, (Store("shared", (j,), Load("x", (j, j), FLOAT32)),)),
            Let("c", Convert(Get("a", FLOAT64), FLOAT32)),
            For("i", of(0), n, 1, body, "parallel"),
            For("i", of(1), n, 2, (Store("y", (i,), Get("c", FLOAT32), "+"),), "parallel"),
        ],
        ("n",),
        (shared,),
    )
    assert workspace_bytes(k, {"n": 21}, 3) == 128 + 3 * (128 + 64)
    agree(k, backend, {"x": rows(21, 21), "y": rows(21)}, {"a": 0.5}, {"n": 21}, threads=3)


def test_a_failed_check_returns_its_code(backend: str) -> None:
    i = of("i")
    inside = Bin("<", Load("at", (i,), INT64), Lit(10, INT64))
    n = nest(
        [buffer("at", INT64, 3), buffer("y", FLOAT32, 1, out=True), Scalar("strict", BOOL)],
        [
            For("i", of(0), of(3), 1, (Check(inside, 2),)),
            Check(Un("not", Get("strict", BOOL)), 5),
            Store("y", (of(0),), Lit(1.0, FLOAT32)),
        ],
    )
    for at, strict, code in (([1, 2, 3], False, 0), ([1, 12, 3], True, 2), ([1, 2, 3], True, 5)):
        data: dict[str, Any] = {"at": np.array(at, np.int64), "y": np.zeros(1, np.float32)}
        got, after = run(n, backend, data, {"strict": strict})
        assert (got, after["y"][0]) == (code, float(code == 0))
        agree(n, backend, data, {"strict": strict})


def test_vector_reduction_with_several_accumulators(backend: str) -> None:
    i, n = of("i"), of("n")
    zero = Lit(0.0, FLOAT32, 8)
    sums = [Declare(f"s{k}", zero) for k in range(4)]
    adds: list[Stmt] = []
    for k in range(4):
        x = Load("x", (i + 8 * k,), FLOAT32, 8, (1,), n - i - 8 * k)
        adds.append(Set(f"s{k}", Bin("+", Get(f"s{k}", FLOAT32, 8), x)))
    total: Value = Get("s0", FLOAT32, 8)
    for k in range(1, 4):
        total = Bin("+", total, Get(f"s{k}", FLOAT32, 8))
    whole = nest(
        [buffer("x", FLOAT32, "n"), buffer("y", FLOAT32, out=True)],
        [*sums, For("i", of(0), n, 32, tuple(adds)), Store("y", (), Fold("+", total))],
        ("n",),
    )
    agree(whole, backend, {"x": rows(77), "y": np.zeros((), np.float32)}, ints={"n": 77})


def test_a_name_bound_twice_in_a_block_means_the_last(backend: str) -> None:
    i = of("i")
    a = Get("a", FLOAT32)
    body = (
        Let("a", Load("x", (i,), FLOAT32)),
        Let("b", Bin("+", a, a)),
        Let("a", Get("b", FLOAT32)),
        Store("y", (i,), Bin("*", a, a)),
    )
    n = nest(
        [buffer("x", FLOAT32, 4), buffer("y", FLOAT32, 4, out=True)],
        [For("i", of(0), of(4), 1, body)],
    )
    agree(n, backend, {"x": rows(4), "y": rows(4)})


def test_names_that_c_reserves(backend: str) -> None:
    names = ("int", "auto", "double")
    auto = Load("auto", (of("while"),), FLOAT32)
    n = nest(
        [buffer(name, FLOAT32, "for", out=name == "double") for name in names],
        [
            For("while", of(0), of("for"), 1, (
                Let("long", Load("int", (of("while"),), FLOAT32)),
                Store("double", (of("while"),), Bin("+", Get("long", FLOAT32), auto)),
            )),
        ],
        ("for",),
    )  # fmt: skip
    data = {name: rows(5, seed=k) for k, name in enumerate(names)}
    agree(n, backend, data, ints={"for": 5})


def test_the_interpreter_finds_wrong_accesses(backend: str) -> None:
    del backend
    i = of("i")
    far = nest(
        [buffer("x", FLOAT32, 4), buffer("y", FLOAT32, 4, out=True)],
        [For("i", of(0), of(4), 1, (Store("y", (i,), Load("x", (i + 1,), FLOAT32)),))],
    )
    data = {"x": rows(4), "y": rows(4)}
    with pytest.raises(interpret.AccessError, match=r"x\[4\] is outside \(4,\)"):
        interpret.run(far, data, {}, {})
    cold = nest(
        [buffer("y", FLOAT32, 4, out=True)],
        [Store("y", (of(0),), Load("t", (of(2),), FLOAT32))],
        workspace=(buffer("t", FLOAT32, 4, space="workspace"),),
    )
    with pytest.raises(interpret.AccessError, match=r"t\[2\] was never written"):
        interpret.run(cold, {"y": rows(4)}, {}, {})


def test_the_interpreter_finds_uses_outside_the_block_of_an_allocation(backend: str) -> None:
    del backend
    private = buffer("t", FLOAT32, 4, space="thread")
    fill = Store("t", (of(0),), Lit(1.0, FLOAT32))
    loop = For("i", of(0), of(4), 1, (Alloc(private), fill), kind="parallel")
    read = Store("y", (of(0),), Load("t", (of(0),), FLOAT32))
    orders: list[list[For | Store]] = [[loop, read], [read, loop]]
    for body in orders:
        n = nest([buffer("y", FLOAT32, 4, out=True)], body)
        with pytest.raises(interpret.AccessError, match="t is used outside the block that"):
            interpret.run(n, {"y": rows(4)}, {}, {})


def test_the_text_of_c_has_no_warnings(backend: str, tmp_path: Path) -> None:
    if backend != "c":
        pytest.skip("about C only")
    from tests.codegen.test_operations import REAL, conversions, kernel

    kernels = [axpy(), kernel(REAL, 8)[0], kernel(REAL, 1)[0], conversions(REAL, 4)[0]]
    for k, n in enumerate(kernels):
        source = tmp_path / f"k{k}.c"
        source.write_text(c.emit(n, HOST))
        for flags in ([], ["-march=native", "-fopenmp"]):
            warn = ["-std=c11", "-Wall", "-Wextra", "-Werror", *flags, "-fsyntax-only"]
            done = subprocess.run(["cc", *warn, source], capture_output=True, text=True)
            assert done.returncode == 0, done.stderr[:2000]
