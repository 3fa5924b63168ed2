"""Small versions of `make stress`."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import polyc
from polyc.codegen import native
from tests.stress import cache, pool

linux = pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")


@pytest.mark.parametrize("k", range(0, 90, 7))
def test_the_pool_is_right(k: int) -> None:
    pool.check(k)


def test_processes_that_are_killed_harm_nobody(tmp_path: Path) -> None:
    found = cache.run(5, 25, 2, tmp_path / "cache", kinds=30)
    assert found.good, found
    assert found.ended >= 3
    assert found.entries > 30
    again = cache.run(2, 25, 0, tmp_path / "cache", kinds=30, seed=2)
    assert again.good, again
    assert again.ended == 2


def test_what_is_dropped_is_gone_at_once() -> None:
    """Without the collector, which may come thousands of kernels later."""
    x = np.ones(5, np.float32)
    op = polyc.compile("def f(float(N) x) -> (y) { y(i) = 3 * x(i) + 1 }")
    kernel = op.specialize({"N": 5})
    for _ in range(3):
        assert op(x)[0] == kernel(x)[0] == 4
    code = kernel.function(()).loaded
    assert isinstance(code, native.Loaded)
    held: list[weakref.ref[Any]] = [weakref.ref(op), weakref.ref(kernel), weakref.ref(code.library)]
    gc.disable()
    try:
        del op, kernel, code
        assert [ref() for ref in held] == [None] * 3
    finally:
        gc.enable()


# In a process of its own: the tests before would decide what the allocator has left over.
SMALL = """
from tests.stress import memory
kinds = memory.calls()
for name, step, warm, count in (
    ("kernels", memory.compile_and_drop, 128, 256),
    ("calls", lambda n: kinds[n % len(kinds)](), 4000, 20_000),
):
    print(name, memory.growth(step, warm, count))
"""


@linux
def test_memory_does_not_grow_with_kernels_or_calls() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SMALL],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    found = {name: float(n) for name, n in map(str.split, done.stdout.splitlines())}
    assert found["kernels"] < 16_000  # 32 KB where passes and libraries were kept
    assert found["calls"] < 32
