"""How long a kernel takes: `Kernel.benchmark`."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

_MAX_CALLS = 10_000


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one call, its checks included, and rates of the fastest one.

    gflops    1e9 operations of the text (`kernel.cost.flops`) per second, however many the code
              performs; None where the sizes are symbolic or a domain is too involved to count
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
