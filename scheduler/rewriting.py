"""Edits of a program that its rewritings share."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, replace

from polyc.frontend.program import Expr, Program, Statement, Tensor, map_children
from polyc.scheduler.tree import Decision


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A program that computes the same, and why it was changed where, or not."""

    program: Program
    decisions: tuple[Decision, ...] = ()

    def then(self, rewrite: Callable[[Program], Rewritten]) -> Rewritten:
        """What another rewriting makes of it."""
        made = rewrite(self.program)
        return Rewritten(made.program, (*self.decisions, *made.decisions))

    def __str__(self) -> str:
        return str(self.program)


def insert_copy(program: Program, tensor: Tensor, copy: Statement, before: str) -> Program:
    """The program with a new temporary and the statement that fills it, placed before another."""
    return replace_statement(program, before, (copy, program.statement(before)), (tensor,))


def replace_statement(
    program: Program, name: str, new: tuple[Statement, ...], tensors: tuple[Tensor, ...] = ()
) -> Program:
    """The program with several statements in place of one, and new temporaries."""
    out: list[Statement] = []
    for s in program.statements:
        out += new if s.name == name else (s,)
    # Statements of one `for` block share their first place.
    places: list[int] = []
    for k, s in enumerate(out):
        same = k > 0 and len(s.order) > 1 and s.order[:2] == out[k - 1].order[:2]
        places.append(places[-1] if same else len(places))
    numbered = tuple(replace(s, order=(p, *s.order[1:])) for p, s in zip(places, out, strict=True))
    return replace(program, tensors=(*program.tensors, *tensors), statements=numbered)


def replace_in(program: Program, statement: str, old: Expr, new: Expr) -> Program:
    """The program with every occurrence of an expression in a statement replaced."""

    def go(e: Expr) -> Expr:
        return new if e == old else map_children(e, go)

    return replace(
        program,
        statements=tuple(
            replace(s, value=go(s.value)) if s.name == statement else s for s in program.statements
        ),
    )


def fresh(name: str, taken: Set[str]) -> str:
    """The name, with a number where it is taken."""
    count = 0
    while (found := f"{name}{count or ''}") in taken:
        count += 1
    return found
