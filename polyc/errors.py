"""Every error polyc raises, and the one renderer of errors that point into a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the source: line and column count from 1, length in characters."""

    line: int
    column: int
    length: int = 1


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: what is wrong, where, and what to do about it."""

    code: str  # "E012": stable, listed in the documentation
    message: str  # the fact, with what was found and what was expected
    span: Span
    source: str = ""  # the source line
    fix: str = ""  # one sentence
    notes: tuple[str, ...] = ()  # more facts: a concrete point, the table of sizes
    file: str = "<text>"

    def render(self) -> str:
        """The finding as a modern compiler prints it."""
        head = (
            f"{self.file}:{self.span.line}:{self.span.column}: error[{self.code}]: {self.message}"
        )
        lines = [head]
        if self.source:
            gutter = str(self.span.line)
            room = max(1, len(self.source) - self.span.column + 1)
            carets = "^" * max(1, min(self.span.length, room))
            lines += [
                f"  {gutter} | {self.source}",
                f"  {' ' * len(gutter)} | {' ' * (self.span.column - 1)}{carets}",
            ]
        lines += [f"  = {note}" for note in self.notes]
        if self.fix:
            lines.append(f"  fix: {self.fix}")
        return "\n".join(lines)


class PolycError(Exception):
    """The base of every error polyc raises on purpose."""


class LanguageError(PolycError, ValueError):
    """The text is wrong. `diagnostics` holds every finding; the attributes describe the first."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...] | list[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        first = self.diagnostics[0]
        self.code, self.line, self.column = first.code, first.span.line, first.span.column
        self.length = first.span.length
        super().__init__("\n".join(d.render() for d in self.diagnostics))


class ArgumentError(PolycError, TypeError, ValueError):
    """An argument of a call is wrong: its dtype, rank, extents, overlap, or its name."""


class CompileError(PolycError, RuntimeError):
    """A correct program could not be compiled here: no compiler, an unknown target."""


class ResourceError(PolycError, MemoryError):
    """A stated limit was reached: memory, statements, operations."""


class InternalError(PolycError):
    """A bug of polyc. The message asks for a report; it never blames the input."""
