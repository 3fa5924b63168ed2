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
    fraction_of_peak  gflops over what the threads of this call reach with multiply-adds alone,
                      measured once in a process (`polyc.roofs`); None where gflops is, and for
                      results that are integers
    """

    median_s: float
    min_s: float
    gflops: float | None
    gbytes_s: float
    samples: tuple[float, ...]
    fraction_of_peak: float | None = None

    def __str__(self) -> str:
        rate = "" if self.gflops is None else f"{self.gflops:.2f} GFLOP/s, "
        if self.fraction_of_peak is not None:
            rate = f"{rate[:-2]} ({self.fraction_of_peak:.0%} of peak), "
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
    peak: Callable[[], float | None] = lambda: None,
) -> Timing:
    """Calls for about `seconds` after two to warm up, always into the same outputs. `peak` is
    asked, after the calls, for the operations a second that the processor can do."""
    results = call(*args, **named)
    outputs = results if isinstance(results, tuple) else (results,)
    size = sum(getattr(x, "nbytes", 0) for x in (*args, *named.values(), *outputs))
    named = {"out": results, **named}
    call(*args, **named)  # the second call prepares what later ones use
    samples: list[float] = []
    end = perf_counter() + seconds
    while not samples or (perf_counter() < end and len(samples) < _MAX_CALLS):
        start = perf_counter()
        call(*args, **named)
        samples.append(perf_counter() - start)
    fastest = min(samples)
    gflops = None if operations is None else operations / fastest / 1e9
    gbytes = size / fastest / 1e9
    limit = None if gflops is None else peak()
    part = gflops * 1e9 / limit if gflops is not None and limit else None
    return Timing(statistics.median(samples), fastest, gflops, gbytes, tuple(samples), part)
