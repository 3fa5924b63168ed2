"""Stages that read neighbourhoods, in tiles that compute their halos, against `fusion="none"`.

    PYTHONPATH=. python benchmarks/overlap.py [name ...]

Prints, for one thread, the time of the separate stages over that of the tiles: of the best of 15
calls by turns, and median and quartiles of the ratios. It says where the two results are not the
same bits, and what the scheduler decided.
"""

from __future__ import annotations

import statistics
import sys
from time import perf_counter

import numpy as np

import polyc

FIVE = "({0}(i,j) + {0}(i,j+1) + {0}(i,j+2) + {0}(i,j+3) + {0}(i,j+4)) * 0.2"
DOWN = "({0}(i,j) + {0}(i+1,j) + {0}(i+2,j) + {0}(i+3,j) + {0}(i+4,j)) * 0.2"
BLUR = f"""def f(float(N,N) I) -> (O) {{
  P(i,j) = {FIVE.format("I")}
  O(i,j) = {DOWN.format("P")}
}}"""
UNSHARP = f"""def f(float(N,N) I) -> (O) {{
  P(i,j) = {FIVE.format("I")}
  Q(i,j) = {DOWN.format("P")}
  O(i,j) = 2.0 * I(i+2,j+2) - Q(i,j)
}}"""
FILTERS = """def f(float(N,N) I, float(5) w) -> (O) {
  P(i,j) += I(i,j+s) * w(s)
  O(i,j) += P(i+r,j) * w(r)
}"""
CORNERS = """def f(float(N,N) I) -> (R) {
  X(i,j) = I(i+1,j+2) - I(i+1,j) where i in 0:N-2, j in 0:N-2
  Y(i,j) = I(i+2,j+1) - I(i,j+1) where i in 0:N-2, j in 0:N-2
  A(i,j) += X(i+r,j+s) * X(i+r,j+s) where r in 0:3, s in 0:3
  B(i,j) += X(i+r,j+s) * Y(i+r,j+s) where r in 0:3, s in 0:3
  C(i,j) += Y(i+r,j+s) * Y(i+r,j+s) where r in 0:3, s in 0:3
  R(i,j) = A(i,j) * C(i,j) - B(i,j) * B(i,j) - 0.04 * (A(i,j) + C(i,j)) * (A(i,j) + C(i,j))
}"""
POOL = """def f(float(K,N,N) X, float(K,K,3,3) F) -> (Y) {
  A(k,h,w) += X(c,h+r,w+s) * F(k,c,r,s)
  Y(k,h,w) max= A(k,2*h+r,2*w+s) where r in 0:3, s in 0:3
}"""
CASES = {
    "blur 2048": (BLUR, {"N": 2048}),
    "blur 4096": (BLUR, {"N": 4096}),
    "filters 4096": (FILTERS, {"N": 4096}),
    "unsharp 2048": (UNSHARP, {"N": 2048}),
    "unsharp 4096": (UNSHARP, {"N": 4096}),
    "corners 2048": (CORNERS, {"N": 2048}),
    "conv and pool 64x56x56": (POOL, {"K": 64, "N": 58}),
    "conv and pool 8x1024x1024": (POOL, {"K": 8, "N": 1026}),
}


def compiled(
    text: str, sizes: dict[str, int], fusion: str
) -> tuple[polyc.Kernel, list[np.ndarray], np.ndarray]:
    """A kernel for one thread, inputs for it, and what it makes of them."""
    options = polyc.Options(threads=1, cache=False, fusion=fusion)  # type: ignore[arg-type]
    kernel = polyc.compile(text, options=options).specialize(sizes)
    rng = np.random.default_rng(0)
    shapes = [[n.value for n in t.shape] for t in kernel.program.inputs]
    inputs = [rng.random(shape).astype(np.float32) for shape in shapes]
    out = kernel(*inputs)
    assert isinstance(out, np.ndarray)
    return kernel, inputs, out


def measure(name: str) -> None:
    """Prints the row of one case."""
    text, sizes = CASES[name]
    kernels = [compiled(text, sizes, fusion) for fusion in ("none", "auto")]
    same = np.array_equal(kernels[0][2], kernels[1][2])
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(15):
        for (kernel, inputs, out), row in zip(kernels, times, strict=True):
            start = perf_counter()
            kernel(*inputs, out=out)
            row.append(perf_counter() - start)
    low, mid, high = statistics.quantiles([p / t for p, t in zip(*times, strict=True)], n=4)
    best = min(times[0]) / min(times[1])
    why = [str(d) for d in kernels[1][0].schedule.decisions if d.kind == "overlap"]
    equal = "" if same else ", not the same bits"
    print(f"{name}: best {best:.2f}, median {mid:.2f} [{low:.2f} {high:.2f}]{equal}; {why}")


if __name__ == "__main__":
    for case in sys.argv[1:] or CASES:
        measure(case)
