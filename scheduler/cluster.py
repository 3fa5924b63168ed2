"""Statements that share inner loops: what they are, and their schedule tree."""

from __future__ import annotations

from dataclasses import dataclass

from polyc.frontend.integers import Int
from polyc.frontend.program import Statement
from polyc.scheduler.affine import Row
from polyc.scheduler.nest import Nest
from polyc.scheduler.tree import Band, Leaf, Sequence, Tree


@dataclass(frozen=True, slots=True)
class Step:
    """One loop of a statement: floor(place / tile)."""

    variable: str
    place: Int
    tile: int
    mark: str


@dataclass(frozen=True, slots=True)
class Member:
    """A statement with its loops in the tile, outermost first, and the ranges there."""

    s: Statement
    nest: Nest
    steps: tuple[Step, ...]
    ranges: dict[str, int]
    lanes: int  # elements of a vector
    free: bool  # nothing it computes depends on another of its instances


@dataclass(frozen=True, slots=True)
class Cluster:
    """Statements that share the first `common` loops; those of the core share all of them."""

    before: tuple[Member, ...]
    core: tuple[Member, ...]
    after: tuple[Member, ...]
    common: int

    @property
    def lead(self) -> Member:
        """The first sum of the core, whose loops the others have; else its first statement."""
        return next((m for m in self.core if m.s.op is not None), self.core[0])

    @property
    def members(self) -> tuple[Member, ...]:
        return (*self.before, *self.core, *self.after)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(m.s.name for m in self.members)


def cluster_tree(c: Cluster) -> Tree:
    """Common loops, then the statements in order, each with the rest of its own."""
    lead = c.core[0]
    whole = _bands(c.core, len(lead.steps), _leaves(c.core), c.common)
    if not c.before and not c.after:
        return _bands(c.core, c.common, whole, 0)
    around = [((m.s.name,), _bands((m,), len(m.steps), Leaf(), c.common)) for m in c.members]
    first, last = len(c.before), len(c.before) + len(c.core)
    inside = (tuple(m.s.name for m in c.core), whole)
    children = Sequence((*around[:first], inside, *around[last:]))
    return _bands(c.members, c.common, children, 0)


def _leaves(core: tuple[Member, ...]) -> Tree:
    if len(core) == 1:
        return Leaf()
    return Sequence(tuple(((m.s.name,), Leaf()) for m in core))


def _bands(members: tuple[Member, ...], last: int, tree: Tree, first: int) -> Tree:
    """Loops first .. last - 1 of the members around a tree."""
    for k in reversed(range(first, last)):
        row = Row.of({m.s.name: m.steps[k].place for m in members})
        lead = members[0].steps[k]
        tree = Band(row, lead.tile, lead.mark, False, tree)
    return tree
