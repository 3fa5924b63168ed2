"""Terms of narrow products in groups: which statements get them, what is copied, what is proved."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from polyc.codegen import llvm, native
from polyc.codegen.build import build
from polyc.codegen.interpret import run
from polyc.codegen.loops import Dot, LoopNest
from polyc.codegen.walk import all_values, statements, values_of
from polyc.driver import rewrite
from polyc.frontend import load
from polyc.frontend.program import Program, specialize
from polyc.options import Options
from polyc.scheduler.dependences import analyse
from polyc.scheduler.legality import verify
from polyc.scheduler.schedule import schedule
from polyc.target import Target, target

V4 = target("x86-64-v4")
WITH = replace(V4, features="+avx512vnni,+avx512bf16", dots=("vnni", "bf16"))
BIG = {"M": 1024, "N": 1024, "K": 1024}
CONV = "Y(n,k,h,w) += X(n,c,h+r,w+s) * F(k,c,r,s)"


def product(a: str, b: str, out: str = "", value: str = "A(m,k) * B(k,n)") -> str:
    return f"def f({a}(M,K) A, {b}(K,N) B) -> ({out} C) {{ C(m,n) += {value} }}"


def lowered(program: Program, t: Target = WITH) -> LoopNest:
    """Loops of the program for that target; its certificate holds."""
    packed = rewrite(program, t).program
    deps = analyse(packed)
    plan = schedule(packed, deps, t, Options())
    assert verify(packed, deps, plan).ok
    return build(packed, plan, t, Options())


def count(nest: LoopNest) -> int:
    values = (x for s in statements(nest.body) for v in values_of(s) for x in all_values(v))
    return sum(isinstance(x, Dot) for x in values)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (product("int8", "int8"), {"A_sums0": "int32", "B_packed0": "uint8"}),
        (product("uint8", "uint8"), {"A_sums0": "int32", "B_packed0": "int8"}),
        (product("uint8", "int8"), {"B_packed0": "int8"}),
        (product("bfloat16", "bfloat16", "float32(M,N)"), {"B_packed0": "bfloat16"}),
        (
            product("int16", "int16", "int32(M,N)", "int32(A(m,k)) * int32(B(k,n))"),
            {"B_packed0": "int16"},
        ),
    ],
)
def test_products_that_have_an_instruction(text: str, kinds: dict[str, str]) -> None:
    program = specialize(load(text), BIG)
    packed = rewrite(program, WITH).program
    made = {t.name: str(t.dtype) for t in packed.tensors if t.packs}
    assert made == kinds
    assert count(lowered(program)) % 24 == 16  # 6 x 4 vectors, and 4 x 4 at the end
    assert count(lowered(program, V4)) == 0


@pytest.mark.parametrize(
    "text",
    [
        product("int8", "int8", "int64(M,N)"),  # wider than the instruction adds
        product("int16", "int16", "int32(M,N)"),  # the product wraps in 16 bits
        product("int8", "int16"),
        product("float32", "float32"),
        product("int8", "int8", value="A(m,k) * B(k,n) * B(k,n)"),
        product("int8", "int8", value="A(m,k) + B(k,n)"),
    ],
)
def test_others_have_none(text: str) -> None:
    assert count(lowered(specialize(load(text), BIG))) == 0


def test_a_hand_packed_operand_needs_no_copy() -> None:
    text = """
def f(uint8(M,K) A, int8(L,R) B) -> (C) {
  C(m,n) += A(m,4*l+p) * B(l,4*n+p) where p in 0:4, n in 0:R/4
}"""
    program = specialize(load(text), {"M": 256, "K": 256, "L": 64, "R": 1024})
    assert not [t.name for t in rewrite(program, WITH).program.tensors if t.packs]
    assert count(lowered(program)) > 0


def test_terms_that_differ_from_sum_to_sum_keep_their_signs() -> None:
    """The shift of a triangle's sums would depend on both sides."""
    text = product("int8", "int8").replace("* B(k,n)", "* B(k,n) where k <= m + n")
    packed = rewrite(specialize(load(text), BIG), WITH).program
    assert not [x.name for x in packed.tensors if "_sums" in x.name]


def test_an_operand_with_strides_of_its_own_is_copied() -> None:
    program = specialize(load(product("uint8", "int8")), BIG)
    packed = rewrite(program, WITH, frozenset({"B"})).program
    assert {x.packs for x in packed.tensors} == {None, "A", "B"}


def test_sums_are_made_of_the_smaller_side() -> None:
    text = f"def f(int8(N,C,H,W) X, int8(K,C,R,S) F) -> (Y) {{ {CONV} }}"
    sizes = {"N": 1, "C": 64, "H": 58, "W": 58, "K": 64, "R": 3, "S": 3}
    program = specialize(load(text), sizes)
    packed = rewrite(program, WITH).program
    assert "F_sums0" in {t.name for t in packed.tensors}
    assert count(lowered(program)) > 0


@pytest.mark.parametrize("kind", ["int8", "uint8"])
def test_loops_compute_the_same_on_odd_sizes(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from polyc.scheduler import grouping, packing

    monkeypatch.setattr(packing, "WORTH_PACKING", 0)
    monkeypatch.setattr(grouping, "ENOUGH_USES", 2)
    sizes = {"M": 7, "N": 35, "K": 6}
    rng = np.random.default_rng(1)
    info = np.iinfo(kind)
    a, b = (
        rng.choice([info.min, info.max, 1, 0], (sizes[x], sizes[y])).astype(kind)
        for x, y in ("MK", "KN")
    )
    for program in (load(product(kind, kind)), specialize(load(product(kind, kind)), sizes)):
        nest = lowered(program)
        c = np.empty((sizes["M"], sizes["N"]), np.int32)
        assert run(nest, {"A": a, "B": b, "C": c}, {}, {n: sizes[n] for n in nest.ints}) == 0
        np.testing.assert_array_equal(c, a.astype(np.int32) @ b.astype(np.int32))


@pytest.mark.parametrize(
    ("kinds", "name"), [(("int8", "int8"), "vpdpbusd"), (("bfloat16",) * 2, "vdpbf16ps")]
)
def test_the_hot_loop_is_the_instruction_and_stays_in_registers(
    kinds: tuple[str, str], name: str
) -> None:
    program = specialize(load(product(*kinds)), BIG)
    text = native.assembly(llvm.emit(lowered(program), WITH), WITH)
    blocks = re.split(r"^\.LBB\w+:", text, flags=re.M)
    hot = [b[: b.rindex("\tj") + 1] for b in blocks if b.count(f"\t{name}\t") >= 16]
    assert max(b.count(f"\t{name}\t") for b in hot) == 24
    for block in hot:
        inside = block[: block.index("\tj", block.rindex(f"\t{name}\t"))]
        loop = inside[inside.index(f"\t{name}\t") :]
        assert not re.search(r"[xyz]mm\d+.*\(%rsp\)|\(%rsp\).*[xyz]mm\d+", loop)
