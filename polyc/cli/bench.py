"""`polyc bench`: suites or a text on polyc and on what else is installed; two runs compared."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from polyc.cli.common import DTYPE, ENTRY, SIZE, read

if TYPE_CHECKING:
    from polyc.bench.cases import Case
    from polyc.bench.harness import Progress
    from polyc.bench.results import Run

_INTERRUPTED = 130  # as a shell reports a program that Ctrl-C ended


def _threads(_ctx: Any, _param: Any, value: str | None) -> list[int]:
    from polyc.target import cpu_count

    out: list[int] = []
    for part in (value or "1").split(","):
        if not part.strip().isdigit() or not 1 <= int(part) <= cpu_count():
            raise click.BadParameter(
                f"found {part!r}, expected numbers from 1 to {cpu_count()}, the CPUs there are"
            )
        out.append(int(part))
    return list(dict.fromkeys(out))


@click.command()
@click.argument("what", nargs=-1, metavar="[SUITE|TEXT|A.json B.json]")
@SIZE
@click.option(
    "--against", default="numpy", metavar="NAMES", help="Contenders, separated by commas."
)
@click.option("--threads", callback=_threads, metavar="1,2", help="Numbers of threads; default 1.")
@click.option("--only", metavar="NAMES", help="Operators of the suite, separated by commas.")
@click.option("--rounds", default=12, type=click.IntRange(1, 1000), help="Turns of a contender.")
@click.option(
    "--sittings", default=3, type=click.IntRange(1, 20), help="Processes that share its turns."
)
@click.option("--cold", is_flag=True, help="Empty the caches before every call.")
@click.option(
    "--clock",
    type=click.Choice(["wall", "cpu"]),
    default="wall",
    help="cpu: the process's own time, for one thread on a busy machine.",
)
@click.option("--json", "json_file", metavar="F", help="Write every sample to this file.")
@click.option("--html", "html_file", metavar="F", help="Write a page with charts to this file.")
@click.option("--compare", "comparing", is_flag=True, help="Compare two files of --json.")
@click.option(
    "--threshold", default=3.0, type=click.FloatRange(0, 100), help="Percent that count as equal."
)
@click.option("--list", "listing", is_flag=True, help="Show suites, operators and contenders.")
@ENTRY
@DTYPE
def bench(
    what: tuple[str, ...],
    sizes: dict[str, int],
    against: str,
    threads: list[int],
    only: str | None,
    rounds: int,
    sittings: int,
    cold: bool,
    clock: str,
    json_file: str | None,
    html_file: str | None,
    comparing: bool,
    threshold: float,
    listing: bool,
    entry: str | None,
    dtype: str | None,
) -> None:
    """Measure a SUITE, or a TEXT with --size, beside other libraries; or compare two runs.

    Exit status: 1 for a wrong result, or a regression with --compare; 2 for bad usage.
    """
    if listing:
        click.echo(_listing())
        return
    if comparing:
        raise SystemExit(_compare(what, threshold / 100, html_file))
    from polyc.bench.contenders import chosen
    from polyc.bench.harness import Settings, run

    if len(what) > 1:
        raise click.UsageError(f"expected one suite or text, found {len(what)}: {' '.join(what)}")
    if clock == "cpu" and threads != [1]:
        raise click.UsageError("--clock cpu adds up what threads take: use it with --threads 1")
    cases = _cases(what[0] if what else "contraction", sizes, only, entry, dtype)
    names = chosen([n.strip() for n in against.split(",") if n.strip()])
    for path in filter(None, (json_file, html_file)):
        _writable(path)
    if html_file:
        _needs_jinja()
    settings = Settings(rounds=rounds, sittings=sittings, cold=cold, clock=clock)
    with _progress() as show:
        found = run(cases, names, threads, settings, show)
    raise SystemExit(_finish(found, json_file, html_file))


def _finish(found: Run, json_file: str | None, html_file: str | None) -> int:
    """Prints and writes what was found; the exit status."""
    from polyc.bench.results import to_json, write
    from polyc.bench.table import report

    click.echo(report(found))
    if json_file:
        write(json_file, to_json(found))
        click.echo(json_file)
    if html_file:
        from polyc.bench.report import page

        write(html_file, page(found))
        click.echo(html_file)
    if found.interrupted:
        click.echo("interrupted: the results above are all there are", err=True)
        return _INTERRUPTED
    return int(bool(found.wrong))


def _cases(
    what: str, sizes: dict[str, int], only: str | None, entry: str | None, dtype: str | None
) -> list[Case]:
    from dataclasses import replace

    from polyc.bench import cases
    from polyc.operator import Operator

    if what in cases.catalogue():
        found = [cases.case(what)]
    elif what in (*cases.suites(), "all"):
        found = cases.suite(what)
    elif what.replace("-", "").replace("_", "").isalnum() and "." not in what:
        known = ", ".join((*cases.suites(), "all"))
        raise click.UsageError(f"unknown suite {what!r}; known: {known}; `--list` shows operators")
    else:
        text = read(what)
        op = Operator(text, entry, None, None)
        _known_type(dtype)
        if missing := [n for n in op.sizes if n not in sizes]:
            raise click.UsageError(f"a text needs --size {','.join(f'{n}=...' for n in missing)}")
        made = cases.Case("text", text, sizes, dtype=dtype, entry=entry)
        return [replace(made, name=made.kernel().text.name)]
    if only is not None:
        wanted = [n.strip() for n in only.split(",")]
        if unknown := [n for n in wanted if n not in [c.name for c in found]]:
            names = ", ".join(c.name for c in found)
            raise click.UsageError(f"--only: no {', '.join(unknown)} in {what}; known: {names}")
        found = [c for c in found if c.name in wanted]
    if sizes and len(found) > 1:
        raise click.UsageError(f"--size fits one operator, and {what} has {len(found)}: use --only")
    found = [replace(c, sizes={**c.sizes, **sizes}) for c in found]
    for c in found:
        c.kernel()  # wrong sizes are said before anything runs
    return found


def _known_type(name: str | None) -> None:
    from polyc import arrays

    try:
        _ = name is None or arrays.dtype(name)
    except TypeError:
        raise click.UsageError(f"--dtype: unknown type {name!r}") from None


def _writable(path: str) -> None:
    from pathlib import Path

    if not Path(path).absolute().parent.is_dir() or Path(path).is_dir():
        raise click.UsageError(f"{path}: cannot be written, its folder does not exist or it is one")


def _needs_jinja() -> None:
    from importlib.util import find_spec

    if find_spec("jinja2") is None:
        raise click.UsageError("--html needs jinja2: pip install 'polyc[bench]'")


def _compare(files: tuple[str, ...], threshold: float, html_file: str | None) -> int:
    from polyc.bench.compare import compare
    from polyc.bench.results import from_json
    from polyc.bench.table import verdicts

    if len(files) != 2:
        raise click.UsageError(f"--compare needs two files of --json, found {len(files)}")
    if html_file:
        raise click.UsageError("--compare prints a table; --html is for a run")
    found, drift = compare(from_json(files[0]), from_json(files[1]), threshold)
    click.echo(verdicts(found))
    click.echo(
        f"the machine itself: {drift.factor:.3f} times as slow, spread {drift.spread:.1%} "
        f"({drift.controls} controls)"
    )
    return int(any(v.verdict == "slower" for v in found))


def _listing() -> str:
    from polyc.bench import cases
    from polyc.bench.contenders import ALIASES, CONTENDERS

    lines = [f"{s}: {', '.join(c.name for c in cases.suite(s))}" for s in cases.suites()]
    lines.append("")
    for name, entry in CONTENDERS.items():
        missing = entry.missing()
        state = f"needs {', '.join(missing)}: {entry.install}" if missing else "found"
        lines.append(f"{name:<12}{state}")
    lines += [f"{name:<12}{', '.join(of)}" for name, of in ALIASES.items()]
    return "\n".join(lines)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar with what runs now and the time left, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=None)
        show: Callable[[int, int, str], None] = lambda done, of, what: bars.update(  # noqa: E731
            task, completed=done, total=of, description=what
        )
        yield show
