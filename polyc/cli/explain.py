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
@click.option("--html", "page", metavar="FILE", help="Write a page with pictures instead.")
def explain(
    text: str,
    machine: str | None,
    entry: str | None,
    dtype: str | None,
    sizes: dict[str, int],
    page: str | None,
) -> None:
    """Print what is made of TEXT and why: program, decisions, storage, footprints, cost, proof."""
    chosen = resolve() if machine is None else resolve(target=machine)
    report = specialized(Operator(read(text), entry, None, chosen), sizes, dtype).explain()
    if page is None:
        click.echo(report)
        return
    report.save(page)
    click.echo(page)
