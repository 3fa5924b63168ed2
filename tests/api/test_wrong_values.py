"""Values of the wrong kind, and sizes that no array has: a clear error at the door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import polyc
from polyc.cli import main
from polyc.errors import ArgumentError

TEXT = "def f(float(M,K) A, float(K,N) B) -> (C) { C(i,j) += A(i,k) * B(k,j) }"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: polyc.compile(None), "text: found NoneType, expected str"),  # type: ignore[arg-type]
        (lambda: polyc.compile(b"ij->"), "text: found bytes, expected str"),  # type: ignore[arg-type]
        (lambda: polyc.compile(TEXT, entry=3), "entry: found int"),  # type: ignore[arg-type]
        (lambda: polyc.compile(TEXT, consts=[1]), "consts: found list"),  # type: ignore[arg-type]
        (lambda: polyc.compile(TEXT).specialize([3]), "sizes: found list"),  # type: ignore[arg-type]
        (lambda: polyc.compile(TEXT).specialize({"M": 10**30}), "at most"),
        (lambda: polyc.Options(check="no"), "check: found 'no', expected True or False"),  # type: ignore[arg-type]
        (lambda: polyc.Options(cache=3), "cache: found 3, expected True or False"),  # type: ignore[arg-type]
    ],
)
def test_refused_with_a_reason(call: Callable[[], Any], words: str) -> None:
    with pytest.raises(ArgumentError, match=words.replace("(", r"\(")):
        call()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["run", TEXT, "--random", "--size", f"M=5,N=7,K={10**20}"], "at most"),
        (["run", TEXT, "--random", "--size", f"M=5,N={2**39},K={2**39}"], "no memory"),
        (["run", "nosuch.pc"], "no such file"),
    ],
)
def test_command_line_ends_with_status_2(args: list[str], words: str) -> None:
    result = CliRunner().invoke(main, args)
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output


def test_output_has_the_name_that_was_given(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(4.0))
    target = tmp_path / "result"
    args = ["run", "i->", str(tmp_path / "a.npy"), "-o", str(target)]
    assert CliRunner().invoke(main, args).exit_code == 0
    assert np.load(target) == 6
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["a.npy", "result"]


def test_long_sums_are_looked_at_in_constant_memory() -> None:
    kernel = polyc.compile(TEXT).specialize({"M": 2, "N": 64, "K": 10**8})
    assert "for" in str(kernel.loops)
