"""A few hundred random contractions and convolutions against NumPy, opt_einsum and PyTorch.

    PYTHONPATH=. python benchmarks/sweep_contractions.py [--torch PYTHON] [--threads 1]
        [--clock wall|cpu] [--contractions 200] [--convolutions 80] [--seed 0] [--json FILE]

The contenders run by turns, float32, results compared with float64 first. Printed are polyc's time
over that of the best other one (below 1: polyc is faster), the geometric mean, and the worst ten.
`--clock cpu` takes the least processor time of the thread, for machines that are shared; it means
something for one thread only. `--torch` is the Python of an environment with PyTorch.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from math import ceil, exp, log, prod, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import threadpoolctl

import polyc
from benchmarks.sweep_cases import Case, contractions, convolutions
from benchmarks.sweep_peers import Call, Torch, numpy_calls, operands, sample

Array = Any
LONG_ENOUGH = 2e-3  # seconds of a sample
ROUNDS = 7
HOPELESS = 4  # times the fastest: not measured again


@dataclass(frozen=True, slots=True)
class Row:
    """One case: seconds of a call of each contender, and polyc's over the best of the others."""

    name: str
    text: str
    seconds: dict[str, float]
    ratio: float
    gflops: float


def compiled(case: Case, given: list[Array], options: polyc.Options) -> Call:
    """polyc's call of a case."""
    if case.window is None:
        return lambda: polyc.einsum(case.text, *given, options=options)
    kernel = polyc.compile(case.text, options=options).specialize({})
    groups = case.window.groups
    x, f = given
    if groups > 1:
        x = x.reshape(x.shape[0], groups, -1, *x.shape[2:])
        f = f.reshape(groups, -1, *f.shape[1:])
    return lambda: kernel(x, f)


def expected(case: Case, given: list[Array]) -> Array:
    """The result in float64."""
    window = None if case.window is None else asdict(case.window)
    return numpy_calls(case.text, window, [x.astype(np.float64) for x in given])["numpy"]()


def measure(
    case: Case, options: polyc.Options, clock: str, torch: Torch | None, rounds: int
) -> Row:
    """The contenders by turns; AssertionError where one disagrees with float64."""
    window = None if case.window is None else asdict(case.window)
    shapes = [list(s) for s in case.shapes]
    given = operands(shapes)
    calls = {"polyc": compiled(case, given, options), **numpy_calls(case.text, window, given)}
    right = expected(case, given)
    results = {name: np.asarray(f()).reshape(right.shape) for name, f in calls.items()}
    if torch is not None:
        results["torch"] = torch.result(case.text, window, shapes)
    terms = case.flops / 2 / prod(right.shape)
    limit = 4 * sqrt(terms) * np.finfo(np.float32).eps * float(np.abs(right).max())
    for name, found in results.items():
        error = float(np.abs(found - right).max())
        assert error <= limit, f"{name} is wrong in {case.name}: off by {error}, {limit} allowed"
    takers: dict[str, Callable[[int], float]] = {
        name: lambda n, f=f: sample(f, n, clock)
        for name, f in calls.items()  # type: ignore[misc]
    }
    if torch is not None:
        takers["torch"] = lambda n: torch.sample(n, clock)
    times = {name: [take(1)] for name, take in takers.items()}
    repeats = {name: ceil(LONG_ENOUGH / max(t, 1e-6)) for name, (t,) in times.items()}
    far = HOPELESS * min(t for (t,) in times.values())
    close = {name: [] for name, (t,) in times.items() if t < far or name == "polyc"}
    times |= close
    for _ in range(rounds):
        for name, found in close.items():
            found.append(takers[name](repeats[name]))
    middle = min if clock == "cpu" else statistics.median  # neighbours only ever add to it
    seconds = {name: middle(t) for name, t in times.items()}
    best = min(t for name, t in seconds.items() if name != "polyc")
    speed = case.flops / seconds["polyc"] / 1e9
    return Row(case.name, case.text, seconds, seconds["polyc"] / best, speed)


def shown(row: Row) -> str:
    times = " ".join(f"{name} {1e3 * t:.3f}" for name, t in row.seconds.items())
    return f"{row.ratio:6.2f} {row.gflops:6.1f} GF/s  {row.name}  [ms: {times}]"


def main() -> None:
    """Prints a line a case and a summary."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--torch", help="a Python that has PyTorch")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--contractions", type=int, default=200)
    parser.add_argument("--convolutions", type=int, default=80)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default="", help="cases whose name contains this")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    options = polyc.Options(threads=given.threads, cache=False)
    cases = contractions(given.contractions, given.seed) + convolutions(
        given.convolutions, given.seed
    )
    rows: list[Row] = []
    with (
        threadpoolctl.threadpool_limits(given.threads),
        Torch(given.torch, given.threads) if given.torch else nullcontext() as torch,
    ):
        for case in cases:
            if given.only in case.name:
                rows.append(measure(case, options, given.clock, torch, given.rounds))
                print(shown(rows[-1]), flush=True)
                if given.json:
                    given.json.write_text(json.dumps([asdict(r) for r in rows], indent=1) + "\n")
    for kind in ("conv", ""):
        part = [r.ratio for r in rows if r.name.startswith("conv ") == bool(kind)]
        if part:
            mean, slow = exp(statistics.fmean(map(log, part))), sum(x > 1.3 for x in part)
            what = "convolutions" if kind else "contractions"
            print(f"{len(part)} {what}: geometric mean {mean:.2f}, {slow} above 1.3")
    print("the worst ten:")
    for row in sorted(rows, key=lambda r: -r.ratio)[:10]:
        print(shown(row))


if __name__ == "__main__":
    main()
