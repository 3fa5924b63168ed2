"""How long a kernel takes: `Kernel.benchmark`."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import islpy as isl

from polyc.frontend.program import Cast, Const, Expr, Index, Load, Program, children

_MAX_CALLS = 10_000
_MAX_ISL = 5_000_000  # isl operations spent on counting one statement's points


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one call, its checks included, and rates of the fastest one.

    gflops    1e9 operations of the text per second, however many the code performs; None where the
              sizes are symbolic or the points of a statement are too many to count
    gbytes_s  bytes of all arguments over the fastest time, in 1e9 bytes per second
    samples   seconds of every call
    """

    median_s: float
    min_s: float
    gflops: float | None
    gbytes_s: float
    samples: tuple[float, ...]

    def __str__(self) -> str:
        rate = "" if self.gflops is None else f"{self.gflops:.2f} GFLOP/s, "
        return (
            f"median {self.median_s * 1e6:.1f} us, fastest {self.min_s * 1e6:.1f} us, {rate}"
            f"{self.gbytes_s:.2f} GB/s of arguments, {len(self.samples)} calls"
        )


def measure(
    call: Callable[..., Any],
    args: Sequence[object],
    named: Mapping[str, object],
    seconds: float,
    operations: int | None,
) -> Timing:
    """Calls for about `seconds` after one call to warm up, always into the same outputs."""
    results = call(*args, **named)
    outputs = results if isinstance(results, tuple) else (results,)
    size = sum(getattr(x, "nbytes", 0) for x in (*args, *named.values(), *outputs))
    named = {"out": results, **named}
    samples: list[float] = []
    end = perf_counter() + seconds
    while not samples or (perf_counter() < end and len(samples) < _MAX_CALLS):
        start = perf_counter()
        call(*args, **named)
        samples.append(perf_counter() - start)
    fastest = min(samples)
    gflops = None if operations is None else operations / fastest / 1e9
    gbytes = size / fastest / 1e9
    return Timing(statistics.median(samples), fastest, gflops, gbytes, tuple(samples))


def operations(program: Program) -> int | None:
    """Arithmetic operations and function calls of a text, reductions included."""
    total = 0
    for s in program.statements:
        points = _points(s.domain)
        if points is None:
            return None
        total += points * (_operations(s.value) + (s.op is not None))
    return total


def _operations(e: Expr) -> int:
    below = sum(map(_operations, children(e)))
    return below + (not isinstance(e, (Const, Index, Load, Cast)))


def _points(domain: isl.Set) -> int | None:
    """Points of a set; None for one with parameters, or one too involved to count."""
    if domain.dim(isl.dim_type.param):
        return None
    if domain.is_empty():
        return 0
    n = domain.dim(isl.dim_type.set)
    if domain.is_box():
        ends = [(domain.dim_min_val(k), domain.dim_max_val(k)) for k in range(n)]
        return math.prod(high.to_python() - low.to_python() + 1 for low, high in ends)
    context = domain.get_ctx()
    context.set_max_operations(_MAX_ISL)
    context.reset_operations()
    try:
        return int(domain.count_val().to_python())
    except isl.Error:
        return None
    finally:
        context.set_max_operations(0)
        context.reset_operations()
