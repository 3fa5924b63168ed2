"""Memory of a process that compiles and calls for months: `make stress`.

Kernels that are dropped give their code and everything about them back. What stays is what islpy
keeps, 32 bytes for most arguments of its functions: 4 KB for a small kernel.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import polyc
from polyc import Options

_X = np.arange(6, dtype=np.float32)


def resident() -> int:
    """Bytes of this process's memory that are in use, on Linux."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def compile_and_drop(number: int) -> None:
    """A kernel that no other number has, made without the disk cache, called, and forgotten."""
    text = f"def f(float(N) x) -> (y) {{ y(i) = x(i) * {number % 1000} + {number // 1000} }}"
    op = polyc.compile(text, options=Options(cache=False))
    expected = _X * np.float32(number % 1000) + np.float32(number // 1000)
    assert np.array_equal(op(_X), expected), number


def einsum_of(number: int) -> None:
    """A call whose extents no other number has."""
    a = np.ones((1 + number % 97, 1 + number // 97), np.float32)
    with polyc.config(cache=False):
        assert float(polyc.einsum("ij->", a)) == a.size


def calls() -> list[Callable[[], object]]:
    """Calls of every kind: by position, into `out`, by name, of symbolic kernels, by einsum."""
    op = polyc.compile("def f(float(N) x, float a) -> (y) { y(i) = a * x(i) }")
    fixed, open_ = op.specialize({"N": 6}), op.specialize()
    out = np.empty(6, np.float32)
    both = [_X[:n].copy() for n in (2, 3, 4, 5, 6)]
    numbers = iter(range(1 << 40))
    return [
        lambda: fixed(_X, 2.0),
        lambda: fixed(_X, 2.0, out=out),
        lambda: fixed(a=2.0, x=_X),
        lambda: open_(both[next(numbers) % 5], 2.0),
        lambda: op(both[next(numbers) % 5], 2.0),
        lambda: op(_X[::-1], 2.0),
        lambda: polyc.einsum("i,i->", _X, _X),
        lambda: polyc.einsum("i,i->i", _X, _X, out=out),
    ]


def growth(step: Callable[[int], object], warm: int, count: int) -> float:
    """Bytes that each of `count` steps adds after `warm` of them."""
    for n in range(warm):
        step(n)
    gc.collect()
    before = resident()
    for n in range(warm, warm + count):
        step(n)
    gc.collect()
    return (resident() - before) / count


def main(kernels: int = 10_000, called: int = 1_000_000) -> None:
    kinds = calls()
    steps: list[tuple[str, Callable[[int], object], int, int, int]] = [
        ("kernels compiled and dropped", compile_and_drop, kernels // 10, kernels, 8000),
        ("einsums of new extents", einsum_of, 1500, kernels // 5, 8000),
        ("calls", lambda n: kinds[n % len(kinds)](), called // 10, called, 1),
    ]
    failed = False
    for name, step, warm, count, limit in steps:
        start = time.process_time()
        found = growth(step, warm, count)
        seconds = time.process_time() - start
        print(f"{count:,} {name}: {found:,.1f} bytes each (at most {limit}), {seconds:.0f} s")
        print(f"  {resident() / 1e6:.0f} MB resident", flush=True)
        failed |= found > limit
    raise SystemExit(int(failed))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
