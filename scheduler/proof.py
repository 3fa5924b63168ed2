"""What a proof about a schedule is made of, and the small questions its parts share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import islpy as isl

from polyc.frontend.program import Program


@dataclass(frozen=True, slots=True)
class Proof:
    """One obligation: what was to be shown, and how it holds or a concrete counter-example."""

    subject: str
    ok: bool
    detail: str

    def __str__(self) -> str:
        return f"{'holds' if self.ok else 'FAILS'}  {self.subject}: {self.detail}"


def example(m: isl.UnionMap) -> str:
    """One concrete pair of instances of a relation: "S0[1] -> S1[2]", and sizes it exists for."""
    sizes, _, pair = str(m.wrap().sample_point()).partition("{ [")
    given = sizes.split("]")[0].strip("[ ")
    return pair.removesuffix("] }") + (f" with {given}" if given else "")


def prefix(program: Program) -> str:
    return f"[{', '.join(z.name for z in program.sizes)}] -> "


def nodes(tree: isl.Schedule) -> Iterator[isl.ScheduleNode]:
    """Every node, parents first."""
    stack = [tree.get_root()]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.child(i) for i in reversed(range(node.n_children())))


def statements_of(points: isl.UnionSet) -> list[str]:
    """The names of the statements with instances among these, sorted."""
    found = points.get_set_list()
    return sorted({found.get_set(n).get_tuple_name() or "" for n in range(found.n_set())})
