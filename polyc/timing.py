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

    gbytes_s  bytes of all arguments over the fastest time, in 1e9 bytes per second
    samples   seconds of every call
    """

    median_s: float
    min_s: float
    gbytes_s: float
    samples: tuple[float, ...]

    def __str__(self) -> str:
        return (
            f"median {self.median_s * 1e6:.1f} us, fastest {self.min_s * 1e6:.1f} us, "
            f"{self.gbytes_s:.2f} GB/s of arguments, {len(self.samples)} calls"
        )


def measure(
    call: Callable[..., Any], args: Sequence[object], named: Mapping[str, object], seconds: float
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
    return Timing(statistics.median(samples), fastest, size / fastest / 1e9, tuple(samples))
