"""`polyc.load`: calls, what it refuses, and that it needs no compiler."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import polyc
from polyc.files import place
from tests.export.support import COMPILERS, library, needs_cc

TEXT = """
def f(float(M,K) A, float alpha, float(K,N) B) -> (C, s) {
  C(m,n) += alpha * A(m,k) * B(k,n)
  s(m) max= C(m,n)
}
"""
Files = polyc.Export
pytestmark = needs_cc


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return polyc.compile(TEXT).specialize({}).export(tmp_path_factory.mktemp("made"))


@pytest.fixture
def copy(made: Files, tmp_path: Path) -> Path:
    """The JSON of a copy that a test may spoil."""
    for file in made.json.parent.iterdir():
        shutil.copy(file, tmp_path)
    return tmp_path / "f.json"


def floats(*shape: int) -> Any:
    return np.random.default_rng(sum(shape)).random(shape, np.float32)


def test_it_is_called_like_the_kernel(made: Files) -> None:
    loaded = polyc.load(str(made.json))
    a, b = floats(5, 9), floats(9, 17)
    c, s = loaded(a, 2.0, b)
    np.testing.assert_allclose(c, 2 * (a @ b), rtol=1e-5)
    np.testing.assert_array_equal(s, c.max(axis=1))
    other, again = np.empty_like(c), loaded(a, B=b, alpha=2)
    found = loaded(a, 2.0, b, out=(other, None))
    assert found[0] is other
    for x in (other, again[0]):
        np.testing.assert_array_equal(x, c)
    assert repr(loaded).startswith("<polyc.Loaded f(A: float32[M, K], alpha: float32[]")


def test_strides(made: Files) -> None:
    """Inputs are copied where they must be; an output of any strides is written."""
    loaded = polyc.load(made.json)
    a, b = floats(9, 5).T[::-1], np.broadcast_to(floats(1, 7), (9, 7))
    big = np.zeros((10, 14), np.float32)
    c, s = loaded(a, 1.0, b, out=(big[::2, ::2], None))
    np.testing.assert_allclose(big[::2, ::2], a @ b, rtol=1e-5)
    assert not big[1::2].any()
    assert not big[:, 1::2].any()
    np.testing.assert_array_equal(s, c.max(axis=1))
    read_only = floats(5, 9)
    read_only.flags.writeable = False
    loaded(read_only, 1.0, b)


def test_empty_arrays(made: Files) -> None:
    c, s = polyc.load(made.json)(floats(3, 0), 1.0, floats(0, 4))
    assert not c.any()
    assert c.shape == (3, 4)
    assert s.shape == (3,)


def test_the_answer_is_the_kernels(made: Files) -> None:
    a, b = floats(33, 65), floats(65, 70)
    found, expected = (
        polyc.load(made.json)(a, 1.5, b),
        polyc.compile(TEXT).specialize({})(a, 1.5, b),
    )
    for x, y in zip(found, expected, strict=True):
        assert x.tobytes() == y.tobytes()


A, B = floats(5, 9), floats(9, 7)
OUT = np.zeros((5, 7), np.float32)
FROZEN = np.zeros((5, 7), np.float32)
FROZEN.flags.writeable = False
WRONG: dict[str, tuple[Callable[[Any], Any], str]] = {
    "dtype": (lambda f: f(A, 1.0, B.astype("d")), "B: found float64, expected float32"),
    "rank": (lambda f: f(A[0], 1.0, B), r"A: found 1 dimensions, shape \(9,\), expected 2"),
    "extent": (lambda f: f(A, 1.0, B[1:]), r"B: found extent 8 in dimension 0 .* expected K"),
    "scalar": (lambda f: f(A, "x", B), "alpha: .*expected"),
    "missing": (lambda f: f(A, 1.0), "missing argument B; expected 3: A, alpha, B"),
    "unknown": (lambda f: f(A, 1.0, B, D=B), "unknown argument D"),
    "outs": (lambda f: f(A, 1.0, B, out=OUT), "out: found ndarray, expected a tuple of 2"),
    "out's shape": (lambda f: f(A, 1.0, B, out=(OUT[1:], None)), "C: found extent 4"),
    "out's dtype": (lambda f: f(A, 1.0, B, out=(OUT.astype("d"), None)), "C: found float64"),
    "read-only": (lambda f: f(A, 1.0, B, out=(FROZEN, None)), "C: found a read-only array"),
    "overlap": (lambda f: f(A, 1.0, A.T, out=(A[:, :5], None)), "C: out overlaps the input A"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_call(name: str, made: Files) -> None:
    call, message = WRONG[name]
    with pytest.raises(polyc.ArgumentError, match=message):
        call(polyc.load(made.json))
    assert not OUT.any()


def test_a_broken_precondition(tmp_path: Path) -> None:
    text = "def f(int w, float(N) x) -> (y) { y(i) += x(i+k) where k in 0:w }"
    loaded = polyc.load(polyc.compile(text).specialize({}).export(tmp_path).json)
    np.testing.assert_allclose(loaded(2, np.ones(4, np.float32)), [2, 2, 2])
    with pytest.raises(polyc.ArgumentError, match=r"needs N \+ 1 >= w, found w = 9, N = 4"):
        loaded(9, np.ones(4, np.float32))


BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("islpy", "llvmlite", "lark", "sympy", "click", "rich"):
            raise ImportError(f"{name} is blocked")
sys.meta_path.insert(0, Blocked())
import numpy as np, polyc
a = np.arange(6, dtype=np.float32).reshape(2, 3)
c, s = polyc.load(sys.argv[1])(a, 1.0, a.T)
print(c.tolist(), s.tolist())
"""


def test_it_needs_no_compiler(made: Files) -> None:
    command = [sys.executable, "-c", BLOCKED, str(made.json)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "[[5.0, 14.0], [14.0, 50.0]] [14.0, 50.0]\n"


# ---- files that are not what they should be
def edit(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


SPOILED: dict[str, tuple[Callable[[Path], Any], str]] = {
    "no JSON": (lambda p: p.unlink(), "f.json: cannot be read"),
    "no library": (lambda p: p.with_suffix(".so").unlink(), "f.so: cannot be read: .*f.o"),
    "half a JSON": (lambda p: p.write_text(p.read_text()[:99]), "is not the JSON of an export"),
    "another JSON": (lambda p: p.write_text("[1]"), "found list, expected an object"),
    "binary": (lambda p: p.write_bytes(b"\xff\xfe\0"), "is not the JSON of an export"),
    "no entry": (lambda p: edit(p, entry=3), "entry: found 3"),
    "a path": (lambda p: edit(p, entry="../f"), "is no name of a C function"),
    "a kind": (lambda p: edit(p, args=[{"name": "x", "kind": "gift"}]), r"args\[0\]"),
    "a dtype": (
        lambda p: edit(p, args=[{"name": "x", "kind": "input", "dtype": "f8", "shape": []}]),
        r"args\[0\]",
    ),
    "a shape": (
        lambda p: edit(p, args=[{"name": "x", "kind": "input", "dtype": "int8", "shape": ["N+"]}]),
        "ends too early",
    ),
    "inputs": (lambda p: edit(p, inputs=["A"]), "inputs: found .*expected those of args"),
    "half a library": (
        lambda p: p.with_suffix(".so").write_bytes(p.with_suffix(".so").read_bytes()[:5000]),
        "is not the library that f.json describes",
    ),
    "one bit": (
        lambda p: p.with_suffix(".so").write_bytes(
            p.with_suffix(".so").read_bytes().replace(b"free", b"fred", 1)
        ),
        "is not the library that f.json describes",
    ),
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_export(how: str, copy: Path) -> None:
    spoil, message = SPOILED[how]
    spoil(copy)
    with pytest.raises(polyc.ArgumentError, match=message):
        polyc.load(copy)


def test_a_library_of_another_kind(copy: Path) -> None:
    library_, data = copy.with_suffix(".so"), copy.with_suffix(".so").read_bytes()
    library_.write_bytes(b"no library at all")
    with pytest.raises(polyc.ArgumentError, match="is not a shared library"):
        polyc.load(copy, verify=False)
    library_.write_bytes(data[:18] + b"\x08\x00" + data[20:])
    with pytest.raises(polyc.CompileError, match="is for machine 8, and this machine is"):
        polyc.load(copy, verify=False)
    library_.write_bytes(data)
    edit(copy, entry="g")
    with pytest.raises(polyc.ArgumentError, match=r"f\.so: does not define g"):
        polyc.load(copy)


def test_a_library_compiled_again(copy: Path) -> None:
    library(COMPILERS[0], copy.with_suffix(".c"), copy.with_suffix(".so"), "-O1")
    with pytest.raises(polyc.ArgumentError, match="verify=False"):
        polyc.load(copy)
    c, _ = polyc.load(copy, verify=False)(A, 1.0, B)
    np.testing.assert_allclose(c, A @ B, rtol=1e-5)


# ---- writing
@pytest.mark.parametrize("at", ["f.so", "f.json", "f.c"])
def test_nothing_half_written(at: str, tmp_path: Path) -> None:
    (tmp_path / at).mkdir()
    with pytest.raises(polyc.ArgumentError, match="is a folder; choose a folder"):
        polyc.compile(TEXT).specialize({}).export(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [at]


def test_ctrl_c_when_a_file_was_just_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = polyc.compile(TEXT).specialize({})
    files = {tmp_path / "f.c": kernel.package().c.encode(), tmp_path / "f.h": b"header"}
    real = os.open

    def stopped(*args: Any) -> int:
        os.close(real(*args))
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "open", stopped)
    with pytest.raises(KeyboardInterrupt):
        place(files)
    assert not list(tmp_path.iterdir())


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has its name before everything is on the disk: the old files are still there."""
    kernel = polyc.compile(TEXT).specialize({})
    before = {p: p.read_bytes() for p in vars_of(kernel.export(tmp_path))}
    real, calls = os.fdopen, []

    def full(*args: Any, **named: Any) -> Any:
        calls.append(args)
        if len(calls) == 4:
            os.close(args[0])
            raise OSError(28, "No space left on device", "f.json")
        return real(*args, **named)

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(polyc.ArgumentError, match="No space left on device"):
        polyc.compile(TEXT).specialize({"M": 3}).export(tmp_path)
    assert {p: p.read_bytes() for p in tmp_path.iterdir()} == before


def vars_of(made: Files) -> list[Path]:
    assert made.so is not None
    return [made.c, made.h, made.o, made.so, made.json]


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(polyc.ArgumentError, match="cannot write"):
        polyc.compile(TEXT).specialize({}).export(tmp_path / "file" / "build")


def test_without_a_linker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library of an earlier export is not left beside a description that is not its own."""
    polyc.compile(TEXT).specialize({}).export(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.delenv("CC", raising=False)
    made = polyc.compile(TEXT).specialize({"M": 3}).export(tmp_path)
    assert made.so is None
    assert "no linker made one (cc: not on the PATH" in made.reason
    assert not (tmp_path / "f.so").exists()
    with pytest.raises(polyc.ArgumentError, match=r"f\.so: cannot be read"):
        polyc.load(made.json)
