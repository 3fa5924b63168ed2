"""A schedule tree as plain data: for drawing it, for its groups, and for the tiles of a domain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import islpy as isl

from polyc.frontend.integers import Int
from polyc.frontend.program import Program
from polyc.scheduler.affine import aff_to_int, kind
from polyc.scheduler.proof import statements_of
from polyc.scheduler.tree import Schedule


@dataclass(frozen=True, slots=True)
class Node:
    """One node.

    form        "band", "sequence" or "leaf"; marks are a property of the band below them
    rows        of a band: statement -> the value in whose order its instances run
    statements  those below
    mark        "parallel", "vector", "unroll" or ""
    coincident  of a band: no dependence has a distance in it
    """

    form: str
    statements: tuple[str, ...]
    children: tuple[Node, ...] = ()
    rows: tuple[tuple[str, Int], ...] = ()
    mark: str = ""
    coincident: bool = False

    @property
    def label(self) -> str:
        """The row, once where all statements have the same."""
        texts = list(dict.fromkeys(str(e) for _, e in self.rows))
        if self.form != "band" or len(texts) < 2:
            return texts[0] if texts else self.form
        return ", ".join(f"{n}: {e}" for n, e in self.rows[:3]) + (
            ", ..." if len(self.rows) > 3 else ""
        )

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Node]]:
        """Every node with its depth, parents first."""
        yield depth, self
        for c in self.children:
            yield from c.walk(depth + 1)


def nodes_of(program: Program, schedule: Schedule) -> Node:
    """The tree below the domain."""
    root = schedule.tree.get_root()
    here = root.domain_get_domain()
    return _node(program, root.child(0), here, "")


def _node(program: Program, node: isl.ScheduleNode, here: isl.UnionSet, mark: str) -> Node:
    found = set(statements_of(here))
    names = tuple(s.name for s in program.statements if s.name in found)
    match kind(node.get_type()):
        case "mark":
            return _node(program, node.child(0), here, node.mark_get_id().get_name() or "")
        case "band":
            return _band(program, node, here, names, mark)
        case "sequence" | "set":
            branches = [node.child(k) for k in range(node.n_children())]
            parts = [(b, here.intersect(b.filter_get_filter())) for b in branches]
            children = [_node(program, b.child(0), x, "") for b, x in parts if not x.is_empty()]
            return Node("sequence", names, tuple(children))
        case _:
            return Node("leaf", names)


def _band(
    program: Program, node: isl.ScheduleNode, here: isl.UnionSet, names: tuple[str, ...], mark: str
) -> Node:
    """Its rows one inside the other: what polyc writes has one, what people edit may have more."""
    schedule = node.band_get_partial_schedule()
    inner = _node(program, node.child(0), here, "")
    for k in reversed(range(node.band_n_member())):
        rows = tuple(_rows(program, schedule.get_union_pw_aff(k), names))
        coincident = bool(node.band_member_get_coincident(k))
        inner = Node("band", names, (inner,), rows, mark if k == 0 else "", coincident)
    return inner


def _rows(
    program: Program, row: isl.UnionPwAff, names: tuple[str, ...]
) -> Iterator[tuple[str, Int]]:
    """{ S[vars] -> [value] } for each statement, where the value is one expression."""
    found = row.get_pw_aff_list()
    for k in range(found.n_pw_aff()):
        piece = found.get_pw_aff(k)
        name = piece.get_space().get_tuple_name(isl.dim_type.in_)
        if name in names and piece.n_piece() == 1:
            e = aff_to_int(piece.get_pieces()[0][1], program.statement(name).vars)
            if e is not None:
                yield name, e
