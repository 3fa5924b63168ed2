"""Groups: what runs in the same loops, by which loops, and why what is apart is apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from polyc.report.nodes import Node
from polyc.scheduler.tree import Decision


@dataclass(frozen=True, slots=True)
class Group:
    """Statements below one nest of shared loops, with the loops from the outermost in."""

    statements: tuple[str, ...]
    loops: tuple[str, ...]  # "parallel m/132"

    @property
    def fused(self) -> bool:
        return len(self.statements) > 1


def groups_of(tree: Node) -> tuple[Group, ...]:
    """In the order in which they run."""
    return tuple(_groups(tree))


def _groups(node: Node) -> Iterator[Group]:
    if node.form == "sequence":
        for child in node.children:
            yield from _groups(child)
        return
    yield Group(node.statements, tuple(_loops(node)))


def _loops(node: Node) -> Iterator[str]:
    """The loops that all statements of a node share."""
    while node.form == "band":
        yield f"{node.mark} {node.label}".strip()
        (node,) = node.children


FUSION = ("fuse", "overlap", "join", "fallback", "time")


def fusion_decisions(decisions: tuple[Decision, ...]) -> tuple[Decision, ...]:
    """Those about loops that statements share, or do not."""
    return tuple(d for d in decisions if d.kind in FUSION)
