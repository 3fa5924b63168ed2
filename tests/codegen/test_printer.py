"""The text of a loop nest, which golden files compare."""

from __future__ import annotations

from dataclasses import replace

from polyc.codegen.loops import (
    All,
    Alloc,
    Bin,
    Check,
    Convert,
    Declare,
    Fma,
    For,
    FromInt,
    Ge,
    Get,
    If,
    Let,
    Libm,
    Lit,
    Load,
    Scalar,
    Set,
    Some,
    Splat,
    Store,
)
from polyc.codegen.printer import loops_text
from polyc.frontend.dtypes import BOOL, FLOAT32, FLOAT64, INT32
from polyc.frontend.integers import Int
from tests.codegen.support import buffer, nest

TEXT = """\
kernel show(m, n)
  input float32 A[m, n] strides (2*n, 1)
  output float32 C[m, n]
  scalar float64 alpha
  workspace float32 pack[16, 8] align 64 at 0
  check n >= 0 ok else return 1
  parallel for i in 0:m by 4  # 4 rows
    alloc stack float32 t[4]
    let a = float32(alpha)
    var s = 0.0<8>
    for j in 0:n by 8
      s = fma(splat<8>(a), A[i, j:j + 8], s)
      if (n >= j + 8) and ((i >= 3) or (2 >= i))
        C[i, j:j + 8] += s
      else
        C[i, j:j + 8]{n - j} = A[i, j:j + 16:2]{n - j} * (s + A[i + 1, j]<8>)
    C[i, 0] = expf(-a) + float32(i)
  code 1: n is negative
"""


def test_loops_text() -> None:
    i, j, m, n = (Int.of(name) for name in "ijmn")
    s, a = Get("s", FLOAT32, 8), Get("a", FLOAT32)
    row = Load("A", (i, j), FLOAT32, 8, (0, 1))
    spread = replace(row, step=(0, 2), active=n - j)
    same = Load("A", (i + 1, j), FLOAT32, 8)
    tail = Bin("*", spread, Bin("+", s, same))
    inner = (
        Set("s", Fma(Splat(a, 8), row, s)),
        If(
            All((Ge(n - j - 8), Some((Ge(i - 3), Ge(2 - i))))),
            (Store("C", (i, j), s, "+", (0, 1)),),
            (Store("C", (i, j), tail, None, (0, 1), n - j),),
        ),
    )
    body = (
        Alloc(buffer("t", FLOAT32, 4, space="stack")),
        Let("a", Convert(Get("alpha", FLOAT64), FLOAT32)),
        Declare("s", Lit(0.0, FLOAT32, 8)),
        For("j", Int.of(0), n, 8, inner),
        Store("C", (i, Int.of(0)), Bin("+", Libm("expf", (_neg(a),)), FromInt(i, FLOAT32))),
    )
    view = replace(buffer("A", FLOAT32, "m", "n"), strides=(2 * n, Int.of(1)))
    check = Check(Bin(">=", FromInt(n, INT32), Lit(0, INT32)), 1)
    kernel = nest(
        [view, buffer("C", FLOAT32, "m", "n", out=True), Scalar("alpha", FLOAT64)],
        [check, For("i", Int.of(0), m, 4, body, "parallel", "4 rows")],
        ("m", "n"),
        (buffer("pack", FLOAT32, 16, 8, space="workspace", align=64),),
        "show",
    )
    text = loops_text(replace(kernel, messages=("n is negative",)))
    expected = TEXT.replace("check n >= 0 ok", "check int32(n) >= 0_int32")
    assert text == expected
    assert str(kernel) == text.replace("  code 1: n is negative\n", "")
    assert Lit(True, BOOL) is not None


def _neg(x: Get) -> Bin:
    from polyc.codegen.loops import Un

    return Un("neg", x)  # type: ignore[return-value]
