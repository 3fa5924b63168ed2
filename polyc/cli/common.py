"""What commands share: the text, sizes and options that they take."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from polyc import arrays
from polyc.errors import ArgumentError, PolycError
from polyc.kernel import Kernel
from polyc.operator import Operator
from polyc.target import KNOWN


class _Sizes(click.ParamType[dict[str, int]]):
    """M=512,N=512"""

    name = "sizes"

    def convert(self, value: Any, param: Any, ctx: Any) -> dict[str, int]:
        out: dict[str, int] = {}
        for part in filter(None, str(value).split(",")):
            name, equals, number = (x.strip() for x in part.partition("="))
            try:
                out[name] = int(number)
            except ValueError:
                equals = ""
            if not equals or not name:
                self.fail(f"{part!r} is not of the form NAME=INTEGER", param, ctx)
        return out


def _merged(_ctx: click.Context, _param: click.Parameter, value: Sequence[dict[str, int]]) -> Any:
    return {name: n for part in value for name, n in part.items()}


TEXT = click.argument("text")
ENTRY = click.option("--entry", metavar="NAME", help="The definition to compile; default: last.")
DTYPE = click.option("--dtype", metavar="T", help="Type of inputs that the text leaves open.")
TARGET = click.option("--target", "machine", metavar="T", help=f"One of {', '.join(KNOWN)}.")
SIZE = click.option(
    "--size",
    "sizes",
    type=_Sizes(),
    multiple=True,
    callback=_merged,
    metavar="M=512,N=512",
    help="Sizes and integer scalars; may be repeated.",
)


def _not_a_file(text: str, meant: bool) -> str:
    if meant:
        raise ArgumentError(f"{text}: no such file of text")
    return text


_ENDINGS = (".pc", ".polyc", ".txt", ".tc")  # of files; no text ends so


def read(text: str) -> str:
    """The text itself, or the content of the file of that name."""
    try:
        path = Path(text)
        if not path.is_file():
            return _not_a_file(text, path.suffix in _ENDINGS or ("/" in text and path.is_dir()))
        click.get_current_context().find_root().obj = text
        return utf8(text)
    except PolycError:
        raise
    except (OSError, ValueError):  # no name of a file: too long, or with a zero byte
        return text


def utf8(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as e:
        raise ArgumentError(f"{path}: is not UTF-8 text ({e.reason} at byte {e.start})") from None


def specialized(
    op: Operator, sizes: dict[str, int], dtype: str | None, schedule: str | None = None
) -> Kernel:
    try:
        kind = None if dtype is None else arrays.dtype(dtype)
    except TypeError:
        raise ArgumentError(f"--dtype: unknown type {dtype!r}") from None
    return op.specialize(sizes, kind, schedule=schedule)
