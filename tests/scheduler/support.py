"""Programs taken through the scheduler, schedules written by hand, and what they compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polyc.codegen.build import build
from polyc.codegen.interpret import AccessError
from polyc.codegen.interpret import run as interpret
from polyc.codegen.loops import Buffer, LoopNest
from polyc.frontend import load, reference
from polyc.frontend.integers import Int, IntLike
from polyc.frontend.program import Program, specialize
from polyc.options import Options
from polyc.scheduler.affine import Row
from polyc.scheduler.dependences import Dependences, analyse
from polyc.scheduler.legality import Certificate, verify
from polyc.scheduler.schedule import schedule
from polyc.scheduler.tree import Band, Leaf, Schedule, Sequence, Storage, Tree, Window, to_isl_tree
from polyc.target import target

Array = NDArray[Any]
V3 = target("x86-64-v3")  # decisions must not depend on the machine that runs the tests
LEAF = Leaf()


@dataclass(frozen=True, slots=True)
class Case:
    """A program with its dependences."""

    program: Program
    deps: Dependences

    def schedule(self, **options: Any) -> Schedule:
        return schedule(self.program, self.deps, V3, Options(**options))

    def verify(self, s: Schedule) -> Certificate:
        return verify(self.program, self.deps, s)


def case(
    text: str,
    sizes: Mapping[str, int] | None = None,
    *,
    consts: Mapping[str, int] | None = None,
    entry: str | None = None,
) -> Case:
    """The program of a text, with sizes fixed by the names that its author used."""
    program = load(text, entry=entry, consts=consts)
    fixed = {z.name: (sizes or {})[z.display] for z in program.sizes if z.display in (sizes or {})}
    program = specialize(program, fixed)
    return Case(program, analyse(program))


# ---- schedules by hand
def loop(rows: Mapping[str, IntLike], child: Tree = LEAF, *, tile: int = 1, mark: str = "") -> Band:
    """One loop: per statement the value its instances get; an int or a name is enough."""
    return Band(row(rows), tile, mark, False, child)


def row(rows: Mapping[str, IntLike]) -> Row:
    return Row.of({name: Int.of(e) for name, e in rows.items()})


def nest(statement: str, *variables: IntLike, child: Tree = LEAF) -> Tree:
    """Plain loops of one statement, outermost first."""
    for v in reversed(variables):
        child = loop({statement: v}, child)
    return child


def seq(*children: tuple[str, Tree]) -> Sequence:
    """Children in order; "S0 S1" names the statements of one."""
    return Sequence(tuple((tuple(names.split()), tree) for names, tree in children))


def tile_home(tensor: str, *windows: Window | None) -> Storage:
    return Storage(tensor, "tile", windows)


def window(rows: Mapping[str, IntLike], tile: int, extent: int, offset: int = 0) -> Window:
    return Window(row(rows), tile, Int.of(offset), extent)


def by_hand(c: Case, tree: Tree, *storage: Storage, fast: bool = True) -> Schedule:
    return Schedule(to_isl_tree(tree, c.program), storage, (), fast)


# ---- running
def inputs(program: Program, seed: int = 0) -> dict[str, Array]:
    """Small integers in every type, so that all orders of evaluation give the same bits."""
    rng = np.random.default_rng(seed)
    return {
        t.name: rng.integers(1, 4, [n.value for n in t.shape]).astype(t.dtype.name)
        for t in program.inputs
    }


def execute(
    nest: LoopNest, program: Program, given: Mapping[str, Array], *, backwards: bool = False
) -> dict[str, Array]:
    """The outputs that a nest leaves."""
    buffers = {a.name: given[a.name].copy() for a in nest.arguments if a.name in given}
    for t in program.outputs:
        buffers[t.name] = np.full([n.value for n in t.shape], 99, t.dtype.name)
    arrays = {a.name: buffers[a.name] for a in nest.arguments if isinstance(a, Buffer)}
    scalars: dict[str, Any] = {n: a[()] for n, a in buffers.items() if n not in arrays}
    assert interpret(nest, arrays, scalars, {}, backwards=backwards) == 0
    return {t.name: buffers[t.name] for t in program.outputs}


def is_right(
    c: Case, s: Schedule, given: Mapping[str, Array] | None = None, **options: Any
) -> bool:
    """The loops of a schedule, passes included, compute what the program means in any order of
    the iterations of parallel loops."""
    given = inputs(c.program) if given is None else given
    expected = reference.run(c.program, given, {})
    loops = build(c.program, s, V3, Options(**options))
    try:
        found = [execute(loops, c.program, given, backwards=b) for b in (False, True)]
    except AccessError:
        return False
    return all(np.allclose(out[n], expected[n], 1e-4, 1e-4) for out in found for n in out)
