"""Other libraries' expressions of the operators, where the library is installed."""

from __future__ import annotations

import importlib

import pytest

from polyc.bench import cases
from polyc.bench.contenders import CONTENDERS, Contender
from tests.bench.support import small


@pytest.mark.parametrize("name", ["opt_einsum", "torch", "jax", "onnxruntime", "numba"])
def test_it_computes_what_the_texts_do(name: str) -> None:
    entry = CONTENDERS[name]
    if missing := entry.missing():
        pytest.skip(f"{', '.join(missing)} not installed")
    module = importlib.import_module(f"polyc.bench.contenders.{entry.module}")
    made = module.contender(1, **entry.options)
    ran = [op for op in cases.catalogue() if _agrees(made, op)]
    assert len(ran) >= 8  # the others have a reason, which the run prints


def _agrees(library: Contender, name: str) -> bool:
    case = small(name)
    kernel = case.kernel()
    known, given = cases.facts(kernel), cases.inputs(case, kernel)
    built = library.build(case, known.einsum, given)
    if isinstance(built, str):
        return False
    found = cases.reference(case, known, given)
    assert found is not None
    built.call()
    apart, limit = cases.error(built.results(), found[0])
    assert apart <= limit, name
    return True
