"""What the machine code must look like: register tiles without spills, vector instructions."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from polyc.codegen import llvm, native
from polyc.codegen.loops import (
    Bin,
    Declare,
    Fma,
    For,
    Get,
    Let,
    Libm,
    Lit,
    Load,
    LoopNest,
    Set,
    Stmt,
    Store,
)
from polyc.codegen.math import expand
from polyc.errors import CompileError, InternalError
from polyc.frontend.dtypes import FLOAT32
from polyc.frontend.integers import Int
from polyc.target import Target, target
from tests.codegen.support import HOST, agree, buffer, nest

V4, V3 = target("x86-64-v4"), target("x86-64-v3")


def register_tile(rows: int, columns: int, lanes: int, depth: int = 64) -> LoopNest:
    """C[i, j] += sum over k of A[k, i] B[k, j] on one tile, from packed operands."""
    k, v = Int.of("k"), columns // lanes

    def acc(r: int, j: int) -> str:
        return f"c{r}_{j}"

    def get(name: str) -> Get:
        return Get(name, FLOAT32, lanes)

    step: list[Stmt] = [
        Let(f"b{j}", Load("B", (k, Int.of(j * lanes)), FLOAT32, lanes, (0, 1))) for j in range(v)
    ]
    for r in range(rows):
        step.append(Let(f"a{r}", Load("A", (k, Int.of(r)), FLOAT32, lanes)))
        step += [Set(acc(r, j), Fma(get(f"a{r}"), get(f"b{j}"), get(acc(r, j)))) for j in range(v)]
    tile = [(r, j) for r in range(rows) for j in range(v)]
    body: list[Stmt] = [Declare(acc(r, j), Lit(0.0, FLOAT32, lanes)) for r, j in tile]
    body.append(For("k", Int.of(0), Int.of(depth), 1, tuple(step)))
    body += [
        Store("C", (Int.of(r), Int.of(j * lanes)), get(acc(r, j)), "+", (0, 1)) for r, j in tile
    ]
    arguments: list[Any] = [
        buffer("A", FLOAT32, depth, rows),
        buffer("B", FLOAT32, depth, columns),
        buffer("C", FLOAT32, rows, columns, out=True),
    ]
    return nest(arguments, body, name="tile")


def facts(n: LoopNest, t: Target) -> tuple[int, int]:
    """Multiply-adds, and vector registers saved to or fetched from the stack."""
    text = native.assembly(llvm.emit(n, t), t)
    spills = re.findall(r"[xyz]mm\d+.*\(%rsp\)|\(%rsp\).*[xyz]mm\d+", text)
    return len(re.findall(r"vfmadd", text)), len(spills)


@pytest.mark.parametrize(
    ("rows", "columns", "t"), [(6, 64, V4), (14, 32, V4), (8, 48, V4), (6, 16, V3), (4, 24, V3)]
)
def test_register_tiles_stay_in_registers(rows: int, columns: int, t: Target) -> None:
    lanes = t.lanes(4)
    fmas, spills = facts(register_tile(rows, columns, lanes), t)
    assert fmas == rows * columns // lanes
    assert spills == 0


@pytest.mark.parametrize(("rows", "columns", "t"), [(16, 32, V4), (8, 24, V3)])
def test_a_tile_that_is_too_large_spills(rows: int, columns: int, t: Target) -> None:
    """The control: the count above is alive."""
    assert facts(register_tile(rows, columns, t.lanes(4)), t)[1] > 0


def test_the_tile_is_right() -> None:
    rng = np.random.default_rng(0)
    data = {
        "A": rng.integers(-3, 4, (64, 6)).astype(np.float32),
        "B": rng.integers(-3, 4, (64, 32)).astype(np.float32),
        "C": np.ones((6, 32), np.float32),
    }
    agree(register_tile(6, 32, HOST.lanes(4)), "llvm", data)


def streaming(value: Any, lanes: int) -> LoopNest:
    i, n = Int.of("i"), Int.of("n")
    store = Store("y", (i,), value, step=(1,))
    body = expand((For("i", Int.of(0), n, lanes, (store,)),), V4)
    return nest(
        [buffer("x", FLOAT32, "n"), buffer("y", FLOAT32, "n", out=True)], list(body), ("n",)
    )


def test_exp_is_a_dozen_vector_instructions() -> None:
    x = Load("x", (Int.of("i"),), FLOAT32, 16, (1,))
    text = native.assembly(llvm.emit(streaming(Libm("exp", (x,)), 16), V4), V4)
    loop = text[text.rindex("\n.LBB0", 0, text.index("vscalefps")) : text.index("vscalefps")]
    vector = [line for line in loop.splitlines() if re.match(r"\tv", line)]
    assert len(vector) <= 14, "\n".join(vector)
    assert "zmm" in loop
    assert not re.search(r"call\w*\s", loop)


def test_maximum_that_propagates_nan_is_three_instructions() -> None:
    x = Load("x", (Int.of("i"),), FLOAT32, 16, (1,))
    y = Load("y", (Int.of("i"),), FLOAT32, 16, (1,))
    text = native.assembly(llvm.emit(streaming(Bin("max", x, y), 16), V4), V4)
    assert text.count("vmaxps") == 1
    assert text.count("vcmpunordps") == 1
    assert "vcmpgtps" not in text


def test_ir_that_llvm_rejects_is_our_bug() -> None:
    with pytest.raises(InternalError, match="LLVM rejects"):
        native.object_from_ir("define i32 @f() { ret i64 0 }", HOST)


def test_no_compiler_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CompileError, match="no C compiler found: 'cc' is not on the PATH"):
        native.shared_library_from_c("int x;", HOST)


def test_a_rejected_text_shows_the_first_error() -> None:
    from tests.codegen.support import needs_cc

    if needs_cc.args[0]:
        pytest.skip(needs_cc.kwargs["reason"])
    with pytest.raises(CompileError, match=r"cc failed: .*kernel\.c:1:.*error"):
        native.shared_library_from_c("int x = ;", HOST)
