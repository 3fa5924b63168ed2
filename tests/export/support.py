"""Compilers, emulators and symbol tables around exports."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

COMPILERS = tuple(c for c in ("gcc", "clang") if shutil.which(c))
STRICT = ("-std=c11", "-Wall", "-Wextra", "-Werror")
needs_cc = pytest.mark.skipif(not COMPILERS, reason="compiles C: neither gcc nor clang on the PATH")
needs_nm = pytest.mark.skipif(shutil.which("nm") is None, reason="reads symbols: no nm on the PATH")


def run(*command: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stderr
    return done


def library(compiler: str, source: Path, out: Path, *flags: str) -> Path:
    """The exported C source alone as a shared library, without a warning."""
    run(compiler, *STRICT, *flags, "-shared", "-fPIC", "-o", out, source, "-lm")
    return out


def symbols(file: Path) -> set[str]:
    """Global symbols that a file defines."""
    dynamic = ["-D"] if file.suffix == ".so" else []
    lines = run("nm", *dynamic, "--defined-only", "--extern-only", file).stdout.splitlines()
    return {line.split()[-1] for line in lines if line.strip()}
