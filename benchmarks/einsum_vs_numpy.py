"""polyc.einsum against numpy.einsum, with and without `optimize`, by turns in one process.

    PYTHONPATH=. python benchmarks/einsum_vs_numpy.py [--threads 1] [--seconds 1] [--json FILE]

Both use the same number of threads. For each string: milliseconds of the median call, the ratio of
NumPy's to polyc's (above 1: polyc is faster) with the quartiles of the ratios of neighbouring
calls, and the milliseconds of polyc's first call, which compiles. NumPy without `optimize` takes
every combination of letters in turn; it is left out (nan) where these are too many to wait for.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import nan, prod
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import threadpoolctl

import polyc

Array = Any
MOST = 3e8  # combinations of letters that NumPy may take one by one
CASES: tuple[tuple[str, dict[str, int]], ...] = (
    ("mk,kn->mn", {"m": 512, "k": 512, "n": 512}),
    ("bmk,bkn->bmn", {"b": 32, "m": 128, "k": 128, "n": 128}),
    ("bhqd,bhkd->bhqk", {"b": 4, "h": 8, "q": 128, "k": 128, "d": 64}),
    ("bqhd,bkhd->bhqk", {"b": 4, "h": 8, "q": 128, "k": 128, "d": 64}),
    ("abcd,cbed->aebd", {"a": 32, "b": 16, "c": 32, "d": 32, "e": 32}),
    ("ijkl,lkmn->mnij", {"i": 24, "j": 24, "k": 24, "l": 24, "m": 24, "n": 24}),
    ("ij,jk,kl->il", {"i": 256, "j": 256, "k": 256, "l": 256}),
    ("ij,jk,kl,lm->im", {"i": 200, "j": 200, "k": 200, "l": 200, "m": 200}),
    ("bi,bj,bk->bijk", {"b": 32, "i": 32, "j": 32, "k": 32}),
    ("bi,bj,bk->ijk", {"b": 64, "i": 48, "j": 48, "k": 48}),
    ("ijk,ia,jb,kc->abc", {"i": 32, "j": 32, "k": 32, "a": 32, "b": 32, "c": 32}),
    ("bi,ij,bj->b", {"b": 512, "i": 256, "j": 256}),
    ("nij,njk,nki->n", {"n": 64, "i": 48, "j": 48, "k": 48}),
    ("ij,ij->", {"i": 1024, "j": 1024}),
    ("ij,ij->i", {"i": 1024, "j": 1024}),
    ("ijk->ki", {"i": 128, "j": 128, "k": 128}),
    ("ij,ji->", {"i": 1024, "j": 1024}),
    ("iij,jk->ik", {"i": 128, "j": 128, "k": 128}),
    ("abcdefghij,jihgfedcba->abcde", dict.fromkeys("abcdefghij", 4)),
    ("abcdefghij,klmnofghij->abcdeklmno", dict.fromkeys("abcdefghijklmno", 2)),
    ("abcdefghijklmnopqr,cq->abcdefghijklmnopqr", dict.fromkeys("abcdefghijklmnopqr", 2)),
    ("abcdefghijklmnopqr,xyhq->abcdefgxijklmnopyr", dict.fromkeys("abcdefghijklmnopqrxy", 2)),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One string, in milliseconds; `spread` are the quartiles of the last contender over polyc."""

    text: str
    first: float
    polyc: float
    numpy: float
    optimized: float
    ratio: float
    ratio_optimized: float
    spread: tuple[float, float]


def operands(text: str, extents: dict[str, int], kind: str) -> list[Array]:
    """Random operands for a string without ellipses."""
    rng = np.random.default_rng(0)
    terms = text.partition("->")[0].split(",")
    return [rng.standard_normal([extents[n] for n in t]).astype(kind) for t in terms]


def timed(f: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    start = perf_counter()
    f()
    return 1e3 * (perf_counter() - start)


def measure(
    text: str, inputs: list[Array], naive: bool, seconds: float, options: polyc.Options
) -> Row:
    """The contenders by turns until the time is over; AssertionError where they disagree."""
    contenders: list[Callable[[], Any]] = [
        lambda: polyc.einsum(text, *inputs, options=options),
        lambda: np.einsum(text, *inputs, optimize=True),
    ]
    if naive:
        contenders.append(lambda: np.einsum(text, *inputs))
    first = timed(contenders[0])
    expected = np.asarray(contenders[1]())
    limit = 1e-3 * float(np.abs(expected).max())
    np.testing.assert_allclose(contenders[0](), expected, rtol=1e-3, atol=limit)
    samples: list[list[float]] = [[] for _ in contenders]
    end = perf_counter() + seconds
    while len(samples[0]) < 3 or perf_counter() < end:
        for times, f in zip(samples, contenders, strict=True):
            times.append(timed(f))
    ours, optimized, numpys = [*map(statistics.median, samples), nan][:3]
    ratios = [n / p for p, n in zip(samples[0], samples[-1], strict=True)]
    low, _, high = statistics.quantiles(ratios, n=4)
    return Row(text, first, ours, numpys, optimized, numpys / ours, optimized / ours, (low, high))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each string")
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--only", default="", help="strings that contain this")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    options = polyc.Options(threads=given.threads, cache=False)
    rows = []
    print(f"{given.dtype}, {given.threads} threads; times in ms")
    print(f"{'einsum':45}{'first':>7}{'polyc':>9}{'numpy':>9}{'optimize':>9}"
          f"{'numpy/polyc':>20}{'optimize/polyc':>15}")  # fmt: skip
    with threadpoolctl.threadpool_limits(given.threads):
        for text, extents in CASES:
            if given.only not in text:
                continue
            inputs = operands(text, extents, given.dtype)
            naive = prod(extents.values()) <= MOST
            r = measure(text, inputs, naive, given.seconds, options)
            rows.append(r)
            spread = f"{r.ratio:7.2f} [{r.spread[0]:.2f} {r.spread[1]:.2f}]"
            print(f"{r.text:45}{r.first:7.0f}{r.polyc:9.3f}{r.numpy:9.3f}{r.optimized:9.3f}"
                  f"{spread:>20}{r.ratio_optimized:15.2f}", flush=True)  # fmt: skip
    if given.json:
        given.json.write_text(json.dumps([asdict(r) for r in rows], indent=1) + "\n")


if __name__ == "__main__":
    main()
