"""`polyc explain`: what is made of a text, and why."""

from __future__ import annotations

import click

from polyc.cli.common import DTYPE, ENTRY, SIZE, TARGET, TEXT, read, specialized
from polyc.operator import Operator
from polyc.options import resolve


@click.command()
@TEXT
@TARGET
@ENTRY
@DTYPE
@SIZE
def explain(
    text: str, machine: str | None, entry: str | None, dtype: str | None, sizes: dict[str, int]
) -> None:
    """Print what is made of TEXT and why: program, decisions, cost, proof."""
    from polyc.summary import summary  # the compiler: other commands may not need it

    chosen = resolve() if machine is None else resolve(target=machine)
    click.echo(summary(specialized(Operator(read(text), entry, None, chosen), sizes, dtype)))
