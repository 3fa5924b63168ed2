"""`polyc run`: a text on arrays from files, or on random ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click
import numpy as np

from polyc import arrays
from polyc.cli.common import DTYPE, ENTRY, SIZE, TEXT, read, specialized
from polyc.errors import ArgumentError, ResourceError
from polyc.operator import Operator

_TOLERANCE = {"float16": 1e-2, "bfloat16": 5e-2, "float64": 1e-10, "complex128": 1e-10}


@click.command()
@TEXT
@click.argument("files", nargs=-1, metavar="[A.npy]...")
@click.option("-o", "--output", "outputs", multiple=True, metavar="OUT.npy", help="Write a result.")
@click.option("--random", is_flag=True, help="Use random inputs of the sizes given by --size.")
@click.option("--check", is_flag=True, help="Compare with the reference; status 1 if it differs.")
@ENTRY
@DTYPE
@SIZE
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
    op = Operator(read(text), entry, None, None)
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


def _load(path: str) -> Any:
    try:
        return np.load(path, allow_pickle=False)
    except ValueError as e:
        raise ArgumentError(f"{path}: is not an .npy file of numbers ({e})") from None


def _random(op: Operator, sizes: dict[str, int], dtype: str | None) -> list[Any]:
    missing = [name for name in op.sizes if name not in sizes]
    if missing:
        raise click.UsageError(f"--random needs --size {','.join(f'{n}=...' for n in missing)}")
    rng = np.random.default_rng(0)
    made = {a.name: a for a in specialized(op, sizes, dtype).signature.inputs}
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
