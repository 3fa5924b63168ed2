"""Tiles that compute their halos: the same values, legal, only where they pay."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import polyc
from polyc.codegen.build import build
from polyc.codegen.interpret import run
from polyc.codegen.loops import For, Let, Store
from polyc.codegen.rewrite import map_ints
from polyc.codegen.walk import statements
from polyc.frontend import load, reference
from polyc.frontend.integers import FloorDiv, Int
from polyc.frontend.program import Program, specialize
from polyc.options import Options
from polyc.scheduler import overlapmodel
from polyc.scheduler.dependences import analyse
from polyc.scheduler.legality import verify
from polyc.scheduler.overlap import Overlapped, overlap
from polyc.scheduler.schedule import schedule
from polyc.target import target
from tests.differential.test_programs import needs_cc
from tests.scheduler.pipelines import STAGES, Stages

V4 = replace(target("x86-64-v4"), l2_bytes=1 << 20, l3_bytes=16 << 20)
MAX = Options(fusion="max")

every = pytest.mark.parametrize("stages", STAGES.values(), ids=STAGES)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles so small that small programs have several."""
    monkeypatch.setattr(overlapmodel, "TILES", (4, 5))
    monkeypatch.setattr(overlapmodel, "LONG_TILES", (4, 5))


def inputs(program: Program, sizes: Any) -> dict[str, Any]:
    rng = np.random.default_rng(11)
    return {
        t.name: rng.standard_normal([n.eval(sizes) for n in t.shape]).astype(t.dtype.name)
        for t in program.inputs
    }


def tiled(program: Program, options: Options = MAX) -> Overlapped:
    return overlap(program, analyse(program), V4, options)


def in_tiles(program: Program) -> str:
    return " ".join(s.name for s in program.statements if s.tiles)


@every
@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("symbolic", [False, True], ids=["fixed", "symbolic"])
def test_the_rewritten_program_means_the_same(stages: Stages, symbolic: bool) -> None:
    whole = load(stages.text)
    found = tiled(whole if symbolic else specialize(whole, stages.sizes))
    assert in_tiles(found.program) == (stages.tiled if stages.open or not symbolic else "")
    given = inputs(whole, stages.sizes)
    want = reference.run(whole, given, stages.sizes)
    got = reference.run(found.program, given, stages.sizes if symbolic else {})
    for t in whole.outputs:
        assert got[t.name].tobytes() == want[t.name].tobytes()
    plan = schedule(found.program, found.dependences, V4, Options())
    assert verify(found.program, found.dependences, plan).ok


@every
@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("backend", "symbolic"),
    [("llvm", False), ("llvm", True), pytest.param("c", False, marks=needs_cc)],
)
def test_kernels_are_numpy(stages: Stages, backend: Any, symbolic: bool) -> None:
    options = Options(backend=backend, fusion="max", cache=False, check=True)
    op = polyc.compile(stages.text, options=options)
    kernel = op.specialize({} if symbolic else stages.sizes)
    given = inputs(load(stages.text), stages.sizes)
    found = kernel(**given)
    assert in_tiles(kernel.program) == (stages.tiled if stages.open or not symbolic else "")
    wide = stages.result(*(x.astype(np.float64) for x in given.values()))
    for got, want in zip(found if isinstance(found, tuple) else (found,), wide, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-4)


@every
@pytest.mark.usefixtures("small")
def test_strict_results_are_the_bits_of_separate_stages(stages: Stages) -> None:
    given = inputs(load(stages.text), stages.sizes)
    found = set()
    for fusion, threads in (("none", 1), ("max", 1), ("max", 2), ("max", 3)):
        options = Options(fusion=fusion, math="strict", threads=threads, cache=False)  # type: ignore[arg-type]
        out = polyc.compile(stages.text, options=options).specialize(stages.sizes)(**given)
        found.add(b"".join(x.tobytes() for x in (out if isinstance(out, tuple) else (out,))))
    assert len(found) == 1


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("height", [5, 6, 7, 8, 9, 12, 13])
def test_images_smaller_than_a_tile(height: int) -> None:
    stages = STAGES["blur"]
    op = polyc.compile(stages.text, options=Options(fusion="max", cache=False, check=True))
    x = np.random.default_rng(0).standard_normal((height, 70)).astype(np.float32)
    for kernel in (op.specialize({"H": height, "W": 70}), op.specialize({})):
        np.testing.assert_allclose(kernel(x), stages.result(x)[0], rtol=1e-4, atol=1e-4)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("seed", range(12))
def test_random_chains(seed: int) -> None:
    """Stages with random neighbourhoods, steps and further readers, in one or two dimensions."""
    rng = random.Random(seed)
    text, length = random_chain(rng)
    program = specialize(load(text), {"N": length})
    found = tiled(program)
    assert in_tiles(found.program)
    given = inputs(program, {})
    want, got = (reference.run(p, given, {}) for p in (program, found.program))
    assert got["Y"].tobytes() == want["Y"].tobytes()
    plan = schedule(found.program, found.dependences, V4, Options())
    assert verify(found.program, found.dependences, plan).ok
    nest = build(found.program, plan, V4, Options())
    y = np.full(want["Y"].shape, np.nan, np.float32)
    assert run(nest, {**given, "Y": y}, {}, {}) == 0
    np.testing.assert_allclose(y, want["Y"], rtol=1e-4, atol=1e-4)


def random_chain(rng: random.Random) -> tuple[str, int]:
    """A text, and a length that leaves at least ten rows of results."""
    flat = rng.random() < 0.5
    step, shrunk, lines, names = 1, 0, [], ["X"]
    for k in range(rng.randint(2, 4)):
        name = "Y" if k == 3 or (k and rng.random() < 0.3) else "ABC"[k]
        double = step == 1 and rng.random() < 0.3
        reads = [
            (names[-1], rng.randint(0, 3), rng.randint(0, 2)) for _ in range(rng.randint(1, 3))
        ]
        row = "2*i" if double else "i"
        terms = (f"{t}({row}+{r})" if flat else f"{t}({row}+{r}, j+{c})" for t, r, c in reads)
        lines.append(f"  {name}({'i' if flat else 'i,j'}) = {' + '.join(terms)}")
        names.append(name)
        shrunk += 3 * step
        step *= 2 if double else 1
        if name == "Y":
            break
    last = names[-1]
    index = "i" if flat else "i,j"
    far = "i+2" if flat else "i+2,j+1"
    lines.append(f"  Z({index}) = {last}({index}) * {last}({far})")
    text = "\n".join(lines).replace("Y(", "E(").replace("Z(", "Y(")
    shape = "N" if flat else "N,N"
    return f"def f(float({shape}) X) -> (Y) {{\n{text}\n}}", 10 * step + shrunk + rng.randint(9, 14)


# ---- when
BIG = {"H": 4096, "W": 4096}


def test_a_temporary_that_passes_through_memory_becomes_one_tile() -> None:
    found = tiled(specialize(load(STAGES["blur"].text), BIG), Options())
    assert in_tiles(found.program) == "S0 S1"
    (decision,) = found.decisions
    assert decision.kind == "overlap"
    (_, rows, columns) = found.program.tensor("P").shape
    tile = rows.value - 4
    assert decision.verdict == f"{tile} rows"
    assert columns.value == 4092
    again = sum(min(tile + 4, 4096 - t) for t in range(0, 4092, tile)) - 4096
    assert decision.reason.startswith(f"{again * 4092} points computed twice")
    plan = schedule(found.program, found.dependences, V4, Options())
    (home,) = (x for x in plan.storage if x.tensor == "P")
    assert home.windows[0] is not None
    assert home.windows[0].extent == 1
    assert home.windows[2] is not None
    assert 3 * 4 * (tile + 4) * home.windows[2].extent <= V4.l2_bytes


@pytest.mark.parametrize("name", ["blur", "unsharp", "guarded"])
def test_hot_loops_are_plain(name: str) -> None:
    """No quotient where the work is done; a minimum only where one row at the end is."""
    sizes = dict.fromkeys(STAGES[name].sizes, 2048)
    found = tiled(specialize(load(STAGES[name].text), sizes), Options())
    assert in_tiles(found.program) == STAGES[name].tiled
    plan = schedule(found.program, found.dependences, V4, Options())
    nest = build(found.program, plan, V4, Options())
    hot = [s for s in statements(nest.body) if isinstance(s, For) and s.note == "vector"]
    assert all(isinstance(x, Store | Let) for loop in hot for x in loop.body)  # no guards
    kinds = [_hard(loop) for loop in hot]
    assert FloorDiv not in set().union(*kinds)
    plain = [loop for loop, hard in zip(hot, kinds, strict=True) if not hard]
    stored = {x.buffer for loop in plain for x in loop.body if isinstance(x, Store)}
    unread = {"Q"} if name == "unsharp" else set()  # goes from register to register
    assert stored == {s.tensor for s in found.program.statements} - unread


def _hard(loop: For) -> frozenset[type]:
    """Kinds of terms in the subscripts of a loop that are more than a product of counters."""
    seen: list[Int] = []

    def see(e: Int) -> Int:
        seen.append(e)
        return e

    map_ints(loop.body, see)
    assert seen
    return frozenset(type(a) for e in seen for m, _ in e.terms for a in m) - {str}


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("blur", {"H": 64, "W": 64}),  # all of it stays in the second-level cache
        ("conv and pool", {"C": 64, "H": 58, "W": 58, "K": 64}),  # channels are common already
        ("five stages", {"N": 1000}),
    ],
)
def test_small_ones_are_left_alone(name: str, sizes: dict[str, int]) -> None:
    program = specialize(load(STAGES[name].text), sizes)
    found = tiled(program, Options())
    assert found.program is program
    assert [(d.kind, d.verdict) for d in found.decisions] == [("overlap", "no")]


def test_heavy_stages_are_not_computed_twice() -> None:
    text = """def f(float(C,H,W) X, float(D,C,3,3) F, float(D,D,3,3) G) -> (Y) {
  A(k,h,w) += X(c,h+r,w+s) * F(k,c,r,s)
  Y(k,h,w) += A(c,h+r,w+s) * G(k,c,r,s)
}"""
    program = specialize(load(text), {"C": 64, "D": 64, "H": 60, "W": 60})
    assert tiled(program, Options()).program is program


def test_fusion_none_asks_for_separate_stages() -> None:
    program = specialize(load(STAGES["blur"].text), BIG)
    assert tiled(program, Options(fusion="none")) == Overlapped(program, analyse(program), ())


# ---- what stands in the way
@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            """def f(float(N) X) -> (A, Y) {
  T(i) = X(i) * 2
  A(i) = T(i) + T(i+1)
  Y(i) = A(i) + A(i+1) + T(i) where i in 0:N-2
}""",
            "an output is written once",
        ),
        (
            """def f(float(N) X) -> (Y) {
  A(i) = X(i) * 2
  Y(i) = A(i) + A(N-1-i)
}""",
            "the other end is needed too",
        ),
        (
            """def f(float(N) X, int32(N) K) -> (Y) {
  A(i) = X(i) * 2
  Y(i) = A(i) + A(K(i)) where i in 0:N-1
}""",
            "data says which element is read",
        ),
        (
            """def f(float(N) X) -> (Y) {
  A(i) = X(i) where i in 0:1
  A(i) = A(i-1) + X(i) where i in 1:N
  Y(i) = A(i) + A(i+1)
}""",
            "a row needs all rows before it",
        ),
        (
            """def f(float(N) X, float(R) F) -> (Y) {
  A(i) = X(i) * 2
  Y(i) += A(i+r) * F(r)
}""",
            "the size of the window is open",
        ),
        (
            """def f(float(N) X) -> (Z, Y) {
  A(i) = X(i) * 2
  s += A(i)
  B(i) = A(i) + s
  Z(i) = B(i)
  Y(i) = A(i) + A(i+1) + Z(i)
}""",
            "a sum of all rows stands between the stages",
        ),
        (
            """def f(float(N) X, int32(N) K) -> (F, Y) {
  A(i) = X(i) * 2
  F(i) = A(i) + A(i+1)
  G(i) = F(K(i)) where i in 0:N-1
  Y(i) = A(i) + A(i+1) + G(K(i)) where i in 0:N-1
}""",
            "another statement needs all of one result before the next",
        ),
    ],
)
def test_stages_that_stay_apart(text: str, why: str) -> None:
    program = load(text)
    assert in_tiles(tiled(program).program) == "", why


def test_two_pipelines_count_their_own_tiles() -> None:
    text = """def f(float(N) X, float(M) Z) -> (Y, W) {
  A(i) = X(i) * 2
  Y(i) = A(i) + A(i+1)
  B(i) = Z(i) * 2
  W(i) = B(i) + B(i+2)
}"""
    program = tiled(specialize(load(text), {"N": 5000, "M": 7000})).program
    assert [len(s.tiles) for s in program.statements] == [1, 1, 1, 1]
    assert len({s.tiles for s in program.statements}) == 2


def test_the_choice_is_deterministic() -> None:
    program = specialize(load(STAGES["corners"].text), BIG)
    found = [tiled(program, Options()) for _ in range(2)]
    assert str(found[0].program) == str(found[1].program)
    assert found[0].decisions == found[1].decisions
