"""What the steps of scheduling read, and what each of them makes."""

from __future__ import annotations

from dataclasses import dataclass

from polyc.frontend.program import Program
from polyc.options import Options
from polyc.scheduler.affine import Row
from polyc.scheduler.tree import Decision, Sequence, Storage, Tree
from polyc.target import Target


@dataclass(frozen=True, slots=True)
class Context:
    """What every step reads."""

    program: Program
    typical: Program  # the same at fixed sizes: what figures are taken from
    target: Target
    options: Options
    fixed: frozenset[str] = frozenset()  # iterators of the `for` loops around
    around: tuple[Row, ...] = ()  # loops over the items of a batch around

    def still(self, name: str) -> frozenset[str]:
        """The variables of a statement that the loops around move."""
        return self.fixed | {str(r[name]) for r in self.around}


@dataclass(frozen=True, slots=True)
class Part:
    """The result of scheduling some statements."""

    tree: Tree
    storage: tuple[Storage, ...] = ()
    decisions: tuple[Decision, ...] = ()


def in_sequence(parts: list[tuple[tuple[str, ...], Part]]) -> Part:
    """The parts one after another, each with the statements it runs."""
    trees = tuple((names, p.tree) for names, p in parts)
    tree = trees[0][1] if len(trees) == 1 else Sequence(trees)
    return Part(
        tree,
        tuple(s for _, p in parts for s in p.storage),
        tuple(d for _, p in parts for d in p.decisions),
    )
