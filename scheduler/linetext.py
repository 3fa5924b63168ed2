"""Lines of a schedule's text, each a key with its value, and errors that show them.

Comments (`# ...`) and blank lines may stand anywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from polyc.errors import ArgumentError


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text between quotes, and the line it stands in."""

    text: str
    line: int  # from 1 on
    source: str  # the whole line

    def refuse(self, found: str, fix: str) -> NoReturn:
        """ArgumentError that shows the line."""
        shown = self.source.strip()
        shown = shown if len(shown) <= 100 else f"{shown[:97]}..."
        raise ArgumentError(
            f"schedule, line {self.line}: {found}\n  {self.line} | {shown}\n  fix: {fix}"
        )


_LINE = re.compile(r"(?P<pad> *)(?P<dash>- +)?(?P<key>[A-Za-z_]+) *:(?: +(?P<value>.*))?")
_VALUES = {  # key: form of its value, how an error describes it
    "domain": (r'"([^"\\]*)"', "a text between double quotes"),
    "filter": (r'"([^"\\]*)"', "a text between double quotes"),
    "schedule": (r'"([^"\\]*)"', "a text between double quotes"),
    "mark": (r'"([^"\\]*)"', "a text between double quotes"),
    "permutable": (r"([01])", "0 or 1"),
    "coincident": (r"\[ *([01]) *\]", "[ 0 ] or [ 1 ], one entry for the one row of a band"),
    "child": ("()", "nothing, and the node on deeper lines"),
    "sequence": ("()", "nothing, and lines that start with - filter:"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a node; a dash in front of the key starts a child of a sequence."""

    at: Quoted  # with the value as its text
    key: str
    column: int  # of the key
    dash: bool


def read_lines(text: str) -> list[Line]:
    """The lines that say something. Raises ArgumentError with the first that cannot be read."""
    numbered = enumerate(text.removeprefix("\ufeff").split("\n"), 1)
    return [_line(n, source) for n, source in numbered if _content(source)]


def _content(source: str) -> bool:
    stripped = source.strip()
    return bool(stripped) and not stripped.startswith("#")


def _line(number: int, source: str) -> Line:
    at = Quoted("", number, source)
    if "\t" in source:
        at.refuse("a tab", "indent with spaces")
    found = _LINE.fullmatch(source.rstrip())
    if found is None:
        at.refuse("expected a key with a colon", "write it as str(kernel.schedule) does")
    key = found["key"]
    if key not in _VALUES:
        at.refuse(f"unknown key {key}", f"known keys are {', '.join(_VALUES)}")
    form, words = _VALUES[key]
    value = re.fullmatch(rf"{form} *(?:#.*)?", found["value"] or "")
    if value is None:
        given = (found["value"] or "missing")[:40]
        at.refuse(f"the value of {key} is {given}", f"expected {words}")
    dash = found["dash"] is not None
    if dash and key != "filter":
        at.refuse(f"{key} after a dash", "each child of a sequence starts with - filter:")
    return Line(Quoted(value[1], number, source), key, found.start("key"), dash)
