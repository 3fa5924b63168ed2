"""Sums of neighbouring products joined."""

from __future__ import annotations

from dataclasses import replace

from polyc.codegen.loops import Bin, Convert, Load, Splat, Stmt, Store
from polyc.codegen.passes.contract import contract
from polyc.codegen.passes.dots import dots
from polyc.frontend.dtypes import INT8, INT32, UINT8, Dtype
from polyc.frontend.integers import Int, IntLike
from polyc.target import target
from tests.passes.support import text

WITH = replace(target("x86-64-v4"), dots=("vnni",))
m, k = Int.of("m"), Int.of("k")


def term(p: IntLike, a: Dtype = UINT8, b: Dtype = INT8, lanes: int = 16, step: int = 4) -> Store:
    """C[m, 0:lanes] += splat(A[m, 4*k + p]) * B[k, p : p + step*lanes : step]."""
    x = Splat(Convert(Load("A", (m, 4 * k + p), a), INT32), lanes)
    y = Convert(Load("B", (k, Int.of(p)), b, lanes, (0, step)), INT32)
    return Store("C", (m, Int.of(0)), Bin("*", x, y), "+", (0, 1))


def test_four_bytes_are_one_group() -> None:
    after = dots(tuple(map(term, range(4))), WITH)
    assert (
        text(*after) == "C[m, 0:16] += dot(splat<64>(A[m, 4*k:4*k + 4]), B[k, 0:64], 0_int32<16>)"
    )


def test_groups_of_several_places_are_told_apart() -> None:
    rows = tuple(
        replace(s, index=(m + r, Int.of(0))) for s in map(term, range(4)) for r in range(2)
    )
    assert len(dots(rows, WITH)) == 2


def test_a_rest_stays_as_it_is() -> None:
    before = tuple(map(term, range(6)))
    after = dots(before, WITH)
    assert after[1:] == before[4:]
    assert len(after) == 3


def test_what_is_no_group_stays() -> None:
    four = tuple(map(term, range(4)))
    strange: list[tuple[Stmt, ...]] = [
        four[:3],  # too few
        (*four[:2], four[3], four[2]),  # not in order
        tuple(term(p, INT8, INT8) for p in range(4)),  # no such instruction
        tuple(term(p, step=5) for p in range(4)),  # lanes apart
        tuple(replace(s, op=None) for s in four),
        tuple(replace(s, buffer="A") for s in four),  # changes what it reads
    ]
    for body in strange:
        assert dots(body, WITH) == body
    assert dots(four, target("x86-64-v4")) == four


def test_a_group_is_added_to_its_sum() -> None:
    (joined,) = dots(tuple(map(term, range(4))), WITH)
    assert isinstance(joined, Store)
    old = Load("C", (m, Int.of(0)), INT32, 16, (0, 1))
    (fused,) = contract((replace(joined, value=Bin("+", old, joined.value), op=None),))
    assert text(fused).endswith("B[k, 0:64], C[m, 0:16])")
