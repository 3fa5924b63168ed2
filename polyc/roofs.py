"""The machine's own limits, measured: multiply-adds a second, and bytes a second from each cache.

The two loops that are timed are LLVM IR written here, so they need no C compiler and share nothing
with the code that polyc makes: independent chains of vector multiply-adds in registers, and
McCalpin's triad, a[i] = b[i] + s * c[i], over arrays that fill half of a cache, or that no cache
holds. A triad counts three elements for each of its elements, as STREAM does; a cache that reads a
line before it is overwritten moves a third more than that.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import Any

import numpy as np

from polyc.codegen import native
from polyc.target import Target, target

LEVELS = ("L1", "L2", "L3", "DRAM")
_CHAINS = 12  # of multiply-adds: more than latency times units of the processors there are
_UNROLL = 4  # vectors of the triad
_TYPES = {"float32": ("float", 4), "float64": ("double", 8)}
_SECONDS = 0.003  # of one measurement: short enough to fall between disturbances
_BEST_OF = 15
Array = Any
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Roofs:
    """Limits for a number of threads.

    flops  by element type, operations a second; a multiply-add is two
    bytes  by level, bytes a second of a triad over arrays that live there
    """

    threads: int
    flops: Mapping[str, float]
    bytes: Mapping[str, float]

    def best(self, other: Roofs) -> Roofs:
        """The higher one of each: what disturbs a measurement only lowers it."""
        flops = {t: max(x, other.flops[t]) for t, x in self.flops.items()}
        speeds = {k: max(x, other.bytes[k]) for k, x in self.bytes.items()}
        return Roofs(self.threads, flops, speeds)

    def seconds(self, flops: float, moved: Mapping[str, float], dtype: str = "float32") -> float:
        """The least time for so many operations and bytes moved through each level."""
        times = [n / self.bytes[level] for level, n in moved.items() if level in self.bytes]
        return max(flops / self.flops.get(dtype, self.flops["float32"]), *times)


def measure(threads: int, clock: Clock = perf_counter) -> Roofs:
    """All limits for that many threads at once, in about a second. The clock may be that of the
    processor's time where there is one thread."""
    host = target()
    flops = {t: _flops(t, threads, host, clock) for t in _TYPES}
    return Roofs(threads, flops, {k: _bytes(k, threads, host, clock) for k in LEVELS})


@cache
def flop_peak(dtype: str, threads: int) -> float | None:
    """Operations a second of that type, measured once for a process; None for other types."""
    return _flops(dtype, threads, target()) if dtype in _TYPES else None


# ---- what is run
def _flops(dtype: str, threads: int, host: Target, clock: Clock = perf_counter) -> float:
    loop = _loaded(f"fma_{dtype}", host)
    lanes = host.lanes(_TYPES[dtype][1])
    out = [np.ones(_CHAINS * lanes + 64, dtype) for _ in range(threads)]

    def run(k: int, n: int) -> None:
        loop(_aligned(out[k]).ctypes.data, n)

    seconds, n = _timed(run, threads, clock)
    return threads * n * _CHAINS * lanes * 2 / seconds


def _bytes(level: str, threads: int, host: Target, clock: Clock) -> float:
    loop = _loaded("triad", host)
    step = _UNROLL * host.vector_bytes
    size = max(step, _footprint(level, threads, host) // 3 // step * step)
    arrays = [
        [_aligned(np.ones(size // 4 + 64, np.float32)) for _ in "abc"] for _ in range(threads)
    ]

    def run(k: int, n: int) -> None:
        loop(*(x.ctypes.data for x in arrays[k]), size // 4, n)

    seconds, n = _timed(run, threads, clock)
    return threads * n * 3 * size / seconds


def _footprint(level: str, threads: int, host: Target) -> int:
    """Bytes of each thread's three arrays: the first two caches are a core's own."""
    shared = {"L3": host.l3_bytes // 2, "DRAM": max(4 * host.l3_bytes, 128 << 20)}
    own = {"L1": host.l1_bytes // 2, "L2": host.l2_bytes // 2}
    # Where the shared cache is no larger than the cores' own, there is nothing between them.
    return own.get(level) or max(shared[level] // threads, own["L2"])


def _timed(run: Callable[[int, int], None], threads: int, clock: Clock) -> tuple[float, int]:
    """Least seconds of n rounds on every thread at once, and n, which takes _SECONDS or more."""
    n = 1
    while (seconds := _together(run, threads, n, clock)) < _SECONDS:
        n = max(2 * n, int(1.2 * n * _SECONDS / max(seconds, 1e-7)))
    return min(_together(run, threads, n, clock) for _ in range(_BEST_OF)), n


def _together(run: Callable[[int, int], None], threads: int, n: int, clock: Clock) -> float:
    """Seconds from the first start to the last end."""
    ready = threading.Barrier(threads)
    spans: list[tuple[float, float]] = []

    def work(k: int) -> None:
        ready.wait()
        start = clock()
        run(k, n)
        spans.append((start, clock()))

    others = [threading.Thread(target=work, args=(k,)) for k in range(1, threads)]
    for t in others:
        t.start()
    work(0)
    for t in others:
        t.join()
    return max(end for _, end in spans) - min(start for start, _ in spans)


def _aligned(x: Array) -> Array:
    """From the first element whose address is a multiple of 64 bytes on."""
    return x[-x.ctypes.data % 64 // x.itemsize :]


# ---- the loops
@cache
def _loaded(name: str, host: Target) -> Callable[..., object]:
    ir = _triad(host) if name == "triad" else _fma(name.removeprefix("fma_"), host)
    code = native.load_object(native.object_from_ir(ir, host), name, 0)
    pointers = [ctypes.c_void_p] * (3 if name == "triad" else 1)
    integers = [ctypes.c_int64] * (2 if name == "triad" else 1)
    function = ctypes.CFUNCTYPE(None, *pointers, *integers)(code.address)
    _KEEP.append(code)
    return function


_KEEP: list[object] = []  # the code behind the functions


def _fma(dtype: str, host: Target) -> str:
    """void fma(T *x, int64 n): n times, one multiply-add of every chain; x is read and written."""
    kind, size = _TYPES[dtype]
    lanes = host.lanes(size)
    vec = f"<{lanes} x {kind}>"
    chains = range(_CHAINS)
    at = [f"  %p{k} = getelementptr {vec}, ptr %x, i64 {k}" for k in chains]
    loads = [f"  %x{k} = load {vec}, ptr %p{k}, align 64" for k in chains]
    phis = [f"  %a{k} = phi {vec} [ %x{k}, %entry ], [ %b{k}, %loop ]" for k in chains]
    stores = [f"  store {vec} %b{k}, ptr %p{k}, align 64" for k in chains]
    if host.fma:
        intrinsic = f"@llvm.fma.v{lanes}f{8 * size}"
        declared = f"declare {vec} {intrinsic}({vec}, {vec}, {vec})"
        steps = [
            f"  %b{k} = call {vec} {intrinsic}({vec} %a{k}, {vec} %x0, {vec} %x1)" for k in chains
        ]
    else:
        declared = ""
        steps = [
            line
            for k in chains
            for line in (
                f"  %m{k} = fmul {vec} %a{k}, %x0",
                f"  %b{k} = fadd {vec} %m{k}, %x1",
            )
        ]
    return _function(
        f"fma_{dtype}(ptr %x, i64 %n)", declared, [*at, *loads], [*phis, *steps], stores
    )


def _function(
    head: str, declared: str, entry: Sequence[str], body: Sequence[str], after: Sequence[str]
) -> str:
    """A loop from 0 to %n around `body`."""
    loop = [
        "loop:",
        "  %i = phi i64 [ 0, %entry ], [ %j, %loop ]",
        *body,
        "  %j = add i64 %i, 1",
        "  %more = icmp slt i64 %j, %n",
        "  br i1 %more, label %loop, label %done",
    ]
    lines = [declared, f"define void @{head} {{", "entry:", *entry, "  br label %loop"]
    return "\n".join([*lines, *loop, "done:", *after, "  ret void", "}", ""])


def _triad(host: Target) -> str:
    """void triad(float *a, *b, *c, int64 n, int64 rounds); n is a multiple of the step."""
    lanes = host.lanes(4)
    vec = f"<{lanes} x float>"
    steps: list[str] = []
    for k in range(_UNROLL):
        steps.append(f"  %e{k} = add i64 %i, {k * lanes}")
        steps += [f"  %{x}{k} = getelementptr float, ptr %{x}, i64 %e{k}" for x in "abc"]
        steps += [
            f"  %y{k} = load {vec}, ptr %b{k}, align {host.vector_bytes}",
            f"  %z{k} = load {vec}, ptr %c{k}, align {host.vector_bytes}",
            f"  %s{k} = fmul {vec} %z{k}, splat (float 3.0)",
            f"  %r{k} = fadd {vec} %y{k}, %s{k}",
            f"  store {vec} %r{k}, ptr %a{k}, align {host.vector_bytes}",
        ]
    lines = [
        "define void @triad(ptr noalias %a, ptr noalias %b, ptr noalias %c, i64 %n, i64 %rounds) {",
        "entry:",
        "  br label %round",
        "round:",
        "  %k = phi i64 [ 0, %entry ], [ %l, %end ]",
        "  br label %loop",
        "loop:",
        "  %i = phi i64 [ 0, %round ], [ %j, %loop ]",
        *steps,
        f"  %j = add i64 %i, {_UNROLL * lanes}",
        "  %more = icmp slt i64 %j, %n",
        "  br i1 %more, label %loop, label %end",
        "end:",
        "  %l = add i64 %k, 1",
        "  %again = icmp slt i64 %l, %rounds",
        "  br i1 %again, label %round, label %done",
        "done:",
        "  ret void",
        "}",
    ]
    return "\n".join([*lines, ""])
