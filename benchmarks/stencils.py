"""Stencils over time: tiles in time and space against one step after another, by turns.

    PYTHONPATH=. python benchmarks/stencils.py [name ...]

Prints the median time of the steps over that of the tiles, with quartiles, for one and two threads,
after a check that the two results are bitwise equal.
"""

from __future__ import annotations

import statistics
import sys
from time import perf_counter
from unittest.mock import patch

import numpy as np

import polyc
from polyc.scheduler import steps as scheduling
from polyc.scheduler.tree import Decision
from tests.programs import CORPUS


def ping_pong(rank: int, dtype: str, f: str) -> str:
    """A program of two statements a step; `f` is the stencil with X for the array it reads."""
    i = ",".join("ijk"[:rank])
    where = ", ".join(f"{v} in 1:N-1" for v in i.split(","))
    array = f"{dtype}({','.join('N' * rank)})"
    return f"""def stencil({array} X0, int T) -> ({array} X) {{
  X({i}) = X0({i})
  Y({i}) = X0({i})
  for t in 0:T {{
    Y({i}) = {f} where {where}
    X({i}) = {f.replace("X", "Y")} where {where}
  }}
}}"""


HEAT3 = "X(i,j,k) + " + " + ".join(
    f"0.125 * (X({a}) - 2.0 * X(i,j,k) + X({b}))"
    for a, b in (("i+1,j,k", "i-1,j,k"), ("i,j+1,k", "i,j-1,k"), ("i,j,k+1", "i,j,k-1"))
)
JACOBI2 = "0.2 * (X(i,j) + X(i,j-1) + X(i,j+1) + X(i+1,j) + X(i-1,j))"
CASES = {  # text, N, T
    "jacobi1d": (ping_pong(1, "float64", "(X(i-1) + X(i) + X(i+1)) / 3.0"), 4_000_000, 20),
    "jacobi2d": (ping_pong(2, "float", JACOBI2), 2000, 20),
    "jacobi2d, 4000": (ping_pong(2, "float", JACOBI2), 4000, 20),
    "heat3d": (ping_pong(3, "float64", HEAT3), 120, 20),
    "heat3d, 100 steps": (ping_pong(3, "float64", HEAT3), 120, 100),
    "fdtd2d": (CORPUS["fdtd2d"].text, 2000, 20),
    "seidel2d": (CORPUS["seidel2d"].text, 2000, 20),
}


def step_by_step(*_: object) -> tuple[None, Decision]:
    """The refusal of every time loop."""
    return None, Decision("time", "all", "not tiled", "the benchmark asks for steps")


def compiled(
    text: str, n: int, steps: int, options: polyc.Options
) -> tuple[polyc.Kernel, list[np.ndarray], tuple[np.ndarray, ...]]:
    """A kernel, inputs for it, and what it makes of them."""
    kernel = polyc.compile(text, consts={"T": steps}, options=options).specialize({"N": n})
    rng = np.random.default_rng(0)
    shapes = [(t.dtype.name, [x.value for x in t.shape]) for t in kernel.program.inputs]
    inputs = [rng.random(shape).astype(dtype) for dtype, shape in shapes]
    found = kernel(*inputs)
    return kernel, inputs, found if isinstance(found, tuple) else (found,)


def measure(name: str) -> None:
    """Prints the rows of one case."""
    text, n, steps = CASES[name]
    for threads in (1, 2):
        options = polyc.Options(threads=threads, cache=False)
        tiled, inputs, a = compiled(text, n, steps, options)
        with patch.object(scheduling, "time_tiles", step_by_step):  # kernels compile when called
            plain, _, b = compiled(text, n, steps, options)
            same = str(tiled.schedule) == str(plain.schedule)
        if same:
            print(f"{name}: not tiled")
            return
        assert all(x.tobytes() == y.tobytes() for x, y in zip(a, b, strict=True))
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(9):
            for kernel, out in zip((plain, tiled), times, strict=True):
                start = perf_counter()
                kernel(*inputs)
                out.append(perf_counter() - start)
        low, mid, high = statistics.quantiles([p / t for p, t in zip(*times, strict=True)], n=4)
        best = " ".join(f"{1e3 * min(x):.1f}" for x in times)
        print(f"{name}, {threads} threads: {mid:.2f} [{low:.2f} {high:.2f}], best ms {best}")


if __name__ == "__main__":
    for case in sys.argv[1:] or CASES:
        measure(case)
