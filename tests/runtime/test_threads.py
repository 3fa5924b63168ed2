"""Threads: every provider shares work out, nothing hangs after a fork, limits are respected."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import threadpoolctl

import polyc
from polyc import threads
from polyc.errors import ArgumentError
from polyc.options import resolve
from polyc.threads import PROVIDER

REGION = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
PARALLEL = ctypes.CFUNCTYPE(None, REGION, ctypes.c_void_p, ctypes.c_int, ctypes.c_uint)
# Enough work for a parallel loop; every row is its own sum, so a lost iteration shows.
TEXT = "def rows(float(N,M) x) -> (y) { y(n) += x(n,m) * x(n,m) }"
X = np.ones((1000, 600), np.float32)
both = pytest.mark.usefixtures("provider")
posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


@pytest.fixture(params=["openmp", "own"])
def provider(request: pytest.FixtureRequest) -> Iterator[str]:
    """Runs a test through an OpenMP runtime, and through threads of our own."""
    PROVIDER.load()
    before = PROVIDER.openmp
    found = threads.find_openmp() if request.param == "openmp" else None
    if request.param == "openmp" and found is None:
        pytest.skip("there is no OpenMP runtime on this machine")
    PROVIDER.use(found)
    yield request.param
    PROVIDER.use(before)


def participants(count: int) -> list[int]:
    """Identities of the threads that take part in a region, which all wait for each other."""
    seen: list[int] = []
    everyone = threading.Barrier(count, timeout=20)

    def body(_: int) -> None:
        seen.append(threading.get_ident())
        everyone.wait()

    PARALLEL(PROVIDER.load())(REGION(body), None, count, 0)
    return seen


@pytest.mark.parametrize("count", [1, 2, 5])
@both
def test_a_region_runs_once_on_every_thread(count: int) -> None:
    seen = participants(count)
    assert len(seen) == len(set(seen)) == count
    assert threading.get_ident() in seen


@both
def test_a_kernel_is_right_for_any_number_of_threads() -> None:
    kernel = polyc.compile(TEXT).specialize({"N": 1000, "M": 600})
    assert kernel.signature.parallel
    first = kernel(X, threads=1)
    np.testing.assert_array_equal(first, np.full(1000, 600))
    for count in (2, 3, 8, 300):
        assert kernel(X, threads=count).tobytes() == first.tobytes()


@both
def test_many_python_threads_call_one_kernel() -> None:
    kernel = polyc.compile(TEXT).specialize({"N": 1000, "M": 600})

    def work(k: int) -> Any:
        return kernel(X * np.float32(k), threads=2)[0]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(40))) == [600 * k * k for k in range(40)]


@both
def test_many_python_threads_compile() -> None:
    def work(k: int) -> Any:
        text = f"def plus{k % 5}(float(N) x) -> (y) {{ y(i) = x(i) + {k % 5} }}"
        return polyc.compile(text)(np.zeros(k % 3 + 1, np.float32))[0]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(20))) == [k % 5 for k in range(20)]


def in_child(work: Callable[[], bool]) -> int:
    """Forks; the child's exit status is 0 if the work is right, and 42 if it hangs."""
    pid = os.fork()
    if pid == 0:
        threading.Timer(30, os._exit, [42]).start()
        status = 1
        try:
            status = 0 if work() else 1
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@posix
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_child_computes(provider: str) -> None:
    kernel = polyc.compile(TEXT).specialize({"N": 1000, "M": 600})
    kernel(X, threads=4)  # the parent's team exists now

    def work() -> bool:
        return PROVIDER.openmp is None and bool((kernel(X, threads=4) == 600).all())

    assert in_child(work) == 0
    assert bool((kernel(X, threads=4) == 600).all())  # and the parent goes on as before
    assert (PROVIDER.openmp is not None) == (provider == "openmp")


@posix
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@both
def test_a_forked_child_compiles_while_the_parent_did() -> None:
    stop = threading.Event()

    def busy() -> None:
        k = 0
        while not stop.is_set():
            k += 1
            with polyc.config(cache=False):
                polyc.compile(f"def f{k}(float(N) x) -> (y) {{ y(i) = x(i) + {k} }}").specialize(
                    {"N": 8}
                )

    background = threading.Thread(target=busy)
    background.start()

    def work() -> bool:
        text = "def child(float(N) x) -> (y) { y(i) = 2 * x(i) }"
        with polyc.config(cache=False):
            return bool(polyc.compile(text)(np.ones(4, np.float32))[0] == 2)

    try:
        assert in_child(work) == 0
    finally:
        stop.set()
        background.join()


@posix
@pytest.mark.skipif(shutil.which("cc") is None, reason="the C backend needs a compiler: no cc")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_child_runs_kernels_of_the_c_backend() -> None:
    op = polyc.compile(TEXT, options=polyc.Options(backend="c", threads=2))
    kernel = op.specialize({"N": 1000, "M": 600})
    assert bool((kernel(X) == 600).all())
    assert in_child(lambda: bool((kernel(X) == 600).all())) == 0


def double(x: Any) -> Any:
    return polyc.einsum("ij,ij->i", x, x, threads=2)


@posix
@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_multiprocessing_workers_compute(method: Any) -> None:
    expected = double(X)
    with multiprocessing.get_context(method).Pool(2) as pool:
        for found in pool.map(double, [X] * 4):
            np.testing.assert_array_equal(found, expected)


BESIDE = """
import os, threading, warnings
import numpy as np, polyc
warnings.simplefilter("ignore")
TEXT = "def rows(float(N,M) x) -> (y) { y(n) += x(n,m) * x(n,m) }"
X = np.ones((1000, 600), np.float32)

def neighbour():
    from sklearn.cluster import KMeans
    KMeans(4, n_init=1, max_iter=5).fit(np.random.default_rng(0).random((3000, 8)))

def ours():
    for backend in BACKENDS:
        op = polyc.compile(TEXT, options=polyc.Options(backend=backend))
        assert (op(X, threads=4) == 600).all()

for go in ORDER:
    go()
pid = os.fork()
if pid == 0:
    threading.Timer(200, os._exit, [42]).start()
    try:
        ours()
        ours()
    except BaseException:
        os._exit(1)
    os._exit(0)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
for go in (ours, neighbour, ours):
    go()
"""


@posix
@pytest.mark.parametrize("order", ["ours, neighbour", "neighbour, ours", "neighbour,"])
def test_another_openmp_in_the_process_and_a_fork(order: str) -> None:
    """scikit-learn brings a libgomp of its own; whoever comes first, and in a forked child."""
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    backends = ("llvm", "c") if shutil.which("cc") else ("llvm",)
    code = BESIDE.replace("ORDER", f"({order})").replace("BACKENDS", repr(backends))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=500)
    assert done.returncode == 0, done.stderr.decode()[-2000:]


def test_sixteen_threads_call_one_kernel_without_the_gil() -> None:
    """Python code makes progress while all of them are in the kernel."""
    kernel = polyc.compile(TEXT).specialize({"N": 1000, "M": 600})
    ticks: list[int] = []
    done = threading.Event()

    def tick() -> None:
        while not done.wait(0.0005):
            ticks.append(len(ticks))

    def work(k: int) -> bool:
        x = np.full((1000, 600), k, np.float32)
        return all((kernel(x, threads=1 + k % 2) == 600 * k * k).all() for _ in range(20))

    other = threading.Thread(target=tick)
    other.start()
    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(work, range(16)))
    done.set()
    other.join()
    assert len(ticks) > 10


def test_without_openmp_threads_are_polycs_own() -> None:
    """A machine without any OpenMP: the same results, from threads that each region starts."""
    code = """
import ctypes, numpy as np
from polyc import threads
threads._FILES = {}
threads._open = lambda path, mode: None
import polyc
kernel = polyc.compile("def f(float(N,M) x) -> (y) { y(n) += x(n,m) * x(n,m) }").specialize({})
for n in (1, 2, 5):
    assert (kernel(np.ones((1000, 600), np.float32), threads=n) == 600).all()
assert kernel.signature.parallel and threads.PROVIDER.openmp is None
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


# ---- how many
def test_threadpoolctl_limits_are_respected() -> None:
    PROVIDER.load()
    if PROVIDER.openmp is None:
        pytest.skip("there is no OpenMP runtime on this machine")
    with threadpoolctl.threadpool_limits(1, user_api="openmp"):
        assert threads.count(None) == 1


def test_the_environment_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1,4")
    assert threads.count(None) == 1
    monkeypatch.setenv("POLYC_NUM_THREADS", "3")
    assert threads.count(resolve().threads) == 3
    with polyc.config(threads=5):
        assert threads.count(resolve().threads) == 5


@pytest.mark.parametrize("count", [0, -1, 1.5, "two", True])
def test_a_wrong_number_of_threads_is_refused(count: Any) -> None:
    with pytest.raises(ArgumentError, match="option threads"):
        polyc.einsum("i->i", np.ones(3), threads=count)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs Linux's affinity masks")
def test_the_affinity_mask_is_respected() -> None:
    code = (
        "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])\n"
        "from polyc import threads; assert threads.count(None) == 1"
    )
    environment = {k: v for k, v in os.environ.items() if k != "OMP_NUM_THREADS"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)


def test_the_gil_is_released_while_a_kernel_runs() -> None:
    kernel = polyc.compile("def f(float(N) x) -> (y) { y(i) += x(j) * x(i) + x(i) / (x(j) + 1) }")
    x = np.ones(20_000, np.float32)
    k = kernel.specialize({"N": len(x)})
    ticks: list[bool] = []
    done = threading.Event()

    def tick() -> None:
        while not done.wait(0.001):
            ticks.append(True)

    other = threading.Thread(target=tick)
    other.start()
    for _ in range(3):
        k(x, threads=1)
    done.set()
    other.join()
    assert ticks
