"""The tree of a schedule from a text that a person may have edited.

    text  --treetext-->  nodes  --pointtext-->  sets and rows of isl  -->  tree

Nothing in the text is believed. Here its form is checked against the program and against what code
generation can use; whether its order is right is the question of `legality`. The domain is the
program's own, so a text can only reorder.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

import islpy as isl

from polyc.frontend.program import Program
from polyc.scheduler.affine import OUT
from polyc.scheduler.legality import MARKS
from polyc.scheduler.linetext import Quoted
from polyc.scheduler.pointtext import points, row
from polyc.scheduler.tree import whole_domain
from polyc.scheduler.treetext import (
    BandText,
    LeafText,
    MarkText,
    SequenceText,
    TreeText,
    read_tree,
)

COPIES = 1024  # of a statement, that unrolled loops around it may make
LONGEST = 64  # iterations of a loop that is unrolled at all


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the tree a node stands.

    here    instances that run below it
    names   statements that filters above let through, even those without an instance
    loops   { instance -> values of the loops around }
    marks   of the loops around, outermost first
    copies  that unrolled loops around it make
    """

    here: isl.UnionSet
    names: frozenset[str]
    loops: isl.UnionMap
    marks: tuple[str, ...] = ()
    copies: int = 1


def tree_of(text: str, program: Program) -> isl.Schedule:
    """The tree of a text, over the program's own domain.

    Raises ArgumentError, with the line, for what is not a schedule of this program. isl reads only
    what has been parsed, checked and printed again.
    """
    first, below = read_tree(text)
    wanted = whole_domain(program)
    printed = str(wanted)
    names = frozenset(s.name for s in program.statements)
    if first.text != printed:
        _check_domain(first, points(first, program, names)[1], wanted, program)
    loops = isl.UnionMap.from_domain(wanted)
    lines = _lines(below, program, _Place(wanted, names, loops), 0)
    whole = "\n".join((f'domain: "{printed}"', *lines)) + "\n"
    return isl.Schedule.read_from_str(isl.DEFAULT_CONTEXT, whole)


def _check_domain(q: Quoted, found: isl.UnionSet, wanted: isl.UnionSet, program: Program) -> None:
    missing = wanted.subtract(found)
    extra = found.intersect_params(program.context).subtract(wanted)
    fix = "leave the domain as it is; the program fixes it"
    if not missing.is_empty():
        q.refuse(f"an instance of the program is missing: {missing.sample_point()}", fix)
    if not extra.is_empty():
        q.refuse(f"an instance that the program does not have: {extra.sample_point()}", fix)


def _lines(tree: TreeText, program: Program, at: _Place, depth: int) -> list[str]:
    """isl's text of a checked tree."""
    pad = "  " * depth
    match tree:
        case LeafText():
            return []
        case SequenceText():
            return _sequence(tree, program, at, depth)
        case MarkText(name, child):
            if not isinstance(child, BandText):
                name.refuse(f"the mark {name.text} above no loop", "put it above a schedule: node")
            inner = _marked(name, child, at)
            below = _band(child, program, inner, depth + 1)
            return [f"{pad}child:", f'{pad}  mark: "{name.text}"', *below]
        case BandText():
            return _band(tree, program, replace(at, marks=(*at.marks, "")), depth)
        case _:
            assert_never(tree)


def _sequence(tree: SequenceText, program: Program, at: _Place, depth: int) -> list[str]:
    pad = "  " * depth
    out = [f"{pad}child:", f"{pad}  sequence:"]
    left = at.here
    for q, child in tree.children:
        text, found = points(q, program, at.names)
        here = at.here.intersect(found)
        twice = here.subtract(left)
        if not twice.is_empty():
            fix = "name each instance in one filter"
            q.refuse(f"an earlier filter has it too: {twice.sample_point()}", fix)
        left = left.subtract(here)
        names = frozenset(_names(found))
        inner = replace(at, here=here, names=names)
        out.append(f'{pad}  - filter: "{text}"')
        out += _lines(child, program, inner, depth + 2)
    if not left.is_empty():
        fix = "name every instance that reaches the sequence in one of its filters"
        tree.at.refuse(f"no filter has {left.sample_point()}", fix)
    return out


def _band(band: BandText, program: Program, at: _Place, depth: int) -> list[str]:
    pad = "  " * depth
    text, moves = row(band.row, program, at.names)
    missing = at.here.subtract(moves.domain())
    if not missing.is_empty():
        fix = "give every instance that runs in the loop a value"
        band.row.refuse(f"the row has no value for {missing.sample_point()}", fix)
    loops = at.loops.flat_range_product(moves)
    copies = at.copies
    if at.marks[-1] == "unroll":
        copies *= _trips(at, moves)
        if copies > COPIES:
            fix = "unroll fewer loops, or tile them first"
            band.row.refuse(f"unrolled loops make {copies} copies, limit {COPIES}", fix)
    out = [f"{pad}child:", f'{pad}  schedule: "{text}"']
    out.append(f"{pad}  permutable: {int(band.permutable)}")
    out.append(f"{pad}  coincident: [ {int(band.coincident)} ]")
    inner = replace(at, loops=loops, copies=copies)
    return out + _lines(band.child, program, inner, depth + 1)


def _trips(at: _Place, moves: isl.UnionMap) -> int:
    """Copies that unrolling one loop makes: its iterations for one iteration of those around it, 1
    where those are too many, for then it stays a loop."""
    around = at.loops.intersect_domain(at.here).flat_range_product(moves).range()
    if around.is_empty():
        return 1
    times = isl.Set.from_union_set(around)
    last = times.dim(isl.dim_type.set) - 1
    pairs = isl.Map.from_domain_and_range(times, times)
    for k in range(last):
        pairs = pairs.equate(isl.dim_type.in_, k, OUT, k)
    apart = pairs.deltas().project_out(isl.dim_type.set, 0, last)
    apart = apart.project_out(isl.dim_type.param, 0, apart.dim(isl.dim_type.param))
    most = apart.dim_max_val(0)
    return int(most.to_python()) + 1 if most.is_int() and most.to_python() < LONGEST else 1


def _marked(name: Quoted, band: BandText, at: _Place) -> _Place:
    """The place of a marked loop, where code generation can use the mark."""
    mark = name.text
    if mark not in MARKS:
        name.refuse(f"unknown mark {mark!r}", f"marks are {', '.join(MARKS)}")
    if mark == "parallel" and (around := next(filter(None, at.marks), "")):
        fix = "mark the outer loop or the inner one"
        name.refuse(f"a parallel loop inside a loop marked {around}", fix)
    if mark == "vector" and _has_loops(band.child) and not _is_block(band.child):
        fix = "mark the innermost loop, or it and the one loop around it"
        name.refuse("a vector loop around other loops", fix)
    return replace(at, marks=(*at.marks, mark))


def _is_block(tree: TreeText) -> bool:
    """One vector loop only: with the one around it, a block whose loads may be transposed."""
    match tree:
        case MarkText(name, BandText() as band):
            return name.text == "vector" and not _has_loops(band.child)
        case _:
            return False


def _has_loops(tree: TreeText) -> bool:
    match tree:
        case LeafText():
            return False
        case BandText():
            return True
        case MarkText():
            return _has_loops(tree.child)
        case SequenceText():
            return any(_has_loops(child) for _, child in tree.children)


def _names(found: isl.UnionSet) -> list[str]:
    sets = found.get_set_list()
    return [sets.get_set(n).get_tuple_name() or "" for n in range(sets.n_set())]
