"""The text of a schedule tree as nested values: the block YAML of `str(schedule)`, no more.

isl's own reader can end the process on a text with a mistake in it, so a text that a person edited
is read here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn, Union

from polyc.scheduler.linetext import Line, Quoted, read_lines

DEEPEST = 200  # nodes on a path; trees of the scheduler stay far below


@dataclass(frozen=True, slots=True)
class LeafText:
    """Nothing more to order."""


@dataclass(frozen=True, slots=True)
class BandText:
    """One loop with the flags that isl keeps beside it."""

    row: Quoted
    permutable: bool
    coincident: bool
    child: TreeText


@dataclass(frozen=True, slots=True)
class MarkText:
    """A mark above its child."""

    name: Quoted
    child: TreeText


@dataclass(frozen=True, slots=True)
class SequenceText:
    """Filters in order, each with the tree below it."""

    at: Quoted
    children: tuple[tuple[Quoted, TreeText], ...]


TreeText = Union[LeafText, BandText, MarkText, SequenceText]


def read_tree(text: str) -> tuple[Quoted, TreeText]:
    """The domain and what is below it. Raises ArgumentError with the line of the first mistake."""
    lines = read_lines(text)
    if not lines or lines[0].key != "domain" or lines[0].dash:
        at = lines[0].at if lines else Quoted("", 1, "")
        at.refuse("a schedule starts with its domain", 'start with domain: "{ S0[i] : ... }"')
    entries, end = _mapping(lines, 0, 0)
    if end < len(lines):
        _misplaced(lines[end])
    for key, (line, _) in entries.items():
        if key not in ("domain", "child"):
            _foreign(line, "the domain", ("child",))
    return lines[0].at, _child(entries)


# ---- nodes
Entries = dict[str, tuple[Line, "TreeText | None"]]


def _mapping(lines: list[Line], n: int, depth: int) -> tuple[Entries, int]:
    """The keys of one node, which start in one column, and the line after them."""
    if depth > DEEPEST:
        lines[n].at.refuse(f"more than {DEEPEST} nodes inside each other", "use fewer")
    entries: Entries = {}
    start = n
    while n < len(lines) and lines[n].column == lines[start].column:
        line = lines[n]
        if line.dash and n > start:
            break
        if line.key in entries:
            line.at.refuse(f"{line.key} stands twice in one node", "indent it, or take one away")
        tree, n = None, n + 1
        if line.key == "child":
            tree, n = _below(lines, n, line, depth)
        elif line.key == "sequence":
            tree, n = _sequence(lines, n, line, depth)
        entries[line.key] = (line, tree)
    if n < len(lines) and lines[n].column > lines[start].column:
        _misplaced(lines[n])
    return entries, n


def _below(lines: list[Line], n: int, line: Line, depth: int) -> tuple[TreeText, int]:
    if n == len(lines) or lines[n].column <= line.column or lines[n].dash:
        line.at.refuse("a child without a node", "indent the node below it, or take child: away")
    entries, after = _mapping(lines, n, depth + 1)
    return _node(lines[n], entries), after


def _sequence(lines: list[Line], n: int, line: Line, depth: int) -> tuple[TreeText, int]:
    children: list[tuple[Quoted, TreeText]] = []
    column = lines[n].column if n < len(lines) else 0
    while n < len(lines) and lines[n].dash and lines[n].column == column > line.column:
        item = lines[n]
        entries, n = _mapping(lines, n, depth + 1)
        for key, (other, _) in entries.items():
            if key not in ("filter", "child"):
                _foreign(other, "a filter", ("child",))
        children.append((item.at, _child(entries)))
    if not children:
        line.at.refuse("a sequence without children", "write - filter: lines below it")
    return SequenceText(line.at, tuple(children)), n


def _child(entries: Entries) -> TreeText:
    tree = entries["child"][1] if "child" in entries else None
    return LeafText() if tree is None else tree


def _node(first: Line, entries: Entries) -> TreeText:
    """The node that these keys make."""
    forms = [key for key in ("schedule", "mark", "sequence") if key in entries]
    if len(forms) != 1:
        found = " and ".join(forms) or first.key
        fix = "give it one of schedule, mark, sequence; put others into a child"
        first.at.refuse(f"a node with {found}", fix)
    form = forms[0]
    line, sequence = entries[form]
    allowed = {
        "schedule": ("permutable", "coincident", "child"),
        "mark": ("child",),
        "sequence": (),
    }
    for key, (other, _) in entries.items():
        if key not in (form, *allowed[form]):
            _foreign(other, f"a {form}", allowed[form])
    if form == "sequence":
        assert sequence is not None
        return sequence
    if form == "mark":
        return MarkText(line.at, _child(entries))
    flags = ("permutable", "coincident")
    permutable, coincident = (f in entries and entries[f][0].at.text == "1" for f in flags)
    return BandText(line.at, permutable, coincident, _child(entries))


def _foreign(line: Line, where: str, allowed: tuple[str, ...]) -> NoReturn:
    also = f"only {', '.join(allowed)} may stand" if allowed else "nothing may stand"
    line.at.refuse(f"{line.key} beside {where}", f"{also} beside it; put it into a child")


def _misplaced(line: Line) -> NoReturn:
    fix = "the keys of a node start in one column, its child two columns deeper"
    line.at.refuse(f"{line.key} in column {line.column + 1} belongs to no node", fix)
