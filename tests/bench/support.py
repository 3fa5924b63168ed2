"""What the tests of `polyc bench` share: small operators, and runs made up by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from polyc.bench import cases
from polyc.bench.contenders import compiler
from polyc.bench.results import Result, Run
from polyc.roofs import Roofs

needs_cc = pytest.mark.skipif(compiler() is None, reason="no C compiler on this machine")
ROOFS = Roofs(
    1, {"float32": 1e11, "float64": 5e10}, dict.fromkeys(("L1", "L2", "L3", "DRAM"), 5e10)
)


def small(name: str, most: int = 12) -> cases.Case:
    """An operator of the suites at sizes that take no time."""
    found = cases.case(name)
    return replace(found, sizes={k: min(n, most) for k, n in found.sizes.items()})


def row(op: str, contender: str, samples: Sequence[float], about: Any = None) -> Result:
    """A result of two calls a turn."""
    turns = [2] * (len(samples) // 2)
    return Result(
        *(op, contender, 1, samples, turns, 2_000_000, 40_000, 1e-7, 0.1), 2048, 3, about=about
    )


def made(rows: Sequence[Result], versions: dict[str, Any] | None = None) -> Run:
    """A run with these results."""
    run = Run({"caches": {"L1": 32768, "L2": 1 << 20}}, {"rounds": 10, "turn_s": 0.01}, {1: ROOFS})
    run.results += rows
    run.versions |= versions or {}
    for r in rows:
        facts = {"text": "C[i,j] += A[i,k] * B[k,j]", "sizes": {"M": 64}, "reference": "numpy"}
        run.ops[r.op] = facts
    return run
