"""The command line. Exit status: 0 done, 1 a check found a difference, 2 bad usage or text."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import numpy as np

from polyc import __version__, arrays, cache, threads
from polyc.errors import ArgumentError, InternalError, LanguageError, PolycError, ResourceError
from polyc.kernel import Kernel
from polyc.operator import Operator
from polyc.options import resolve
from polyc.target import cpu_count, target
from polyc.terminal import show_error, show_text

_TOLERANCE = {"float16": 1e-2, "bfloat16": 5e-2, "float64": 1e-10, "complex128": 1e-10}
_STAGES: dict[str, tuple[str, Callable[[Kernel], Any]]] = {  # --emit name: file ending, what
    "program": ("program.txt", lambda k: k.program),
    "deps": ("deps.txt", lambda k: k.dependences),
    "schedule": ("schedule.yaml", lambda k: k.schedule),
    "loops": ("loops.txt", lambda k: k.loops),
    "c": ("c", lambda k: k.c),
    "llvm": ("ll", lambda k: k.llvm),
    "asm": ("s", lambda k: k.asm),
    "o": ("o", lambda k: k.machine_code),
}


class _Group(click.Group):
    """Errors of the user are a message on stderr and status 2, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InternalError:
            click.echo(traceback.format_exc(), err=True, nl=False)
            ctx.exit(70)
        except (PolycError, OSError) as e:
            show_error(_message(e, ctx.obj))
            ctx.exit(2)


def _message(e: Exception, file: str | None) -> str:
    if isinstance(e, LanguageError) and file:
        return str(LanguageError([replace(d, file=file) for d in e.diagnostics]))
    return str(e) if isinstance(e, PolycError) else f"error: {e}"


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


_TEXT = click.argument("text")
_ENTRY = click.option("--entry", metavar="NAME", help="The definition to compile; default: last.")
_DTYPE = click.option("--dtype", metavar="T", help="Type of inputs that the text leaves open.")
_TARGET = click.option(
    "--target", "machine", metavar="T", help="host, x86-64-v2, x86-64-v3, x86-64-v4."
)
_SIZE = click.option(
    "--size",
    "sizes",
    type=_Sizes(),
    multiple=True,
    callback=_merged,
    metavar="M=512,N=512",
    help="Sizes and integer scalars; may be repeated.",
)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="polyc")
def main() -> None:
    """Compile operators in affine Einstein notation to fast CPU kernels.

    TEXT is an einsum string, the bracket form, definitions, or a file with one of them.
    """


@main.command()
@_TEXT
@click.argument("files", nargs=-1, metavar="[A.npy]...")
@click.option("-o", "--output", "outputs", multiple=True, metavar="OUT.npy", help="Write a result.")
@click.option("--random", is_flag=True, help="Use random inputs of the sizes given by --size.")
@click.option("--check", is_flag=True, help="Compare with the reference; status 1 if it differs.")
@_ENTRY
@_DTYPE
@_SIZE
def run(
    text: str,
    files: Sequence[str],
    outputs: Sequence[str],
    random: bool,
    check: bool,
    entry: str | None,
    dtype: str | None,
    sizes: dict[str, int],
) -> None:
    """Run TEXT on arrays from .npy files, or on random ones."""
    op = Operator(_read(text), entry, None, None)
    if random == bool(files) and op.inputs:
        raise click.UsageError("give .npy files, or --random and --size")
    inputs = _random(op, sizes, dtype) if random else [_load(f) for f in files]
    found = op(*inputs)
    results = found if isinstance(found, tuple) else (found,)
    if len(outputs) > len(results):
        raise click.UsageError(
            f"-o given {len(outputs)} times, but there are {len(results)} results"
        )
    for path, result in zip(outputs, results, strict=False):
        with open(path, "wb") as file:  # a name would get the ending .npy
            np.save(file, result)
    for t, result in zip(op.outputs, results, strict=True):
        values = "" if outputs else "\n" + np.array2string(result, threshold=64, precision=6)
        click.echo(f"{t.name}: {result.dtype}{list(result.shape)}{values}")
    if check:
        expected = op.reference(*inputs)
        _compare(op, results, expected if isinstance(expected, tuple) else (expected,))


@main.command()
@_TEXT
@click.option(
    "--emit",
    default=",".join(_STAGES),
    show_default=True,
    metavar="LIST",
    help="What to write, separated by commas.",
)
@click.option("-o", "--output", "folder", default=".", metavar="DIR", help="Where to write it.")
@_TARGET
@click.option(
    "--schedule", "edited", metavar="S.yaml", help="Use this schedule, once proved legal."
)
@_ENTRY
@_DTYPE
@_SIZE
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
    order = None if edited is None else _utf8(edited)
    kernel = _kernel(Operator(_read(text), entry, None, chosen), sizes, dtype, order)
    made = [(_STAGES[part][0], _STAGES[part][1](kernel)) for part in wanted]  # all, or no file
    where = Path(folder)
    where.mkdir(parents=True, exist_ok=True)
    for ending, value in made:
        path = where / f"{kernel.program.name}.{ending}"
        path.write_bytes(value if isinstance(value, bytes) else f"{value}\n".encode())
        click.echo(path)


@main.command()
@_TEXT
@_TARGET
@_ENTRY
@_DTYPE
@_SIZE
def explain(
    text: str, machine: str | None, entry: str | None, dtype: str | None, sizes: dict[str, int]
) -> None:
    """Print what is made of TEXT and why: program, decisions, cost, proof."""
    from polyc.summary import summary  # the compiler: other commands may not need it

    chosen = resolve() if machine is None else resolve(target=machine)
    click.echo(summary(_kernel(Operator(_read(text), entry, None, chosen), sizes, dtype)))


@main.command()
@_TEXT
@click.option("--check", is_flag=True, help="Print nothing; status 1 if the text would change.")
@click.option("-i", "--in-place", is_flag=True, help="Write the file instead of printing.")
def fmt(text: str, check: bool, in_place: bool) -> None:
    """Print the canonical form of TEXT: the same program, comments included."""
    from polyc.frontend.format import format_text  # the parser: other commands may not need it

    found = _read(text)
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


@main.command()
def info() -> None:
    """Show versions, the processor, threads and the cache."""
    host = target()
    found = threads.find_openmp()
    rows = {
        "polyc": __version__,
        "numpy, islpy, llvmlite": ", ".join(map(version, ("numpy", "islpy", "llvmlite"))),
        "processor": f"{host.cpu} ({host.triple})",
        "vectors": f"{host.vector_registers} registers of {host.vector_bytes} bytes, "
        f"fused multiply-add: {'yes' if host.fma else 'no'}",
        "caches": f"L1 {host.l1_bytes >> 10} KiB, L2 {host.l2_bytes >> 10} KiB, "
        f"L3 {host.l3_bytes >> 10} KiB",
        "CPUs": cpu_count(),
        "threads": threads.count(resolve().threads),
        "OpenMP": found.path if found else "none: threads are started for each region",
        "cache": cache.folder() or "none",
    }
    for name, value in rows.items():
        click.echo(f"{name:<24}{value}")


@main.command()
@click.argument("folder", default="demo-output")
def demo(folder: str) -> None:
    """Compile and run operators on a photograph and handwritten digits; writes to FOLDER."""
    try:
        from polyc import demo as program  # needs packages that nothing else needs
    except ModuleNotFoundError as e:
        raise click.UsageError(
            f"the demonstration needs {e.name}: pip install 'polyc[demo]'"
        ) from None
    raise SystemExit(program.main(folder))


def _not_a_file(text: str, meant: bool) -> str:
    if meant:
        raise ArgumentError(f"{text}: no such file of text")
    return text


_ENDINGS = (".pc", ".polyc", ".txt", ".tc")  # of files; no text ends so


def _read(text: str) -> str:
    """The text itself, or the content of the file of that name."""
    try:
        path = Path(text)
        if not path.is_file():
            return _not_a_file(text, path.suffix in _ENDINGS or ("/" in text and path.is_dir()))
        click.get_current_context().find_root().obj = text
        return _utf8(text)
    except PolycError:
        raise
    except (OSError, ValueError):  # no name of a file: too long, or with a zero byte
        return text


def _utf8(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as e:
        raise ArgumentError(f"{path}: is not UTF-8 text ({e.reason} at byte {e.start})") from None


def _load(path: str) -> Any:
    try:
        return np.load(path, allow_pickle=False)
    except ValueError as e:
        raise ArgumentError(f"{path}: is not an .npy file of numbers ({e})") from None


def _kernel(
    op: Operator, sizes: dict[str, int], dtype: str | None, schedule: str | None = None
) -> Kernel:
    try:
        kind = None if dtype is None else arrays.dtype(dtype)
    except TypeError:
        raise ArgumentError(f"--dtype: unknown type {dtype!r}") from None
    return op.specialize(sizes, kind, schedule=schedule)


def _random(op: Operator, sizes: dict[str, int], dtype: str | None) -> list[Any]:
    missing = [name for name in op.sizes if name not in sizes]
    if missing:
        raise click.UsageError(f"--random needs --size {','.join(f'{n}=...' for n in missing)}")
    rng = np.random.default_rng(0)
    made = {a.name: a for a in _kernel(op, sizes, dtype).signature.inputs}
    out: list[Any] = []
    for t in op.inputs:
        if t.name in sizes:  # an integer scalar
            out.append(sizes[t.name])
            continue
        kind = arrays.dtype(made[t.name].dtype)
        shape = tuple(n.value for n in made[t.name].shape)
        try:
            integers = rng.integers(0, 2 if kind.kind == "b" else 8, shape)
            values = integers if kind.kind in "biu" else rng.standard_normal(shape)
        except (MemoryError, ValueError):
            size = " x ".join(map(str, shape))
            raise ResourceError(f"{t.name}: no memory for {size} elements") from None
        out.append(np.asarray(values).astype(kind))
    return out


def _compare(op: Operator, results: Sequence[Any], expected: Sequence[Any]) -> None:
    worst = 0.0
    for t, found, wanted in zip(op.outputs, results, expected, strict=True):
        exact = found.dtype.kind in "biu"
        limit = 0.0 if exact else _TOLERANCE.get(found.dtype.name, 1e-4)
        scale = max(1.0, float(np.max(np.abs(wanted), initial=0.0)))
        error = float(np.max(np.abs(found.astype(wanted.dtype) - wanted), initial=0.0)) / scale
        click.echo(f"{t.name}: largest difference from the reference {error:.2e} (limit {limit:g})")
        worst = max(worst, float("inf") if not error <= limit else 0.0)
    if worst:
        raise SystemExit(1)
