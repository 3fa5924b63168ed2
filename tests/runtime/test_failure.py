"""Failures provoked for real: memory, Ctrl-C, compilers, processors. Outputs and cache survive."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import polyc
from polyc import recipe, target
from polyc.errors import CompileError, ResourceError

posix = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")
needs_cc = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler on the PATH")
POWER = """def f(float(N) x) -> (y) {
    t(i,j,k,l) = x(i) * x(j) * x(k) * x(l)
    u(i,j,k,l) = t(l,k,j,i) + 1
    y(i) += u(i,j,k,l) * t(j,i,l,k) }"""


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", textwrap.dedent(code)]
    env = {**os.environ, **environment}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=300)


# ---- memory
@pytest.mark.parametrize("n", [1 << 12, 1 << 18])  # the second size is over 64 bits
def test_a_workspace_that_does_not_fit_is_refused(n: int) -> None:
    kernel = polyc.compile(POWER, options=polyc.Options(fusion="none")).specialize({})
    for _ in range(3):  # after these the native entry takes calls
        kernel(np.ones(4, np.float32))
    out = np.full(n, 7, np.float32)
    for result in (out, None):
        with pytest.raises(ResourceError, match=r"no memory for .* bytes"):
            kernel(np.ones(n, np.float32), out=result)
    assert (out == 7).all()
    assert (kernel(np.ones(2, np.float32)) == 16).all()


@posix
def test_a_limit_of_memory_is_an_error_and_the_process_goes_on() -> None:
    done = python("""
        import resource
        import numpy as np, polyc
        text = "def f(float(N) x) -> (y) { t(i,j) = x(i)*x(j)\\n y(i) += t(j,i)*t(i,j) }"
        op = polyc.compile(text, options=polyc.Options(fusion="none"))
        small, large = np.ones(8, np.float32), np.ones(40_000, np.float32)
        out = np.full(40_000, 7, np.float32)
        kernel = op.specialize({})
        kernel(small)
        used = int(open("/proc/self/statm").read().split()[0]) * 4096
        resource.setrlimit(resource.RLIMIT_AS, (used + (1 << 30),) * 2)
        for _ in range(3):
            try:
                kernel(large, out=out)
            except polyc.ResourceError as e:
                print(type(e).__name__, isinstance(e, MemoryError), (out == 7).all())
            print((kernel(small) == 8).all())
        """)
    assert done.stdout.split("\n")[:-1] == ["ResourceError True True", "True"] * 3, done.stderr


# ---- Ctrl-C
COMPILING = """
    import random, signal, sys, time
    import polyc, numpy as np
    seed, rounds = int(sys.argv[1]), 12
    rng = random.Random(seed)
    x = np.arange(12, dtype=np.float32).reshape(3, 4)
    hits = 0
    for k in range(rounds):
        body = f"t(i) += x(i,j) * {k}\\n y(i) = t(i) + exp(t(i) * 0)"
        text = f"def f{seed}_{k}(float(N,M) x) -> (y) {{ {body} }}"
        signal.setitimer(signal.ITIMER_REAL, rng.random() ** 2 * 0.7 + 1e-4)
        try:
            polyc.compile(text)(x)
        except KeyboardInterrupt:
            hits += 1
        signal.setitimer(signal.ITIMER_REAL, 0)
        found = polyc.compile(text)(x)
        assert np.array_equal(found, x.sum(1) * k + 1), (k, found)
    print(hits)
    """


@posix
@pytest.mark.parametrize("seed", [1, 2])
def test_ctrl_c_at_any_time_leaves_a_compiler_that_works(seed: int, tmp_path: Path) -> None:
    code = textwrap.dedent(COMPILING).replace("int(sys.argv[1])", str(seed))
    prelude = "import signal; signal.signal(signal.SIGALRM, signal.default_int_handler)\n"
    done = python(prelude + code, POLYC_CACHE_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout) > 0
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]  # half-written
    again = python(code.replace("0.7", "1000"), POLYC_CACHE_DIR=str(tmp_path))
    assert again.returncode == 0, again.stderr[-3000:]


@posix
def test_ctrl_c_arrives_when_the_kernel_is_done() -> None:
    """The kernel's machine code cannot be stopped: the output is completely written by then."""
    kernel = polyc.compile("def f(float(N) x) -> (y) { y(i) += x(j) * x(i) + x(i) / (x(j) + 1) }")
    k = kernel.specialize({"N": 60_000})
    x = np.ones(60_000, np.float32)
    expected, out = k(x), np.full(60_000, 7, np.float32)

    def call_until_interrupted(delay: float) -> None:
        signal.setitimer(signal.ITIMER_REAL, delay)
        while True:
            k(x, out=out, threads=1)

    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        for delay in (1e-4, 0.02, 0.05):
            out[:] = 7
            with pytest.raises(KeyboardInterrupt):
                call_until_interrupted(delay)
            assert np.array_equal(out, expected) or (out == 7).all()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert np.array_equal(k(x), expected)


@posix
@pytest.mark.parametrize("delay", [0.05, 0.3, 1.5])
def test_ctrl_c_on_the_command_line_is_one_line_and_status_130(delay: float) -> None:
    body = "\n".join(f"T{k + 1}(i) = T{k}(i) + {k}" for k in range(400))
    text = f"def f(float(N) x) -> (y) {{ T0(i) = x(i)\n{body}\ny(i) = T400(i) }}"
    code = "from polyc.__main__ import main; import os; os.write(1, b'on'); main()"
    command = [sys.executable, "-c", code, "run", text, "--random", "--size", "N=8"]
    env = {**os.environ, "POLYC_CACHE": "0"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, env=env) as child:
        assert child.stdout is not None
        assert child.stdout.read(2) == b"on"
        time.sleep(delay)
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=120)
    assert (child.returncode, err) == (130, b"polyc: interrupted\n")


# ---- compilers, runtimes, processors
def test_without_a_c_compiler_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.delenv("CC", raising=False)
    with polyc.config(backend="c", cache=False), pytest.raises(CompileError, match="'cc' is not"):
        polyc.einsum("ij->i", np.ones((2, 3)))
    with polyc.config(backend="llvm", cache=False):  # this one needs none
        assert polyc.einsum("ij->i", np.ones((2, 3))).shape == (2,)


@needs_cc
def test_a_c_compiler_that_fails_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken-cc"
    broken.write_text("#!/bin/sh\necho 'kernel.c:1: error: no space left' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CC", str(broken))
    with polyc.config(backend="c", cache=False), pytest.raises(CompileError, match="no space left"):
        polyc.einsum("ij->i", np.ones((2, 3)))


def test_code_for_a_processor_that_is_not_this_one_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import llvmlite.binding as llvm

    with polyc.config(target="x86-64-v4"):
        kernel = polyc.compile("i->").specialize({"i": 64})  # may be made anywhere
    features = dict.fromkeys(llvm.get_host_cpu_features(), False)
    monkeypatch.setattr(llvm, "get_host_cpu_features", lambda: features)
    with pytest.raises(CompileError, match=r"does not run on this processor: it has no sse4\.2"):
        kernel(np.ones(64, np.float32))


def test_the_cache_of_another_processor_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The home of a cluster's users: one folder, many kinds of processors."""
    made = recipe.Recipe("i->", None, (), ("float32",), ((64,),))
    here = recipe._key("", made, polyc.Options(), ())
    other = target.Target("host", "x86_64-unknown-linux-gnu", "znver9", "+avx1024", 128, 64, True)
    monkeypatch.setattr(recipe, "target", lambda *_: other)
    assert recipe._key("", made, polyc.Options(), ()) != here


@pytest.mark.parametrize("phase", ["schedule", "everything"])
def test_a_spent_budget_still_gives_a_right_kernel(phase: str) -> None:
    a = np.arange(30, dtype=np.float32).reshape(5, 6)
    options: Any = {"schedule": {"budget": 1}, "everything": {"budget": 1, "fusion": "max"}}[phase]
    text = "def f(float(N,M) x) -> (y) { t(i) max= x(i,j)\n y(i,j) = x(i,j) - t(i) }"
    with polyc.config(cache=False, **options):
        found = polyc.compile(text)(a)
    np.testing.assert_array_equal(found, a - a.max(1, keepdims=True))
