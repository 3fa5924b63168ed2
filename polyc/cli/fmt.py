"""`polyc fmt`: the canonical form of a text."""

from __future__ import annotations

from pathlib import Path

import click

from polyc.cli.common import TEXT, read
from polyc.terminal import show_text


@click.command()
@TEXT
@click.option("--check", is_flag=True, help="Print nothing; status 1 if the text would change.")
@click.option("-i", "--in-place", is_flag=True, help="Write the file instead of printing.")
def fmt(text: str, check: bool, in_place: bool) -> None:
    """Print the canonical form of TEXT: the same program, comments included."""
    from polyc.frontend.format import format_text  # the parser: other commands may not need it

    found = read(text)
    made = format_text(found).removesuffix("\n")
    changes = made != found.removesuffix("\n")
    if check:
        raise SystemExit(int(changes))
    if not in_place:
        show_text(made)
    elif click.get_current_context().find_root().obj is None:
        raise click.UsageError(f"-i: {text!r} is not a file")
    elif changes:
        Path(text).write_text(f"{made}\n", encoding="utf-8")
