"""`polyc cache`: look at the disk cache, check it, and make it smaller."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import click

from polyc import cache, cache_upkeep
from polyc.cache_upkeep import Found, Removed
from polyc.cli.group import Group
from polyc.errors import PolycError

_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?", re.IGNORECASE)


class _Bytes(click.ParamType[int]):
    """200M"""

    name = "size"

    def convert(self, value: Any, param: Any, ctx: Any) -> int:
        if isinstance(value, int):
            return value
        found = _SIZE.fullmatch(value.strip())
        if found is None:
            self.fail(f"{value!r} is not a size such as 200M, 1.5G or 0", param, ctx)
        return int(float(found[1]) * _UNITS[found[2].lower()])


@click.group("cache", cls=Group)
def group() -> None:
    """Look at the disk cache, check it, and make it smaller.

    It is the folder that POLYC_CACHE_DIR names, else polyc's in the user's cache folder.
    """


@group.command("ls")
def show() -> None:
    """List the entries, the one used last first."""
    where = _folder()
    found = cache_upkeep.entries(where)
    if found:
        click.echo(f"{'ENTRY':<12}  {'SIZE':>9}  {'USED':<16}  {'STATE':<5}  HOLDS")
    for e in found:
        used = time.strftime("%Y-%m-%d %H:%M", time.localtime(e.used))
        click.echo(f"{e.path.name[:12]}  {_size(e.bytes):>9}  {used}  {_state(e):<5}  {_holds(e)}")
    total = sum(e.bytes for e in found)
    click.echo(f"{_count(len(found))}, {_size(total)} of {_size(cache.LIMIT)}, in {where}")


@group.command()
def verify() -> None:
    """Read and check every entry; status 1 if one is bad."""
    where = _folder()
    found = cache_upkeep.entries(where)
    bad = [e for e in found if e.problem]
    for e in bad:
        click.echo(f"{e.path}: {e.problem}")
    click.echo(f"{_count(len(found))} in {where}, {len(bad)} bad")
    if bad:
        click.echo(
            "Bad entries are never loaded; `polyc cache prune` removes them, but for folders."
        )
        raise SystemExit(1)


@group.command()
def clear() -> None:
    """Remove every entry; files that are not the cache's stay."""
    where = _folder()
    _report(cache_upkeep.clear(where), where)
    if rest := cache_upkeep.others(where):
        click.echo(f"not the cache's, left alone: {', '.join(p.name for p in rest)}")


@group.command()
@click.option(
    "--max-size",
    type=_Bytes(),
    default=cache.LIMIT,
    metavar="SIZE",
    help=f"Bytes to keep to, such as 200M or 1G; default: {cache.LIMIT >> 20}M.",
)
@click.option("--stale", is_flag=True, help="Also entries of another polyc or LLVM.")
def prune(max_size: int, stale: bool) -> None:
    """Remove bad entries, what killed writers left, and beyond SIZE what was used least lately."""
    where = _folder()
    found = cache_upkeep.entries(where)
    unused = cache_upkeep.remove(e for e in found if e.problem or (stale and _is_stale(e)))
    old = cache_upkeep.shrink(where, max_size)
    _report(Removed(unused.files + old.files, unused.bytes + old.bytes), where)


def _folder() -> Path:
    if (where := cache.folder()) is None:
        raise PolycError(
            "error: there is no home directory to keep a cache in; set POLYC_CACHE_DIR"
        )
    return where


def _report(gone: Removed, where: Path) -> None:
    files = "1 file" if gone.files == 1 else f"{gone.files} files"
    click.echo(f"removed {files}, {_size(gone.bytes)}, from {where}")


def _count(n: int) -> str:
    return "1 entry" if n == 1 else f"{n} entries"


def _size(n: float) -> str:
    for unit in ("B", "KiB", "MiB"):
        if n < 1024:
            return f"{n:.0f} {unit}" if unit == "B" else f"{n:.1f} {unit}"
        n /= 1024
    return f"{n:.1f} GiB"


def _is_stale(e: Found) -> bool:
    return e.key.get("compiler") != cache.compiler()


def _state(e: Found) -> str:
    return "bad" if e.problem else "stale" if _is_stale(e) else "good"


def _holds(e: Found) -> str:
    """What an entry is: the call of a kernel, the beginning of a text, or what part of polyc."""
    if e.problem:
        return e.problem
    kind, text = str(e.key.get("kind", "?")), e.key.get("text")
    if kind == "kernel":
        arguments = ", ".join(_argument(a) for a in e.meta.get("arguments", ()))
        name = str(e.meta.get("symbol", "?")).removesuffix("_kernel")
        return f"kernel {name}({arguments})"
    if kind in ("program", "interface") and isinstance(text, str):
        return _short(f"{kind} of {text!r}")
    return f"polyc's own: {kind}"


def _argument(a: Any) -> str:
    extents = [str(n) if isinstance(n, int) else "?" for n in a.get("shape", ())]
    return f"{a.get('dtype')}{extents or ''}".replace("'", "") + f" {a.get('name')}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
