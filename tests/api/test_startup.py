"""What an import and a warm start may load, and how long they may take."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import polyc

HEAVY = ("islpy", "llvmlite", "lark", "sympy", "click", "rich", "opt_einsum", "platformdirs")


def python(code: str, *, cache: Path | None = None) -> str:
    environment = {**os.environ, **({"POLYC_CACHE_DIR": str(cache)} if cache else {})}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def test_import_loads_nothing() -> None:
    code = f"import sys, polyc; print([m for m in {(*HEAVY, 'numpy')} if m in sys.modules])"
    assert python(code) == "[]\n"


def test_the_names_load_no_compiler() -> None:
    code = (
        "import sys, polyc\nfor name in polyc.__all__: getattr(polyc, name)\n"
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    assert python(code) == "[]\n"


CALL = """
import sys
import numpy as np, polyc
a = np.arange(64, dtype=np.float32).reshape(8, 8)
c = polyc.einsum("mk,kn->mn", a, a)
assert (c == a @ a).all()
print(*(m for m in ("islpy", "lark", "opt_einsum", "polyc.driver") if m in sys.modules))
"""


def test_a_warm_start_loads_neither_frontend_nor_scheduler(tmp_path: Path) -> None:
    assert "polyc.driver" in python(CALL, cache=tmp_path).split()
    assert python(CALL, cache=tmp_path).split() == []
