"""The same text gives the same bytes, in this process and in others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from polyc.codegen.build import build
from polyc.options import Options
from tests.programs import CORPUS
from tests.scheduler.support import V3, case

NAMES = ("attention", "lstm", "conv_depthwise_then_pointwise")


def text(name: str) -> str:
    """Everything the scheduler and the code generator print of a program."""
    c = case(CORPUS[name].text, CORPUS[name].smoke)
    s = c.schedule()
    loops = build(c.program, s, V3, Options())
    parts = (c.deps, s, *s.storage, *s.decisions, c.verify(s), loops)
    return "\n".join(map(str, parts))


@pytest.mark.parametrize("name", NAMES)
def test_twice_in_one_process(name: str) -> None:
    assert text(name) == text(name)


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_in_processes_with_other_hashes(hash_seed: str, root: Path) -> None:
    program = f"""
from tests.scheduler.test_determinism import text
for name in {tuple(reversed(NAMES))}:
    print(text(name))
"""
    env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(root)}
    found = subprocess.run(
        [sys.executable, "-c", program],
        env=env,
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == "".join(f"{text(name)}\n" for name in reversed(NAMES))
