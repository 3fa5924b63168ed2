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


def test_import_loads_no_compiler() -> None:
    code = f"import sys, polyc; print([m for m in {HEAVY} if m in sys.modules])"
    assert python(code) == "[]\n"


def test_a_warm_start_loads_only_what_it_needs(tmp_path: Path) -> None:
    """What 30 ms from a text to its result allow; an import of one of these takes 1 to 40."""
    code = CALL + "names = set(sys.modules)\n"
    code += (
        "print([m for m in ('platformdirs', 'click', 'rich', 'subprocess', 'sympy') if m in names])"
    )
    python(code, cache=tmp_path)
    assert python(code, cache=tmp_path).splitlines()[-1] == "[]"


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


def test_a_warm_operator_needs_no_parser(tmp_path: Path) -> None:
    code = """
import sys, numpy as np, polyc
op = polyc.compile("def f(float(N) x, float a) -> (y) { y(i) = a * x(i) }")
x = np.ones(3, np.float32)
assert op(x, 2)[0] == 2 and op.sizes == ("N",)
assert op.specialize({"N": 3})(x, 2)[0] == 2
assert op.specialize()(x, 2)[0] == 2
print(*(m for m in ("islpy", "lark") if m in sys.modules))
"""
    assert python(code, cache=tmp_path) == "islpy lark\n"
    assert python(code, cache=tmp_path) == "\n"


def test_names_and_their_absence() -> None:
    assert polyc.errors.LanguageError is polyc.LanguageError
    assert polyc.__version__.count(".") == 2
    assert set(polyc.__all__) <= set(dir(polyc))
    with pytest.raises(AttributeError, match="module 'polyc' has no attribute 'explain'"):
        polyc.explain  # type: ignore[attr-defined]  # noqa: B018


def test_nothing_is_printed(tmp_path: Path) -> None:
    code = """
import numpy as np, polyc
polyc.einsum("ij,jk->ik", np.ones((3, 3)), np.ones((3, 3)))
polyc.compile("def f(float(N) x) -> (y) { y(i) = x(i) }").specialize({}).certificate
"""
    assert python(code, cache=tmp_path) == ""
