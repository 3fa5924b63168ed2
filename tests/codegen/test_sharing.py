"""Programs in a workspace of raw bytes: each read finds what the same buffer wrote there last."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import polyc
from polyc.codegen import interpret
from polyc.codegen.build import build
from polyc.codegen.interpret import AccessError
from polyc.codegen.loops import Buffer, LoopNest, Scalar
from polyc.codegen.passes import pipeline
from polyc.codegen.workspace import Workspace, layout
from polyc.options import Options
from polyc.scheduler import schedule as scheduling
from polyc.scheduler import tiling
from polyc.scheduler.schedule import schedule
from tests.codegen.raw_memory import RawMemory, meet, shared_by_threads
from tests.codegen.support import needs_cc, run
from tests.programs import CORPUS
from tests.scheduler.random_programs import draw
from tests.scheduler.support import V3, case, inputs

Array = NDArray[Any]
PROGRAMS = 60
TINY = replace(V3, l1_bytes=256, l2_bytes=1024)
FUSION = ("auto", "none", "max")


# ---- programs
@functools.cache
def from_the_corpus(name: str, fusion: str) -> tuple[LoopNest, dict[str, Array]]:
    """The loops at a small size, and arrays for all arguments."""
    c = CORPUS[name]
    with polyc.config(fusion=fusion):
        kernel = polyc.compile(c.text, entry=c.entry, consts=c.consts).specialize(c.smoke)
    outputs = {
        t.name: np.zeros([n.value for n in t.shape], t.dtype.name) for t in kernel.program.outputs
    }
    return kernel.loops, {**c.inputs(c.smoke), **outputs}


@functools.cache
def drawn(seed: int) -> tuple[LoopNest, dict[str, Array]]:
    """A random program with small tiles, contracted arrays and threads; temporaries that nobody
    reads keep their memory here, so that more of them meet."""
    c = case(draw(seed, 12), {"N": (5, 9, 2)[seed % 3]})
    chosen = Options(fusion=FUSION[seed % 3])  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scheduling, "WORTH_THREADS", 1)
        patch.setattr(tiling, "WORTH_A_TILE", 50)
        patch.setattr(pipeline, "drop_unread", lambda nest: nest)
        s = schedule(c.program, c.deps, TINY, chosen)
        nest = build(c.program, s, TINY, chosen)
    outputs = {
        t.name: np.zeros([n.value for n in t.shape], t.dtype.name) for t in c.program.outputs
    }
    return nest, {**inputs(c.program), **outputs}


def results(
    nest: LoopNest, data: Mapping[str, Array], memory: Any, *, backwards: bool = False
) -> list[bytes]:
    """The arguments as the interpreter leaves them."""
    mine = {n: np.array(a) for n, a in data.items()}
    arrays = {a.name: mine[a.name] for a in nest.arguments if isinstance(a, Buffer)}
    scalars = {a.name: data[a.name].item() for a in nest.arguments if isinstance(a, Scalar)}
    assert interpret.run(nest, arrays, scalars, {}, backwards=backwards, own=memory) == 0
    return [a.tobytes() for a in arrays.values()]


def holds(nest: LoopNest, data: Mapping[str, Array]) -> None:
    places = layout(nest)
    for backwards in (False, True):
        memory = RawMemory(places, {})
        found = results(nest, data, memory, backwards=backwards)
        assert shared_by_threads(nest, memory) == []
        assert found == results(nest, data, interpret.fresh, backwards=backwards)
    for a, b in itertools.combinations([*places.shared, *places.thread], 2):
        if meet(a, b, memory):  # both backends ask before they promise
            assert b.name in places.overlaps[a.name]
            assert a.name in places.overlaps[b.name]


@pytest.mark.parametrize("fusion", FUSION)
@pytest.mark.parametrize("name", CORPUS)
def test_the_corpus(name: str, fusion: str) -> None:
    holds(*from_the_corpus(name, fusion))


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_a_random_program(seed: int) -> None:
    holds(*drawn(seed))


def test_a_value_that_the_next_iteration_reads() -> None:
    """E is touched last where it is written, D after that: in the same memory E would be lost."""
    text = """def f(int(N) X, int(M) steps) -> (Y) {
      E(i) = X(i)
      for t in 0:M {
        C(i) = E(N-1-i) * 2
        E(i) = C(N-1-i) + t
        D(i) = C(i) + steps(t)
        G(i) = D(N-1-i) * 3
        Y(t,i) = G(N-1-i)
      }
    }"""
    c = case(text, {"N": 5, "M": 3})
    nest = build(c.program, c.schedule(fusion="none"), V3, Options(fusion="none"))
    holds(nest, {**inputs(c.program), "Y": np.zeros((3, 5), np.int32)})


def test_many_of_them_share() -> None:
    """Or the tests above would show little."""
    corpus = [from_the_corpus(name, "none") for name in CORPUS]
    assert sum(bool(layout(nest).overlaps) for nest, _ in corpus) >= 3
    places = [layout(drawn(seed)[0]) for seed in range(PROGRAMS)]
    assert sum(any(b.name in w.overlaps for b in w.shared) for w in places) >= 25
    assert sum(any(b.name in w.overlaps for b in w.thread) for w in places) >= 4


# ---- the checker
def moved(places: Workspace) -> Iterator[Workspace]:
    """The layout with one buffer put where another lies that it does not meet yet."""
    for kind in ("shared", "thread"):
        table: Mapping[Buffer, Any] = getattr(places, kind)
        for a, b in itertools.permutations(table, 2):
            if b.name in places.overlaps.get(a.name, ()) or table[a] == table[b]:
                continue
            wrong = {**table, b: table[a]}
            if kind == "shared":  # with room behind it, where it is longer than the other
                yield replace(places, shared=wrong, slices=places.slices + 4096)
            else:
                yield replace(places, thread=wrong, slice_bytes=places.slice_bytes + 4096)


def test_a_wrong_place_is_found() -> None:
    """Where results differ the checker has complained, and it complains often."""
    complaints = differences = total = 0
    for seed in range(PROGRAMS):
        nest, data = drawn(seed)
        right = results(nest, data, interpret.fresh)
        for places in itertools.islice(moved(layout(nest)), 6):
            total += 1
            try:
                results(nest, data, memory := RawMemory(places, {}))
                complained = bool(shared_by_threads(nest, memory))
            except AccessError:
                complained = True
            differs = results(nest, data, RawMemory(places, {}, checked=False)) != right
            assert complained or not differs, f"seed {seed}: not found\n{nest}\n{places}"
            complaints += complained
            differences += differs
    assert total >= 150
    assert complaints >= differences >= total // 3


# ---- machine code
SHARING = [n for n in CORPUS if layout(from_the_corpus(n, "none")[0]).overlaps]


def agrees(nest: LoopNest, data: Mapping[str, Array], backend: str, threads: int) -> None:
    """The code computes what the interpreter does with memory for each buffer alone."""
    scalars = {a.name: data[a.name] for a in nest.arguments if isinstance(a, Scalar)}
    arrays = {a.name: data[a.name] for a in nest.arguments if isinstance(a, Buffer)}
    _, expected = run(nest, "interpreter", arrays, scalars)
    code, found = run(nest, backend, arrays, scalars, threads=threads)
    assert code == 0
    for name, array in expected.items():
        np.testing.assert_allclose(found[name], array, 1e-4, 1e-4, err_msg=name)


@pytest.mark.parametrize("backend", ["llvm", pytest.param("c", marks=needs_cc)])
@pytest.mark.parametrize("name", SHARING)
def test_code_in_a_workspace_full_of_nan(name: str, backend: str) -> None:
    agrees(*from_the_corpus(name, "none"), backend, 2)


@pytest.mark.parametrize(("backend", "count"), [("llvm", 30), pytest.param("c", 6, marks=needs_cc)])
def test_random_code_in_a_workspace_full_of_nan(backend: str, count: int) -> None:
    for seed in range(count):
        nest, data = drawn(seed)
        if layout(nest).overlaps:
            agrees(nest, data, backend, 2)
