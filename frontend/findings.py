"""Collects the errors of one text, so that one run reports several."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from polyc.errors import Diagnostic, LanguageError, Span
from polyc.frontend.catalog import CATALOG

MOST = 20  # errors shown for one text


class Stop(Exception):
    """Ends the work on one statement; its error is already recorded."""


class Findings:
    """The errors found so far in one text."""

    def __init__(self, text: str) -> None:
        self.lines = text.replace("\r\n", "\n").split("\n")
        self.found: list[Diagnostic] = []
        self.places: set[tuple[str, Span]] = set()

    def add(self, code: str, message: str, span: Span, fix: str, notes: Iterable[str] = ()) -> None:
        """Records one error; the same error at the same place is recorded once."""
        assert code in CATALOG, code
        if (code, span) in self.places or len(self.places) > 20 * MOST:
            return
        self.places.add((code, span))
        source = self.lines[span.line - 1] if span.line <= len(self.lines) else ""
        length = max(1, min(span.length, len(source) - span.column + 1))
        place = Span(span.line, span.column, length)
        printable = "".join(c if c.isprintable() else " " for c in source)
        shown, place = _window(printable, place)
        self.found.append(Diagnostic(code, message, place, shown, fix, tuple(notes)))

    def stop(
        self, code: str, message: str, span: Span, fix: str, notes: Iterable[str] = ()
    ) -> Stop:
        """Records an error; `raise f.stop(...)` also abandons the statement."""
        self.add(code, message, span, fix, notes)
        return Stop()

    def check(self) -> None:
        """Raises LanguageError if anything was found, in textual order."""
        if self.found:
            raise self.error()

    def error(self) -> LanguageError:
        """Everything found, as the exception to raise."""
        self.found.sort(key=lambda d: (d.span.line, d.span.column))
        return LanguageError(self.found[:MOST])


def _window(source: str, place: Span) -> tuple[str, Span]:
    # The renderer draws carets under the column, so a very long line is shown up to the place only.
    if len(source) <= 400:
        return source, place
    end = min(len(source), place.column + 80)
    if place.column > 320:
        return "", place
    return source[:end], Span(place.line, place.column, min(place.length, end - place.column + 1))


def nearest(name: str, known: Iterable[str]) -> str:
    """A fix that names the most similar known name, or an empty string."""
    best = difflib.get_close_matches(name, [k for k in known if k != name], n=1, cutoff=0.6)
    return f"did you mean `{best[0]}`?" if best else ""


def plural(count: int, noun: str) -> str:
    """`1 subscript`, `2 subscripts`."""
    return f"{count} {noun}" + ("" if count == 1 else "s")
