"""A few kernels of the C backend under sanitizers; `make sanitize` runs all of them and more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.safety import sanitize

pytestmark = pytest.mark.skipif(
    not sanitize.available(), reason="needs gcc with the libraries of its sanitizers"
)


def test_some_kernels_are_clean(root: Path) -> None:
    command = [sys.executable, "-m", "tests.safety.sanitize", "softmax"]
    done = subprocess.run(
        [*command, "--random", "1"], cwd=root, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.count("clean") == 3


def test_an_access_past_an_array_is_found(root: Path) -> None:
    """The sanitizers look at the code that runs: a kernel that reads past its input stops."""
    code = """
import polyc, numpy as np
from polyc import driver
from tests.safety.test_checks import moved
from tests.safety.sanitize import OPTIONS
right = driver.build
driver.build = lambda *args: moved(right(*args), "x", 40)
polyc.compile("def f(float(N) x) -> (y) { y(i) = x(i) + 1 }", options=OPTIONS)(np.ones(64, "f4"))
"""
    done = sanitize.run(["-c", code], cwd=root, capture_output=True, timeout=300)
    assert done.returncode != 0
    assert "ERROR: AddressSanitizer" in done.stderr
