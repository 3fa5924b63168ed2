"""Plain loops in C: the text's statements one after another, as the compiler would print them had
it no scheduler, on one thread. The system's C compiler does what it can with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import numpy as np

from polyc import calls, driver, runtime
from polyc.bench.cases import Case
from polyc.bench.contenders import Built
from polyc.bench.contenders.c_library import compiler_version
from polyc.bench.contenders.code import code_bytes
from polyc.codegen import c, native
from polyc.codegen.build import skeleton
from polyc.codegen.math import expand
from polyc.frontend.integers import Int
from polyc.frontend.program import Program, Statement
from polyc.scheduler.affine import Row
from polyc.scheduler.tree import Band, Leaf, Schedule, Tree, to_isl_tree
from polyc.scheduler.tree import Sequence as Ordered
from polyc.target import target

Array = Any


class NaiveC:
    def versions(self) -> Mapping[str, str]:
        return {"compiler": compiler_version()}

    def build(self, case: Case, einsum: str | None, given: Sequence[Array]) -> Built | str:
        del einsum
        program = case.kernel().text
        plain = skeleton(program, as_written(program))
        nest = replace(plain, body=expand(plain.body, target()))  # exp and the like
        text = c.emit(nest, target())
        library = native.shared_library_from_c(text, target())
        function = runtime.load(driver.signature(program, nest), library, "c")
        outputs = [p.buffer for p in calls.places(function, (), None, given)]

        def call() -> object:
            function([*given, *outputs], (), 1)
            return outputs

        lines = len([line for line in text.splitlines() if line.strip()])
        return Built(call, lambda: [np.asarray(x) for x in outputs], code_bytes(library), lines)


def as_written(program: Program) -> Schedule:
    """The order of the text: a loop for each variable, one statement after another."""
    tree = _tree(list(program.statements), 0)
    return Schedule(to_isl_tree(tree, program), (), (), False)


def _tree(statements: list[Statement], depth: int) -> Tree:
    """Statements that share their places before `depth`."""
    children: list[tuple[tuple[str, ...], Tree]] = []
    for _, group in groupby(statements, key=lambda s: s.order[depth]):
        inside = list(group)
        names = tuple(s.name for s in inside)
        if len(inside[0].order) == depth + 1:
            children.append((names, _nest(inside[0])))
        else:  # a `for` that they share
            var = str(inside[0].order[depth + 1])
            row = Row.of({n: Int.of(var) for n in names})
            children.append((names, Band(row, 1, "", False, _tree(inside, depth + 2))))
    return children[0][1] if len(children) == 1 else Ordered(tuple(children))


def _nest(s: Statement) -> Tree:
    tree: Tree = Leaf()
    for var in reversed([v for v in s.vars if v not in s.order]):
        tree = Band(Row.of({s.name: Int.of(var)}), 1, "", False, tree)
    return tree


def contender(_: int) -> NaiveC:
    return NaiveC()
