"""`polyc compile`: the stages of a text in files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from polyc.cli.common import DTYPE, ENTRY, SIZE, TARGET, TEXT, read, specialized, utf8
from polyc.kernel import Kernel
from polyc.operator import Operator
from polyc.options import resolve

_STAGES: dict[str, tuple[str, Callable[[Kernel], Any]]] = {  # --emit name: file ending, what
    "program": ("program.txt", lambda k: k.program),
    "deps": ("deps.txt", lambda k: k.dependences),
    "schedule": ("schedule.yaml", lambda k: k.schedule),
    "loops": ("loops.txt", lambda k: k.loops),
    "c": ("c", lambda k: k.c),
    "llvm": ("ll", lambda k: k.llvm),
    "asm": ("s", lambda k: k.asm),
    "o": ("o", lambda k: k.machine_code),
    "html": ("html", lambda k: k.explain().html()),
}
_ON_DEMAND = ("html",)  # needs a package that nothing else needs


@click.command()
@TEXT
@click.option(
    "--emit",
    default=",".join(x for x in _STAGES if x not in _ON_DEMAND),
    show_default=True,
    metavar="LIST",
    help="What to write, separated by commas.",
)
@click.option("-o", "--output", "folder", default=".", metavar="DIR", help="Where to write it.")
@TARGET
@click.option(
    "--schedule", "edited", metavar="S.yaml", help="Use this schedule, once proved legal."
)
@ENTRY
@DTYPE
@SIZE
def compile(
    text: str,
    emit: str,
    folder: str,
    machine: str | None,
    edited: str | None,
    entry: str | None,
    dtype: str | None,
    sizes: dict[str, int],
) -> None:
    """Compile TEXT and write the stages; sizes that are not given stay symbolic."""
    wanted = [part.strip() for part in emit.split(",") if part.strip()]
    if unknown := [part for part in wanted if part not in _STAGES]:
        raise click.UsageError(f"--emit: unknown {', '.join(unknown)}; known: {', '.join(_STAGES)}")
    chosen = resolve() if machine is None else resolve(target=machine)
    order = None if edited is None else utf8(edited)
    kernel = specialized(Operator(read(text), entry, None, chosen), sizes, dtype, order)
    made = [(_STAGES[part][0], _STAGES[part][1](kernel)) for part in wanted]  # all, or no file
    where = Path(folder)
    where.mkdir(parents=True, exist_ok=True)
    for ending, value in made:
        path = where / f"{kernel.program.name}.{ending}"
        path.write_bytes(value if isinstance(value, bytes) else f"{value}\n".encode())
        click.echo(path)
