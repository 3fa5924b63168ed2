"""`polyc compile`: the stages of a text in files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from polyc.cli.common import DTYPE, ENTRY, SIZE, TARGET, TEXT, read, specialized, utf8
from polyc.errors import CompileError
from polyc.files import place
from polyc.kernel import Kernel
from polyc.operator import Operator
from polyc.options import resolve

Made = str | bytes

_STAGES: dict[str, tuple[str, Callable[[Kernel], Any]]] = {  # --emit name: file ending, what
    "program": ("program.txt", lambda k: k.program),
    "deps": ("deps.txt", lambda k: k.dependences),
    "schedule": ("schedule.yaml", lambda k: k.schedule),
    "loops": ("loops.txt", lambda k: k.loops),
    "c": ("c", lambda k: k.package().c),
    "h": ("h", lambda k: k.package().h),
    "llvm": ("ll", lambda k: k.llvm),
    "asm": ("s", lambda k: k.asm),
    "html": ("html", lambda k: k.explain().html()),
}
_PRODUCT = ("o", "so", "json")  # each is made from the one before
_KNOWN = (*_STAGES, *_PRODUCT)
_DEFAULT = [part for part in _KNOWN if part != "html"]  # needs a package nothing else needs


def _product(kernel: Kernel, wanted: list[str], demanded: bool) -> dict[str, Made]:
    """Object, library and description. A library that nobody asked for by name may be missing."""
    package = kernel.package()
    o = package.o if {"o", "so"} & set(wanted) else b""
    out: dict[str, Made] = {"o": o}
    if "so" in wanted:
        try:
            out["so"] = package.so(o)
        except CompileError as e:
            if demanded:
                raise
            click.echo(f"polyc: {e}", err=True)
    so = out.get("so")
    out["json"] = package.json(so if isinstance(so, bytes) else None).rstrip()
    return {name: out[name] for name in _PRODUCT if name in wanted and name in out}


@click.command()
@TEXT
@click.option(
    "--emit",
    metavar="LIST",
    help=f"What to write, separated by commas; known: {','.join(_KNOWN)}; by default all but html.",
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
    emit: str | None,
    folder: str,
    machine: str | None,
    edited: str | None,
    entry: str | None,
    dtype: str | None,
    sizes: dict[str, int],
) -> None:
    """Compile TEXT and write its stages, and the files of an export; sizes that are not given stay
    symbolic."""
    wanted = list(_DEFAULT) if emit is None else [p.strip() for p in emit.split(",") if p.strip()]
    if unknown := [part for part in wanted if part not in _KNOWN]:
        raise click.UsageError(f"--emit: unknown {', '.join(unknown)}; known: {', '.join(_KNOWN)}")
    chosen = resolve() if machine is None else resolve(target=machine)
    order = None if edited is None else utf8(edited)
    kernel = specialized(Operator(read(text), entry, None, chosen), sizes, dtype, order)
    made = {_STAGES[part][0]: _STAGES[part][1](kernel) for part in wanted if part in _STAGES}
    if set(wanted) & set(_PRODUCT):
        made |= _product(kernel, wanted, demanded=emit is not None)
    name = kernel.program.name
    files = {
        Path(folder, f"{name}.{ending}"): x if isinstance(x, bytes) else f"{x}\n".encode()
        for ending, x in made.items()
    }
    place(files)  # all, or no file
    for path in files:
        click.echo(path)
