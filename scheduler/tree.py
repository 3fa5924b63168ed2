"""`Schedule`: an isl schedule tree with marks, where arrays live, and why.

The scheduler writes trees as nested `Band`, `Sequence` and `Leaf` values; `to_isl_tree` hands them
to isl in its own YAML, which is also what `str(schedule)` prints and reads back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

import islpy as isl

from polyc.frontend.integers import Int
from polyc.frontend.program import Program
from polyc.scheduler.affine import Row, row_text
from polyc.scheduler.dependences import domain
from polyc.scheduler.explain import Explanation


@dataclass(frozen=True, slots=True)
class Leaf:
    """Nothing more to order."""


@dataclass(frozen=True, slots=True)
class Band:
    """One loop: all statements below run in order of floor(row / tile).

    mark  "parallel", "vector", "unroll", or "" for a plain loop
    coincident  True where no dependence has a distance in this row
    """

    row: Row
    tile: int
    mark: str
    coincident: bool
    child: Tree


@dataclass(frozen=True, slots=True)
class Sequence:
    """Children one after another, each with the statements it runs."""

    children: tuple[tuple[tuple[str, ...], Tree], ...]


Tree = Union[Leaf, Band, Sequence]


@dataclass(frozen=True, slots=True)
class Window:
    """The part of one tensor dimension that a tile touches: elements first .. first + extent - 1
    where first = tile * floor(row / tile) + offset."""

    row: Row
    tile: int
    offset: Int
    extent: int


@dataclass(frozen=True, slots=True)
class Storage:
    """Where a temporary lives.

    scope    "memory": one array per call, which threads share; "tile": one per tile of its group,
             or one per thread that runs them, reused by the next
    windows  per dimension what a tile touches, None for the whole dimension
    """

    tensor: str
    scope: str
    windows: tuple[Window | None, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A choice and its reason, with numbers: data for `explain()`.

    kind  "pad", "pack": a copy of an operand; "privatise": a sum in parts; "overlap": tiles that
          compute their halos; "fuse", "tile", "parallel", "time", "fallback", "join": loops that
          statements share; "batch": loops over items that copies share; "vector", "unroll",
          "block": loops of one; "storage": where an array lives
    """

    kind: str
    subject: str
    verdict: str
    reason: str

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}: {self.verdict} ({self.reason})"


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the scheduler hands to code generation: marks "parallel", "vector" and "unroll" stand
    above one-row bands of the tree. Two bands marked "vector", one inside the other, are a block:
    both rows are lanes, and loads may be transposed."""

    tree: isl.Schedule
    storage: tuple[Storage, ...]
    decisions: tuple[Decision, ...]
    reassociates: bool  # terms of a reduction may be reordered (math = "fast")

    def __str__(self) -> str:
        """isl's YAML; `isl.Schedule.read_from_str` reads it back."""
        return yaml_text(self.tree)

    def explain(self) -> Explanation:
        """Every decision and refusal with its reason, as a table that prints."""
        return Explanation(tuple((d.kind, d.subject, d.verdict, d.reason) for d in self.decisions))


def yaml_text(tree: isl.Schedule) -> str:
    """The tree in isl's block YAML, the same text for the same tree."""
    printer = isl.Printer.to_str(tree.get_ctx()).set_yaml_style(isl.yaml_style.BLOCK)
    return str(printer.print_schedule(tree).get_str())


def whole_domain(program: Program) -> isl.UnionSet:
    """The domain of every tree of the program, as it prints also after a proof: isl drops redundant
    constraints in place when it uses a set, which is why this one shares none with the program."""
    return isl.UnionSet(str(domain(program))).remove_redundancies()


def to_isl_tree(tree: Tree, program: Program) -> isl.Schedule:
    """isl's schedule of a tree that covers all statements of the program."""
    sizes = ", ".join(z.name for z in program.sizes)
    prefix = f"[{sizes}] -> " if sizes else ""  # isl reads "[] -> [...]" as an empty band
    points = whole_domain(program)
    lines = [f'domain: "{points}"', *_lines(tree, program, prefix, 0)]
    return isl.Schedule.read_from_str(isl.DEFAULT_CONTEXT, "\n".join(lines) + "\n")


def _lines(tree: Tree, program: Program, prefix: str, depth: int) -> list[str]:
    pad = "  " * depth
    match tree:
        case Leaf():
            return []
        case Sequence(children):
            out = [f"{pad}child:", f"{pad}  sequence:"]
            for names, child in children:
                tuples = "; ".join(f"{n}[{', '.join(program.statement(n).vars)}]" for n in names)
                out.append(f'{pad}  - filter: "{prefix}{{ {tuples} }}"')
                out += _lines(child, program, prefix, depth + 2)
            return out
        case Band(row, tile, mark, coincident, child):
            out = []
            if mark:
                out += [f"{pad}child:", f'{pad}  mark: "{mark}"']
                depth += 1
                pad = "  " * depth
            out += [
                f"{pad}child:",
                f'{pad}  schedule: "{prefix}[{row_text(row, program, tile)}]"',
                f"{pad}  permutable: 1",
                f"{pad}  coincident: [ {int(coincident)} ]",
            ]
            return out + _lines(child, program, prefix, depth + 1)
