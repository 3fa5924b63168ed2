"""Threads: which runtime shares a kernel's work out, and how many threads it may use.

Kernels call `polyc_parallel(fn, data, threads, flags)`, GOMP_parallel's interface. The function
here passes the call to the OpenMP runtime of the process, or, where there is none and always in a
forked child (a runtime's threads do not survive a fork, and libgomp hangs without them), starts
threads for the region and joins them.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

from polyc import options

# isl's context and LLVM's are shared by the process, and isl's budget is a setting of its context:
# one compilation at a time. A fork waits for it, so that a child never inherits half of one.
LOCK = threading.RLock()
_NAMES = ("libgomp", "libomp", "libiomp5")
_FILES = {
    "linux": ("libgomp.so.1", "libomp.so", "libomp.so.5", "libiomp5.so"),
    "darwin": ("libomp.dylib", "libiomp5.dylib"),
    "win32": ("libomp140.x86_64.dll", "libiomp5md.dll"),
}


@dataclass(frozen=True, slots=True)
class OpenMP:
    """An OpenMP runtime of this process."""

    path: str
    parallel: int  # address of GOMP_parallel
    library: ctypes.CDLL

    def max_threads(self) -> int:
        """Threads the next region would get: OMP_NUM_THREADS, omp_set_num_threads and so on."""
        return self.library.omp_get_max_threads()  # type: ignore[no-any-return]

    def max_threads_address(self) -> int:
        """Where the function lies that says it."""
        return ctypes.cast(self.library.omp_get_max_threads, ctypes.c_void_p).value or 0


class Provider:
    """The process's one `polyc_parallel`, and what stands behind it."""

    def __init__(self) -> None:
        self._bind: Callable[[int | None], object] | None = None
        self._keep: object = None
        self._ready = False
        self.address = 0
        self.openmp: OpenMP | None = None
        self.forked = False
        self.max_threads = ctypes.c_int64(0)  # address of the runtime's omp_get_max_threads, or 0

    def load(self) -> int:
        """The address of `polyc_parallel`, prepared at the first use."""
        with LOCK:
            if not self._ready:
                self._load()
                self.use(None if self.forked else find_openmp())
                self._ready = True  # last: Ctrl-C may come before
        return self.address

    def use(self, openmp: OpenMP | None) -> None:
        """Share work through this runtime, or with None through threads started on demand."""
        assert self._bind is not None
        self._bind(openmp.parallel if openmp else None)
        self.openmp = openmp
        self.max_threads.value = openmp.max_threads_address() if openmp else 0

    def after_fork(self) -> None:
        """In the child: no OpenMP any more."""
        self.forked = True
        if self._bind is not None:
            self.use(None)

    def _load(self) -> None:
        from polyc import parallel  # needs LLVM; `polyc info` asks this file for OpenMP without it

        self._keep, self.address, bind = parallel.load()
        self._bind = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(bind)


def find_openmp() -> OpenMP | None:
    """An OpenMP runtime that is already loaded, else one the system has, else None.

    Two different runtimes in one process can crash it, so one that is loaded always wins.
    """
    for path in (None, *_loaded_libraries()):
        if found := _open(path, getattr(os, "RTLD_NOLOAD", 0) if path else 0):
            return found
    for name in _FILES.get(sys.platform, ()):
        if found := _open(name, 0):
            return found
    return None


def _open(path: str | None, mode: int) -> OpenMP | None:
    try:
        library = ctypes.CDLL(path, mode=mode | getattr(os, "RTLD_LAZY", 0))
        parallel = ctypes.cast(library.GOMP_parallel, ctypes.c_void_p).value
        library.omp_get_max_threads.restype = ctypes.c_int
    except (OSError, AttributeError, TypeError):
        return None
    return OpenMP(path or "loaded by the process", parallel, library) if parallel else None


def _loaded_libraries() -> list[str]:
    """OpenMP libraries mapped into this process, private copies inside wheels included."""
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as f:
            paths = {line.split(maxsplit=5)[-1].strip() for line in f if "omp" in line}
    except OSError:
        return []
    return sorted(p for p in paths if os.path.basename(p).startswith(_NAMES))


def count(chosen: int | None) -> int:
    """Threads for a call: the option, else what the environment, the affinity mask and the
    OpenMP runtime (so threadpoolctl too) all allow."""
    if chosen is not None:
        return chosen
    allowed = options.default_threads()
    runtime = PROVIDER.openmp
    if runtime is None or (most := runtime.max_threads()) >= allowed:
        return allowed
    return max(1, most)


PROVIDER = Provider()


def _in_child() -> None:
    LOCK.release()
    PROVIDER.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=LOCK.acquire, after_in_parent=LOCK.release, after_in_child=_in_child)
