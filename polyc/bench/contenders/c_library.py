"""C from files: compiled by the system's compiler for this machine, called through ctypes."""

from __future__ import annotations

import ctypes
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from polyc.bench.contenders import compiler
from polyc.errors import CompileError

# Not -ffast-math itself: libraries linked with it have their loader flush denormal numbers to zero
# in the thread that loads them, for everything else in the process too.
_FAST = (
    *("-fassociative-math", "-freciprocal-math", "-ffinite-math-only", "-fno-signed-zeros"),
    *("-fno-trapping-math", "-fno-math-errno"),
)
FLAGS = ("-std=gnu11", "-O3", "-march=native", *_FAST, "-fopenmp", "-shared", "-fPIC")


def compiler_version() -> str:
    done = subprocess.run([compiler() or "cc", "--version"], capture_output=True, text=True)
    return done.stdout.partition("\n")[0]


def library(source: Path) -> tuple[Any, bytes]:
    """The file as a shared library of this process, and its bytes. CompileError with the
    compiler's words where it does not compile."""
    handle, path = tempfile.mkstemp(suffix=".so")
    os.close(handle)
    try:
        command = [compiler() or "cc", *FLAGS, str(source), "-o", path, "-lm"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CompileError(f"{source.name}: {done.stderr.strip()}")
        return ctypes.CDLL(path), Path(path).read_bytes()
    finally:
        os.unlink(path)
