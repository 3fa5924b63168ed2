"""Packed operands: the same values, legal, only where they pay, and streamed with stride one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from polyc.codegen.build import build
from polyc.codegen.interpret import run
from polyc.codegen.loops import Load, LoopNest
from polyc.codegen.walk import loads_of
from polyc.frontend import load, reference
from polyc.frontend.program import Program, specialize
from polyc.options import Options
from polyc.scheduler import packing
from polyc.scheduler.dependences import analyse
from polyc.scheduler.legality import verify
from polyc.scheduler.packing import pack
from polyc.scheduler.schedule import schedule
from polyc.target import Target, target

V4 = target("x86-64-v4")
PLAIN = "C(m,n) += A(m,k) * B(k,n)"
TEXTS = {
    "plain": f"def f(float(M,K) A, float(K,N) B) -> (C) {{ {PLAIN} }}",
    "second transposed": "def f(float(M,K) A, float(N,K) B) -> (C) { C(m,n) += A(m,k) * B(n,k) }",
    "first transposed": "def f(float(K,M) A, float(K,N) B) -> (C) { C(m,n) += A(k,m) * B(k,n) }",
    "of a temporary": f"""
def f(float(M,K) A0, float(K,N) B) -> (C) {{
  A(m,k) = A0(m,k) + 1
  {PLAIN}
}}""",
    "of a value that changes": f"""
def f(float(M,K) A, float(K,N) B0) -> (C, D) {{
  B(k,n) = B0(k,n)
  {PLAIN}
  B(k,n) = 2 * B(k,n)
  D(m,n) += A(m,k) * B(k,n)
}}""",
}


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packing pays at once, so that small programs show it."""
    monkeypatch.setattr(packing, "WORTH_PACKING", 0)
    monkeypatch.setattr(packing, "ENOUGH_USES", 2)


def crowded() -> Target:
    """A machine whose caches hold next to nothing: every operand that may be packed is."""
    return replace(V4, l1_bytes=1024, l1_ways=1, l2_bytes=2048, l2_ways=1)


def packed_of(program: Program) -> list[str]:
    return [str(t.packs) for t in program.tensors if t.packs]


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("symbolic", [False, True], ids=["fixed", "symbolic"])
def test_packed_program_computes_the_same(name: str, symbolic: bool) -> None:
    sizes = {"M": 29, "N": 67, "K": 19}
    whole = load(TEXTS[name])
    program = pack(whole if symbolic else specialize(whole, sizes), crowded()).program
    assert packed_of(program), "nothing was packed"
    deps = analyse(program)
    plan = schedule(program, deps, V4, Options())
    assert verify(program, deps, plan).ok
    rng = np.random.default_rng(7)
    inputs = {
        t.name: rng.standard_normal([n.eval(sizes) for n in t.shape]).astype(np.float32)
        for t in whole.inputs
    }
    outputs = {
        t.name: np.empty([n.eval(sizes) for n in t.shape], np.float32) for t in whole.outputs
    }
    nest = build(program, plan, V4, Options())
    assert run(nest, {**inputs, **outputs}, {}, {n: sizes[n] for n in nest.ints}) == 0
    want = reference.run(whole, inputs, sizes)
    for t in whole.outputs:
        np.testing.assert_allclose(outputs[t.name], want[t.name], rtol=1e-4, atol=1e-4)


def test_temporaries_stay_with_their_producer() -> None:
    sizes = {"M": 1024, "N": 1024, "K": 1024}
    program = specialize(load(TEXTS["of a value that changes"]), sizes)
    assert set(packed_of(pack(program, crowded()).program)) == {"A"}


def test_one_copy_serves_all_readers() -> None:
    text = """
def f(float(M,K) A, float(K,N) B) -> (C, D) {
  C(m,n) += A(m,k) * B(k,n)
  D(m,n) += A(m,k) * B(k,n) * B(k,n)
}"""
    program = specialize(load(text), {"M": 1024, "N": 1024, "K": 1024})
    assert packed_of(pack(program, V4).program) == ["B"]


@pytest.mark.parametrize(
    ("sizes", "want"),
    [
        ({"M": 32, "N": 32, "K": 32}, set()),  # too little work
        ({"M": 500, "N": 500, "K": 500}, set()),  # rows spread over the sets of the caches
        # Rows fall into the same sets: B's many do, six of A's leave room in theirs.
        ({"M": 1024, "N": 1024, "K": 1024}, {"B"}),
        ({"M": 2, "N": 4096, "K": 4096}, set()),  # every element is used twice only
    ],
)
def test_packs_where_it_pays(sizes: dict[str, int], want: set[str]) -> None:
    machine = replace(V4, l1_bytes=32768, l1_ways=8, l2_bytes=1 << 20, l2_ways=8)
    assert set(packed_of(pack(specialize(load(TEXTS["plain"]), sizes), machine).program)) == want


@pytest.mark.usefixtures("eager")
def test_a_copy_in_the_same_order_is_not_made() -> None:
    """Rows as wide as the register tile lie one after another already."""
    program = load(TEXTS["plain"])
    tiny = replace(V4, l2_bytes=1 << 14, l1_bytes=1 << 10)  # everything crowds these
    packed = [
        packed_of(pack(specialize(program, {"M": 512, "N": n, "K": 512}), tiny).program)
        for n in (64, 640)
    ]
    assert ["B" in found for found in packed] == [False, True]


def _hot_loads(nest: LoopNest) -> list[Load]:
    return [x for x in loads_of(nest.body) if "packed" in x.buffer]


def test_packed_operands_are_streamed_with_stride_one() -> None:
    sizes = {"M": 140, "N": 1024, "K": 1024}
    program = pack(specialize(load(TEXTS["second transposed"]), sizes), V4).program
    assert "B" in packed_of(program)
    nest = build(program, schedule(program, analyse(program), V4, Options()), V4, Options())
    vectors = [x for x in _hot_loads(nest) if x.lanes > 1 and x.buffer.startswith("B_")]
    assert vectors
    assert all(x.step[-1] == 1 and not any(x.step[:-1]) for x in vectors)


def test_packing_is_deterministic() -> None:
    texts = {str(pack(load(TEXTS["plain"]), V4)) for _ in range(3)}
    assert len(texts) == 1
