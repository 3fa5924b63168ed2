"""What the command line prints of texts and errors: in colour on a terminal, plain elsewhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from rich.text import Text

_STYLES = {
    "comment": "italic bright_black",
    "number": "cyan",
    "keyword": "bold magenta",
    "type": "yellow",
    "function": "blue",
    "tensor": "bold",
    "operator": "magenta",
    "plain": "",
}
_ERROR = re.compile(
    r"(?P<place>.*?:\d+:\d+: )(?P<code>error\[E\d+\]:)(?P<fact> .*)"
    r"|(?P<gutter> *\d+ \| )(?P<source>.*)|(?P<bar> *\| )(?P<carets> *\^+)"
    r"|(?P<fix>  fix:)(?P<advice>.*)"
)
_PARTS = {
    "place": "bold",
    "code": "bold red",
    "gutter": "bright_black",
    "bar": "bright_black",
    "carets": "bold red",
    "fix": "bold green",
}


def show_text(text: str) -> None:
    """Prints a text of the language on stdout."""
    _show(text, sys.stdout, _program)


def show_error(message: str) -> None:
    """Prints the message of an error on stderr."""
    _show(message, sys.stderr, _error)


def _show(text: str, stream: TextIO, styled: Callable[[str], Text]) -> None:
    # Without a terminal nothing is imported and nothing is added. rich knows NO_COLOR and TERM.
    if stream.isatty():
        from rich.console import Console

        console = Console(file=stream, highlight=False, soft_wrap=True)
        if console.color_system and not console.no_color:
            console.print(styled(text))
            return
    click.echo(text, file=stream)


def _program(text: str) -> Text:
    from rich.text import Text

    from polyc.frontend.highlight import words

    return Text.assemble(*((word, _STYLES[kind]) for kind, word in words(text)))


def _error(message: str) -> Text:
    from rich.text import Text

    out = Text()
    for k, line in enumerate(message.split("\n")):
        out.append("\n" * bool(k))
        if m := _ERROR.fullmatch(line):
            for part, piece in m.groupdict().items():
                if part == "source" and piece:
                    out.append_text(_program(piece))
                elif piece:
                    out.append(piece, _PARTS.get(part, ""))
        else:
            out.append(line)
    return out
