"""Random affine programs: both backends give exactly the oracle's values.

`POLYC_TEST_PROGRAMS` says how many are drawn (100; `make property` draws 2,000).
"""

from __future__ import annotations

import os
import shutil
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import polyc
from tests.property.generator import EXACT, Program, draw

PROGRAMS = int(os.environ.get("POLYC_TEST_PROGRAMS", "100"))
BACKENDS = ("llvm", "c") if shutil.which("cc") else ("llvm",)


def _tuple(found: Any) -> tuple[NDArray[Any], ...]:
    return found if isinstance(found, tuple) else (found,)


def _options(seed: int, backend: str) -> dict[str, Any]:
    """Options take turns with the seed."""
    return {
        "backend": backend,
        "fusion": ("auto", "max", "none")[seed % 3],
        "math": ("fast", "strict")[seed // 3 % 2],
        "threads": 1 + seed // 6 % 2,
        "check": seed % 5 == 0,  # its tests inside the code too; proved legal are all of them
        "cache": False,
    }


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_a_random_program(seed: int) -> None:
    program = draw(seed)
    arguments = program.arguments(seed)
    operator = polyc.compile(program.text)
    expected = _tuple(operator.reference(**arguments))
    sizes = program.sizes if seed % 4 else {}  # every fourth: one kernel for all sizes
    for backend in BACKENDS:
        with polyc.config(**_options(seed, backend)):
            found = _tuple(operator.specialize(sizes)(**arguments))
        for spec, got, want in zip(operator.outputs, found, expected, strict=True):
            where = f"seed {seed}, {_options(seed, backend)}, {spec.name}\n{_shown(program)}"
            np.testing.assert_array_equal(got.astype(want.dtype), want, where)


def _shown(program: Program) -> str:
    return f"{program.text}\nsizes {program.sizes}"


def test_programs_are_drawn_from_the_seed_alone() -> None:
    assert draw(7) == draw(7)
    assert len({draw(seed).text for seed in range(50)}) == 50


def test_values_stay_exact() -> None:
    """The promise that lets the test above ask for equality."""
    for seed in range(0, 100, 7):
        program = draw(seed)
        for out in _tuple(polyc.compile(program.text).reference(**program.arguments(seed))):
            assert np.abs(out[np.isfinite(out)]).max(initial=0) <= 2 * EXACT
