"""What a call costs beyond its work, against NumPy's own functions.

    PYTHONPATH=. python benchmarks/calls.py

Prints microseconds, the best of 15 rounds by turns, and the ratio to the NumPy function of the same
round. Kernels are tiny, so nearly all of a call is the call.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np

import polyc

ROUNDS, CALLS = 15, 3000
ADD = "def f(float(N) a, float(N) b) -> (c) { c(i) = a(i) + b(i) }"
PRODUCT = "def f(float(M,K) A, float(K,N) B) -> (C) { C(i,j) += A(i,k) * B(k,j) }"


def contenders() -> list[tuple[str, dict[str, Callable[[], object]]]]:
    """Groups of calls that compute the same; the first is NumPy's."""
    x, y, z = (np.ones(8, np.float32) for _ in range(3))
    a, b, c = (np.ones((8, 8), np.float32) for _ in range(3))
    add, product = polyc.compile(ADD), polyc.compile(PRODUCT)
    add8, add_any = add.specialize({"N": 8}), add.specialize()
    product8, product_any = product.specialize({"M": 8, "N": 8, "K": 8}), product.specialize()
    einsum = polyc.einsum
    return [
        (
            "8 + 8, out=",
            {
                "np.add": lambda: np.add(x, y, out=z),
                "kernel": lambda: add8(x, y, out=z),
                "kernel of any size": lambda: add_any(x, y, out=z),
                "operator": lambda: add(x, y, out=z),
            },
        ),
        (
            "8 + 8",
            {"np.add": lambda: np.add(x, y), "kernel": lambda: add8(x, y)},
        ),
        (
            "8 x 8 x 8",
            {
                "np.matmul": lambda: np.matmul(a, b),
                "kernel": lambda: product8(a, b),
                "kernel, out=": lambda: product8(a, b, out=c),
                "kernel of any size": lambda: product_any(a, b),
                "operator": lambda: product(a, b),
                "einsum": lambda: einsum("mk,kn->mn", a, b),
                "np.einsum": lambda: np.einsum("mk,kn->mn", a, b),
            },
        ),
    ]


def seconds(call: Callable[[], object]) -> float:
    """Time of one call, of CALLS in a row."""
    start = perf_counter()
    for _ in range(CALLS):
        call()
    return (perf_counter() - start) / CALLS


def main() -> None:
    for title, calls in contenders():
        rounds = [[seconds(call) for call in calls.values()] for _ in range(ROUNDS)]
        print(title)
        for k, name in enumerate(calls):
            best = min(r[k] for r in rounds)
            ratios = sorted(r[k] / r[0] for r in rounds)
            low, middle, high = (ratios[ROUNDS * q // 4] for q in (1, 2, 3))
            print(f"  {name:20} {best * 1e6:6.2f} us   {middle:5.2f} x [{low:.2f} {high:.2f}]")


if __name__ == "__main__":
    main()
