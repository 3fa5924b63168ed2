"""Calls like earlier ones: the native entry takes what the long way would, and nothing else."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import threadpoolctl

import polyc
from polyc import entry, entry_layout, threads
from polyc.entry import ENTRY
from polyc.errors import ArgumentError
from polyc.threads import PROVIDER

ADD = "def f(float(N) a, float(N) b) -> (c) { c(i) = a(i) + 2 * b(i) }"
MATMUL = "def f(float(M,K) A, float(K,N) B) -> (C) { C(i,j) += A(i,k) * B(k,j) }"
TWO = "def f(float(N) a, float(M) b) -> (c, d) { c(i) = a(i) + 1  d(i,j) = a(i) * b(j) }"
SCALE = "def f(float(N) a, {} s) -> (c) {{ c(i) = s * a(i) }}"
X, Y = np.arange(8, dtype=np.float32), np.linspace(-1, 1, 8, dtype=np.float32)
Shorts = list[bool]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Shorts:
    """For each call that was asked of the native entry, whether it took it."""
    if not ENTRY.load():
        pytest.skip("this interpreter has no native entry")
    seen: Shorts = []
    native = ENTRY.call

    def spy(*args: Any) -> Any:
        result = native(*args)
        seen.append(result is not NotImplemented)
        return result

    monkeypatch.setattr(ENTRY, "call", spy)
    return seen


def kernel(text: str = ADD, backend: Any = "llvm", **sizes: Any) -> polyc.Kernel:
    """A kernel that no other test has called."""
    return polyc.compile(text, options=polyc.Options(backend=backend)).specialize(sizes)


def warm(call: Callable[[], Any], seen: Shorts) -> Any:
    """The result of a call that goes the short way."""
    for _ in range(3):
        result = call()
    assert seen[-1]
    return result


# ---- what goes the short way
@pytest.mark.parametrize("backend", ["llvm", "c"])
@pytest.mark.parametrize("sizes", [{"N": 8}, {}])
def test_a_kernel(short: Shorts, backend: str, sizes: dict[str, Any]) -> None:
    k = kernel(backend=backend, **sizes)
    first = k(X, Y)
    result = warm(lambda: k(X, Y), short)
    np.testing.assert_array_equal(result, X + 2 * Y)
    assert type(result) is np.ndarray
    assert result.tobytes() == first.tobytes()
    out = np.full(8, 7, np.float32)
    assert warm(lambda: k(X, Y, out=out), short) is out
    assert out.tobytes() == first.tobytes()


def test_any_size_of_a_symbolic_kernel(short: Shorts) -> None:
    k = kernel(MATMUL)
    a = np.ones((2, 3), np.float32)
    warm(lambda: k(a, a.T.copy()), short)
    rng = np.random.default_rng(0)
    for m, n, d in rng.integers(0, 40, (20, 3)):
        a, b = rng.random((m, d), np.float32), rng.random((d, n), np.float32)
        np.testing.assert_allclose(k(a, b), a @ b, rtol=1e-5, atol=1e-6)
    assert sum(short) > 18  # now and then a larger workspace is made first
    with pytest.raises(ArgumentError, match=r"dimension 0 of `B` is 3, expected K = 2"):
        k(np.ones((2, 2), np.float32), np.ones((3, 2), np.float32))
    assert not short[-1]


def test_sizes_that_must_be_computed_are_remembered_one_by_one(short: Shorts) -> None:
    text = "def f(float(H) x, float(R) w) -> (y) { y(h) += x(h+r) * w(r) }"
    k = kernel(text)
    w = np.ones(3, np.float32)
    for n in (8, 9):
        x = np.arange(n, dtype=np.float32)
        expected = np.convolve(x, w, "valid")
        np.testing.assert_array_equal(warm(lambda x=x: k(x, w), short), expected)  # type: ignore[misc]
    with pytest.raises(ArgumentError, match="H"):
        k(w[:1].copy(), w)  # the precondition H >= R


def test_strides_are_remembered(short: Shorts) -> None:
    k = kernel(MATMUL, M=3, K=4, N=5)
    rng = np.random.default_rng(0)
    a, b = rng.random((4, 3), np.float32).T, rng.random((8, 5), np.float32)[::-2]
    np.testing.assert_allclose(warm(lambda: k(a, b), short), a @ b, rtol=1e-5)
    for other in (np.asfortranarray(b), b.copy(), rng.random((4, 10), np.float32)[:, ::2]):
        np.testing.assert_allclose(k(a, other), a @ other, rtol=1e-5)
        assert not short[-1]


def test_several_results(short: Shorts) -> None:
    k = kernel(TWO, N=8, M=100)
    b = np.arange(100, dtype=np.float32)
    c, d = warm(lambda: k(X, b), short)
    np.testing.assert_array_equal(c, X + 1)
    np.testing.assert_array_equal(d, np.outer(X, b))
    assert d.ctypes.data % 64 == 0
    mine = np.empty((8, 100), np.float32)
    c, d = warm(lambda: k(X, b, out=(None, mine)), short)
    assert d is mine
    np.testing.assert_array_equal(c, X + 1)
    np.testing.assert_array_equal(mine, np.outer(X, b))
    for wrong, message in (
        ((c,), "found 1 entries"),
        (mine, "expected a tuple"),
        ((c, mine[:4]), "extent 4 in dimension 0"),
        ((mine.reshape(-1)[:8], mine), "out overlaps the output c"),
    ):
        with pytest.raises(ArgumentError, match=message):
            k(X, b, out=wrong)
        assert not short[-1]


@pytest.mark.parametrize("kind", ["float", "double", "int32", "int64"])
def test_numbers(short: Shorts, kind: str) -> None:
    name = {"float": "float32", "double": "float64"}.get(kind, kind)
    k = kernel(SCALE.format(kind).replace("float(N)", f"{kind}(N)"), N=8)
    x = X.astype(name)
    warm(lambda: k(x, 3), short)
    for s in (3, -7, np.dtype(name).type(5), np.array(6, name)):
        np.testing.assert_array_equal(k(x, s), x * s)
        assert short[-1]
    for s in (2**31, 2**53 + 1, 2**70, 0.1, 1e300, True, np.float16(1.5), float("nan"), "3"):
        results: list[Any] = []
        for call in (ENTRY.call, entry._always_the_long_way):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(ENTRY, "call", call)
                try:
                    results.append(k(x, s).tobytes())
                except (ArgumentError, OverflowError) as e:
                    results.append(str(e))
        assert results[0] == results[1]


def test_operators_and_einsum(short: Shorts) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.random((8, 8)), rng.random((8, 8))
    op = polyc.compile("mk,kn->mn")
    np.testing.assert_allclose(warm(lambda: op(a, b), short), a @ b)
    np.testing.assert_allclose(warm(lambda: polyc.einsum("ab,bc->ac", a, b), short), a @ b)
    out = np.empty((8, 8))
    assert warm(lambda: polyc.einsum("ab,bc->ac", a, b, out=out), short) is out
    np.testing.assert_allclose(out, a @ b)
    total = warm(lambda: polyc.einsum("xy,xy->", a, b), short)
    assert type(total) is np.float64
    polyc.einsum("ab,bc->ac", a, a, out=a)  # overlaps: through a buffer
    assert not short[-1]
    n = len(short)
    polyc.einsum("ab,bc->ac", a, b, dtype=np.float32, casting="same_kind")
    assert len(short) == n  # not asked


def test_options_in_force_decide(short: Shorts, monkeypatch: pytest.MonkeyPatch) -> None:
    op = polyc.compile("i,i->i")
    warm(lambda: op(X, Y), short)
    n = len(short)
    with polyc.config(math="strict"):
        op(X, Y)
    monkeypatch.setenv("POLYC_MATH", "strict")
    op(X, Y)
    assert len(short) == n
    monkeypatch.setenv("POLYC_MATH", "wrong")
    with pytest.raises(ArgumentError, match="option math"):
        op(X, Y)


@pytest.mark.parametrize("sizes", [{"N": 4000, "M": 300}, {}])
def test_threads(short: Shorts, sizes: dict[str, int]) -> None:
    k = polyc.compile("def f(float(N,M) x) -> (y) { y(n) += x(n,m) }").specialize(sizes)
    assert k.signature.parallel
    x = np.random.default_rng(0).random((4000, 300), np.float32)
    expected = k(x, threads=1)
    for count in (1, 2, 5):
        with polyc.config(threads=count):
            assert warm(lambda: k(x), short).tobytes() == expected.tobytes()
    n = len(short)
    assert k(x, threads=3).tobytes() == expected.tobytes()
    with pytest.raises(ArgumentError, match="option threads"):
        k(x, threads=0)
    assert len(short) == n


@pytest.mark.parametrize("limit", ["affinity", "openmp", "environment", "nothing"])
def test_the_native_entry_counts_threads(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of a function that writes how many threads it got."""
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    k = polyc.compile("def f(float(N,M) x) -> (y) { y(n) += x(n,m) }").specialize()
    x = np.ones((8, 8), np.float32)
    for _ in range(3):
        k(x)
    if not k._calls.rows:
        pytest.skip("this interpreter has no native entry")
    given: list[int] = []
    kind = ctypes.CFUNCTYPE(ctypes.c_int32, *[ctypes.c_void_p] * 3, ctypes.c_int32)

    def note(_arrays: object, _ints: object, _space: object, n: int) -> int:
        given.append(n)
        return 0

    spy = kind(note)
    table = k._calls.rows[0].copy()
    table[0] = ctypes.cast(spy, ctypes.c_void_p).value
    before = PROVIDER.openmp
    try:
        match limit:
            case "affinity":
                PROVIDER.use(None)
            case "openmp":
                if before is None:
                    pytest.skip("there is no OpenMP runtime on this machine")
                with threadpoolctl.threadpool_limits(1, user_api="openmp"):
                    ENTRY.call((table, spy), (x,), None, k._calls.threads(None))
            case "environment":
                monkeypatch.setenv("OMP_NUM_THREADS", "1")
        ENTRY.call((table, spy), (x,), None, k._calls.threads(None))
        assert given[-1] == threads.count(None)
        assert given[0] == 1 or limit not in ("openmp", "environment")
    finally:
        PROVIDER.use(before)


def test_a_workspace_larger_than_the_stack(short: Shorts) -> None:
    text = "def f(float(N,N) a) -> (c) { t(i,j) += a(i,k) * a(k,j)  c(i,j) += t(i,k) * t(k,j) }"
    k = kernel(text, N=96)
    assert k.function(()).workspace_bytes((), 1) > entry_layout.STACK_BYTES
    a = np.random.default_rng(0).random((96, 96), np.float32)
    expected = warm(lambda: k(a, threads=None), short)
    np.testing.assert_allclose(expected, a @ a @ a @ a, rtol=1e-4)
    with ThreadPoolExecutor(8) as pool:  # more calls than there is room for
        for result in pool.map(lambda _: k(a), range(64)):
            assert result.tobytes() == expected.tobytes()


# ---- what goes the long way, and says the same
class Mine(np.ndarray):
    pass


def wrongs() -> dict[str, tuple[Any, ...]]:
    read_only = np.empty(8, np.float32)
    read_only.flags.writeable = False
    return {
        "type": (X.astype(np.float64), Y),
        "byte order": (X.astype(">f4"), Y),
        "rank": (X[None], Y),
        "extent": (X[:7], Y),
        "strides": (X[::-1], np.repeat(Y, 2)[::2]),
        "alignment": (np.frombuffer(b"." + X.tobytes(), np.uint8)[1:].view(np.float32), Y),
        "subclass": (X.view(Mine), Y),
        "list": ([1.0] * 8, Y),
        "buffer": (memoryview(X), Y),  # type: ignore[arg-type]
        "None": (None, Y),
        "too few": (X,),
        "too many": (X, Y, X),
        "read-only out": (X, Y, read_only),
        "out of another type": (X, Y, np.empty(8)),
        "out of another rank": (X, Y, np.empty((8, 1), np.float32)),
        "out of another extent": (X, Y, np.empty(9, np.float32)),
        "out with strides": (X, Y, np.empty(16, np.float32)[::2]),
        "out that is an input": (X, Y, Y),
        "out of a subclass": (X, Y, np.empty(8, np.float32).view(Mine)),
        "out in a list": (X, Y, [np.empty(8, np.float32)]),
        "out that is no array": (X, Y, 3),
    }


@pytest.mark.parametrize("reason", wrongs())
@pytest.mark.parametrize("sizes", [{"N": 8}, {}])
def test_the_long_way(short: Shorts, reason: str, sizes: dict[str, Any]) -> None:
    k = kernel(**sizes)
    warm(lambda: k(X, Y), short)

    def outcome() -> Any:
        args = wrongs()[reason]
        if reason.startswith(("out", "read-only")):
            *args, out = args  # type: ignore[assignment]
        else:
            out = None
        if reason == "out that is an input":
            args = [X, out := Y.copy()]  # type: ignore[assignment]
            args[1] = out  # type: ignore[index]
        try:
            result = k(*args, out=out)
        except Exception as e:
            return type(e), str(e)
        return type(result), result.tobytes(), result.dtype, out is None or result is out

    found = outcome()
    assert not short[-1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ENTRY, "call", entry._always_the_long_way)
        assert outcome() == found


def test_an_overlap_that_only_bytes_have(short: Shorts) -> None:
    k = kernel(N=8)
    memory = np.arange(16, dtype=np.float32)
    warm(lambda: k(X, Y, out=memory[8:]), short)
    k(memory[:8], Y, out=memory[8:])  # neighbours
    assert short[-1]
    with pytest.raises(ArgumentError, match="out overlaps the input a"):
        k(memory[:8], Y, out=memory[7:15])
    assert not short[-1]


def test_a_check_inside_the_kernel(short: Shorts) -> None:
    k = kernel("def f(float(N) x, int32(M) p) -> (y) { y(i) = x(p(i)) }", N=8, M=2)
    good, bad = np.array([3, 1], np.int32), np.array([3, 9], np.int32)
    np.testing.assert_array_equal(warm(lambda: k(X, good), short), X[good])
    out = np.full(2, 5, np.float32)
    with pytest.raises(ArgumentError, match="p"):
        k(X, bad, out=out)
    assert not short[-1]
    assert (out == 5).all()


def test_fixed_and_open_scalars_are_looked_at() -> None:
    text = "def f(float(N) x, int32 s) -> (y) { y(i) = x(i) + x(s) where i in 0:s }"
    k = polyc.compile(text).specialize({"s": 3})
    for _ in range(4):
        np.testing.assert_array_equal(k(X, 3), X[:3] + X[3])
        with pytest.raises(ArgumentError, match="specialised for 3"):
            k(X, 4)
    op = polyc.compile(text)
    for s in (3, 4, 3, 4, 3, 4):
        np.testing.assert_array_equal(op(X, s), X[:s] + X[s])


def test_descriptors_that_may_die_are_not_remembered(short: Shorts) -> None:
    k = kernel(N=8)
    x = X.view(np.dtype("f4", metadata={"a": 1}))
    for _ in range(4):
        np.testing.assert_array_equal(k(x, Y), X + 2 * Y)
    assert not short


@pytest.mark.parametrize("what", ["implementation", "gil", "interpreter", "layout", "numpy"])
def test_where_it_is_off(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    match what:
        case "implementation":
            monkeypatch.setattr(sys.implementation, "name", "other")
        case "gil":
            monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)
        case "interpreter":
            monkeypatch.setattr(entry, "_main_interpreter", lambda: False)
        case "layout":
            monkeypatch.setattr(entry_layout, "FLAGS", entry_layout.STRIDES)
        case "numpy":
            monkeypatch.setattr(np, "__version__", "3.0.0")
    fresh = entry.Entry()
    assert not fresh.load()
    assert fresh.call((), (), None, None) is NotImplemented


# ---- memory, threads, processes
def test_nothing_is_kept_and_nothing_lost() -> None:
    k, two = kernel(N=100), kernel(TWO, N=8, M=100)
    a, b, out = (np.ones(100, np.float32) for _ in range(3))
    pair, twice = np.empty((8, 100), np.float32), np.ones(8, np.float32)
    wrong = np.ones(99, np.float32)
    gather = kernel("def f(float(N) x, int32(M) p) -> (y) { y(i) = x(p(i)) }", N=8, M=2)
    good, bad, short = (
        np.array([3, 1], np.int32),
        np.array([3, 9], np.int32),
        np.ones(2, np.float32),
    )
    objects = (a, b, out, pair, twice, np.dtype(np.float32), np.dtype(np.uint8), k, wrong, short)

    def many(n: int) -> None:
        for _ in range(n):
            k(a, b)
            k(a, b, out=out)
            two(twice, a, out=(None, pair))
            gather(twice, good, out=short)
            ENTRY.call(gather._calls.rows, (twice, bad), short, None)  # fails inside
            ENTRY.call(gather._calls.rows, (twice, bad), None, None)
            ENTRY.call(k._calls.rows, (a, wrong), None, None)
            ENTRY.call(k._calls.rows, (a, b), wrong, None)

    many(1000)
    counts = [sys.getrefcount(x) for x in objects]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    many(50_000)
    assert [sys.getrefcount(x) for x in objects] == counts
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8 << 10  # KiB
    results = [k(a, b) for _ in range(3)]
    assert all(sys.getrefcount(r) == 3 for r in results)
    assert all(r.ctypes.data % 64 == 0 and r.flags.writeable for r in results)


def test_results_live_on_their_own(short: Shorts) -> None:
    k = kernel(N=1000)
    a = np.arange(1000, dtype=np.float32)
    results = [warm(lambda n=n: k(a + n, a), short) for n in range(20)]  # type: ignore[misc]
    for n, r in enumerate(results):
        np.testing.assert_array_equal(r, a + np.float32(n) + 2 * a)
        assert r.flags.c_contiguous
        assert r.strides == (4,)


def test_code_lives_as_long_as_its_table(short: Shorts) -> None:
    op = polyc.compile(ADD)
    op._kernels = type(op)(ADD, None, None, None)._kernels  # one cache more, to be emptied
    warm(lambda: op(X, Y), short)
    op._kernels.cache_clear()
    op._plans.cache_clear()
    np.testing.assert_array_equal(op(X, Y), X + 2 * Y)
    assert short[-1]


def test_python_threads_share_a_kernel(short: Shorts) -> None:
    k = kernel(MATMUL, M=48, K=48, N=48)
    a = np.random.default_rng(0).random((48, 48), np.float32)
    expected = warm(lambda: k(a, a), short)

    def work(_: int) -> bool:
        return all(k(a, a).tobytes() == expected.tobytes() for _ in range(200))

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(work, range(16)))


def test_the_gil_is_released(short: Shorts) -> None:
    text = "def f(float(N) x) -> (y) { y(i) += x(j) * x(i) + x(i) / (x(j) + 1) }"
    k = polyc.compile(text).specialize({"N": 20_000}, options=polyc.Options(threads=1))
    x = np.ones(20_000, np.float32)
    warm(lambda: k(x), short)
    go = threading.Event()
    ran: Shorts = []

    def other() -> None:
        go.wait()
        ran.append(True)

    thread = threading.Thread(target=other)
    interval = sys.getswitchinterval()
    try:
        thread.start()
        sys.setswitchinterval(100)  # nobody is asked to give the GIL up
        go.set()
        k(x)  # the other thread runs only if this call lets it
        assert ran
    finally:
        sys.setswitchinterval(interval)
        thread.join()
    assert short[-1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("backend", ["llvm", "c"])
def test_a_forked_child_goes_the_short_way(short: Shorts, backend: str) -> None:
    op = polyc.compile("def f(float(N,M) x) -> (y) { y(n) += x(n,m) }")
    k = op.specialize({"N": 4000, "M": 300}, options=polyc.Options(backend=backend, threads=2))  # type: ignore[arg-type]
    x = np.ones((4000, 300), np.float32)
    warm(lambda: k(x), short)
    pid = os.fork()
    if pid == 0:
        threading.Timer(30, os._exit, [42]).start()
        status = 1
        try:
            status = 0 if (k(x) == 300).all() and short[-1] else 1
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_an_interrupt_comes_after_the_kernel(short: Shorts) -> None:
    import signal

    k = polyc.compile("def f(float(N) x) -> (y) { y(i) += x(j) * x(i) + x(i) / (x(j) + 1) }")
    s = k.specialize({"N": 20_000}, options=polyc.Options(threads=1))
    x, out = np.ones(20_000, np.float32), np.zeros(20_000, np.float32)
    expected = warm(lambda: s(x), short).copy()
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    previous = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            run_for_ever(lambda: s(x, out=out))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert out.tobytes() == expected.tobytes()


def run_for_ever(call: Callable[[], object]) -> None:
    while True:
        call()


# ---- against the long way, at random
@pytest.mark.parametrize("seed", range(20))
def test_random_calls_agree_with_the_long_way(short: Shorts, seed: int) -> None:
    rng = np.random.default_rng(seed)
    kinds = [np.float32, np.float64, np.int64, np.complex64]
    text = str(rng.choice(["ij,jk->ik", "ij,kj->ik", "ij,ij->i", "ij,ik->jk"]))
    op = polyc.compile(text)

    def operand() -> Any:
        a = (rng.random((4, 8)) * 9).astype(kinds[int(rng.integers(4))])
        n = int(rng.integers(6))
        views = [a[:, :4], a[::-1, ::2], a[:, :4].T, a[:, :4].copy(), a[:, :4].copy(), a[:3, :4]]
        return views[n]

    calls: list[Callable[..., Any]] = [op, lambda *xs: polyc.einsum(text, *xs)]
    pool = [(operand(), operand()) for _ in range(6)]
    for _ in range(60):
        pair = pool[int(rng.integers(6))]
        call = calls[int(rng.integers(2))]
        found = outcome(call, pair)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ENTRY, "call", entry._always_the_long_way)
            assert outcome(call, pair) == found
    assert any(short)


def outcome(call: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    try:
        r = call(*args)
    except Exception as e:
        return type(e), str(e)
    return type(r), r.dtype, r.shape, r.strides, r.tobytes()
