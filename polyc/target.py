"""`Target`: facts about the machine code is generated for. Decisions use these and nothing else."""

from __future__ import annotations

import functools
import os
import platform
from dataclasses import dataclass
from pathlib import Path

from polyc.errors import CompileError

# Operations, or bytes moved, under which starting threads costs more than it gives: about 20
# microseconds of vector code, or of copying in the second cache, against the 2 to 10 that a team of
# OpenMP threads takes to start and to join.
WORTH_THREADS = 1_000_000


@dataclass(frozen=True, slots=True)
class Target:
    """What the scheduler and the backends need to know; sizes in bytes."""

    name: str  # "host", "x86-64-v3", ...
    triple: str
    cpu: str  # LLVM's name of the processor
    features: str  # LLVM's feature string, "" for the processor's own
    vector_bytes: int  # width of the widest vector that is fast
    vector_registers: int
    fma: bool
    fma_latency: int = 4  # cycles
    fma_units: int = 2  # vector multiply-adds a cycle
    l1_bytes: int = 32 * 1024
    l1_ways: int = 8
    l2_bytes: int = 1024 * 1024  # per core
    l2_ways: int = 8
    l3_bytes: int = 16 * 1024 * 1024  # shared
    line_bytes: int = 64
    # Instructions that add several products at once: "vnni" for integers, "bf16" for bfloat16.
    dots: tuple[str, ...] = ()
    streams: bool = True  # has vector stores that go past the caches
    memory_bytes: int = 10  # from memory to one core a cycle: 35 GB/s at 3.7 GHz
    abi: str = ""  # LLVM's name of the calling convention, "" for the triple's own

    @property
    def avx512(self) -> bool:
        """x86's registers of 64 bytes, with the instructions of x86-64-v4."""
        return self.vector_bytes == 64 and self.triple.startswith("x86_64")

    def lanes(self, element_bytes: int) -> int:
        """Elements of a vector register."""
        return max(1, self.vector_bytes // element_bytes)


_LEVELS = {  # vector bytes, registers, fma
    "x86-64-v2": (16, 16, False),
    "x86-64-v3": (32, 16, True),
    "x86-64-v4": (64, 32, True),
}
# What every Linux processor of the architecture has, by name and by GNU's prefix of its tools. A
# RISC-V processor need not have vectors, and those that do differ in width: code for it is scalar.
_FOREIGN = {
    name: Target(*(name, triple, cpu, features, vector, registers, True), streams=False, abi=abi)
    for triple, cpu, features, vector, registers, abi in (
        ("aarch64-unknown-linux-gnu", "generic", "+neon", 16, 32, ""),
        ("riscv64-unknown-linux-gnu", "generic-rv64", "+m,+a,+f,+d,+c", 1, 32, "lp64d"),
    )
    for name in (triple.split("-")[0], triple.replace("-unknown", ""))
}
KNOWN = ("host", *_LEVELS, *_FOREIGN)


@functools.cache
def target(name: str = "host") -> Target:
    """The target of that name; CompileError lists the known ones."""
    if name == "host":
        return _host()
    if name in _FOREIGN:
        return _FOREIGN[name]
    if name in _LEVELS:
        vector, registers, fma = _LEVELS[name]
        triple = f"x86_64-unknown-{'linux-gnu' if platform.system() == 'Linux' else 'unknown'}"
        return Target(name, triple, name, "", vector, registers, fma)
    raise CompileError(f"unknown target {name!r}; known: {', '.join(KNOWN)}")


_NEEDED = {  # what a processor must have beyond the level before
    "x86-64-v2": ("sse4.2", "ssse3", "popcnt"),
    "x86-64-v3": ("avx2", "fma", "bmi2", "f16c", "lzcnt", "movbe"),
    "x86-64-v4": ("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"),
}


def architecture(t: Target) -> str:
    """The first part of the triple: "x86_64", "aarch64"."""
    return t.triple.split("-")[0]


def require_here(name: str) -> None:
    """CompileError unless this processor runs code for the target of that name."""
    if name == "host":
        return
    wanted, here = architecture(target(name)), architecture(target())
    if wanted != here:
        raise CompileError(
            f"code for {name} does not run on this processor, which is {here}; use target='host', "
            "or write the kernel to files with kernel.export"
        )
    if name in _FOREIGN:
        return
    import llvmlite.binding as llvm

    features = llvm.get_host_cpu_features()
    levels = list(_NEEDED)[: list(_NEEDED).index(name) + 1]
    missing = [f for level in levels for f in _NEEDED[level] if not features.get(f)]
    if missing:
        raise CompileError(
            f"code for {name} does not run on this processor: it has no {', '.join(missing)}; "
            "use target='host'"
        )


def _host() -> Target:
    import llvmlite.binding as llvm

    features = llvm.get_host_cpu_features()
    vector, registers, fma = 16, 16, bool(features.get("fma"))
    if features.get("avx512f") and features.get("avx512vl") and features.get("avx512dq"):
        vector, registers = 64, 32
    elif features.get("avx2"):
        vector = 32
    elif platform.machine() in ("aarch64", "arm64"):
        registers, fma = 32, True
    wide = vector == 64
    dots = tuple(k for k in ("vnni", "bf16") if wide and features.get(f"avx512{k}"))
    caches = _linux_caches()
    return Target(
        *("host", llvm.get_process_triple(), llvm.get_host_cpu_name(), features.flatten()),
        *(vector, registers, fma),
        dots=dots,
        streams=platform.machine() in ("x86_64", "AMD64"),
        l1_bytes=caches.get(1, (32 * 1024, 8))[0],
        l1_ways=caches.get(1, (0, 8))[1],
        l2_bytes=caches.get(2, (1024 * 1024, 8))[0],
        l2_ways=caches.get(2, (0, 8))[1],
        l3_bytes=min(caches.get(3, (16 << 20, 0))[0], 64 << 20),  # a slice of a shared one
    )


def _linux_caches() -> dict[int, tuple[int, int]]:
    """Bytes and ways of the data caches of the first CPU by level; {} where the kernel does not
    say."""
    out: dict[int, tuple[int, int]] = {}
    units = {"K": 1024, "M": 1024 * 1024}
    for d in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        try:
            if (d / "type").read_text().strip() == "Instruction":
                continue
            size = (d / "size").read_text().strip()
            ways = int((d / "ways_of_associativity").read_text())
            out[int((d / "level").read_text())] = (int(size[:-1]) * units[size[-1]], ways)
        except (OSError, ValueError, KeyError):
            continue
    return out


def cpu_count() -> int:
    """CPUs this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
