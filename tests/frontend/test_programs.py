"""Every program of the corpus loads, and the oracle gives NumPy's answer."""

from __future__ import annotations

import numpy as np
import pytest

from polyc.frontend import load
from polyc.frontend.bind import bind
from polyc.frontend.reference import run
from tests.programs import CORPUS, Case


@pytest.mark.parametrize("case", CORPUS.values(), ids=list(CORPUS))
def test_oracle_is_numpy(case: Case) -> None:
    program = load(case.text, entry=case.entry, consts=case.consts)
    for sizes in (case.smoke, *case.odd[:1]):
        inputs = case.inputs(sizes)
        shapes = {n: np.shape(v) for n, v in inputs.items()}
        ints = {
            n: int(v)
            for n, v in inputs.items()
            if np.shape(v) == () and isinstance(v, (int, np.integer))
        }
        found = run(program, inputs, bind(program, shapes, ints))
        case.check(tuple(found.values()), inputs, sizes)


@pytest.mark.parametrize("case", CORPUS.values(), ids=list(CORPUS))
def test_sizes_are_those_of_the_text(case: Case) -> None:
    program = load(case.text, entry=case.entry, consts=case.consts)
    assert {s.display for s in program.sizes} == set(case.smoke)
