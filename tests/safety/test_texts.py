"""Text from strangers ends in a result or a clear error: no hang, no flood of memory, no file."""

from __future__ import annotations

import builtins
import io
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

import polyc
from polyc.errors import PolycError, ResourceError
from tests.safety.hostile import HOSTILE


@pytest.fixture(scope="module")
def answers(root: Path) -> dict[str, str]:
    """What a process with 4 GiB says to each hostile text."""
    command = [sys.executable, "-m", "tests.safety.hostile"]
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(line) for line in done.stdout.splitlines())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused(name: str, answers: dict[str, str]) -> None:
    found = answers[name]
    assert HOSTILE[name][1] in found
    assert len(found) < 5000  # an error is for reading, however long the text is
    assert found.startswith(("LanguageError", "ResourceError", "ArgumentError"))


def test_generated_code_has_a_largest_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("polyc.limits.CHARACTERS", 1000)
    with polyc.config(cache=False), pytest.raises(ResourceError, match="the limit is 1000"):
        polyc.einsum("ij,jk->ik", np.ones((4, 4)), np.ones((4, 4)))


def test_isl_has_a_largest_number_of_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("polyc.limits.OPERATIONS", 1)
    with (
        polyc.config(cache=False, budget=1),
        pytest.raises(ResourceError, match=r"more than 100 operations of isl.*option budget"),
    ):
        polyc.einsum("ij,jk->ik", np.ones((5, 4)), np.ones((4, 4)))
    monkeypatch.undo()
    with polyc.config(cache=False, budget=1):  # a small budget alone is no error
        found = polyc.einsum("ij,jk->ik", np.ones((5, 4)), np.ones((4, 4)))
    np.testing.assert_array_equal(found, np.full((5, 4), 4.0))


FILES = ("/etc/passwd", "secret.pc", "../secret.txt", "file:///etc/passwd", "~/.netrc", "secret")
CODE = (
    "__import__('os').system('touch owned')",
    "O(i) = exec(I(i))",
    "O(i) = __import__(i)",
    "O(i) = I(i); import os",
    "O(i) = I(i) # \n system(I(i))",
)


@pytest.mark.parametrize("text", [*FILES, *CODE])
def test_a_text_opens_nothing_and_runs_nothing(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the command line reads files: a text that is a path is a text."""
    polyc.compile("O(i) = I(i)")  # the grammar and the parser are there
    for name in ("secret.pc", "secret.txt", "secret"):
        (tmp_path / name).write_text("O(i) = 2 * I(i)")
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in" if text.startswith("..") else tmp_path)

    def refuse(path: object, *_: object, **__: object) -> io.StringIO:
        raise AssertionError(f"opened {path}")

    monkeypatch.setattr(builtins, "open", refuse)
    monkeypatch.setattr(io, "open", refuse)
    monkeypatch.setattr(os, "open", refuse)
    for go in (polyc.compile, lambda t: polyc.einsum(t, np.ones(3))):
        with polyc.config(cache=False), suppress(PolycError):
            go(text)  # a name may well be a tensor's: `exec` here means an input
    monkeypatch.undo()
    assert not list(tmp_path.rglob("owned"))
