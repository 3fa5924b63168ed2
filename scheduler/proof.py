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
    """One concrete pair of instances of a relation."""
    return str(m.sample()).split("{", 1)[-1].rsplit("}", 1)[0].strip()


def prefix(program: Program) -> str:
    return f"[{', '.join(z.name for z in program.sizes)}] -> "


def nodes(tree: isl.Schedule) -> Iterator[isl.ScheduleNode]:
    """Every node, parents first."""
    stack = [tree.get_root()]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.child(i) for i in reversed(range(node.n_children())))
