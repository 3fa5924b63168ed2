"""Two runs: planted differences are found, and noise is not one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from polyc.bench.compare import compare, holm, unchanged
from polyc.bench.results import Run
from polyc.errors import ArgumentError
from tests.bench.support import ROOFS, made, row

OPS = [f"op{k}" for k in range(8)]
VERSIONS = {"numpy": {"numpy": "2.0"}, "polyc-llvm": {"polyc": "0.1"}}


def a_run(seed: int, slower: Mapping[str, float] | None = None, noise: float = 0.01) -> Run:
    """Ten turns of two calls; `slower` is the factor of one operator of polyc's."""
    rng = np.random.default_rng(seed)
    rows = []
    for op in OPS:
        for name in VERSIONS:
            factor = (slower or {}).get(op, 1.0) if name == "polyc-llvm" else 1.0
            samples = 1e-3 * factor * (1 + noise * np.abs(rng.standard_normal(20)))
            rows.append(row(op, name, samples.tolist()))
    return made(rows, dict(VERSIONS))


def verdicts(before: Run, after: Run) -> dict[str, str]:
    return {v.op: v.verdict for v in compare(before, after)[0] if v.contender == "polyc-llvm"}


@pytest.mark.parametrize("seed", range(5))
def test_the_same_version_is_the_same(seed: int) -> None:
    assert set(verdicts(a_run(seed), a_run(seed + 100)).values()) == {"same"}


@pytest.mark.parametrize("factor", [1.05, 1.5])
def test_one_operator_that_is_slower_is_found(factor: float) -> None:
    found = verdicts(a_run(1), a_run(2, {"op3": factor}))
    assert found.pop("op3") == "slower"
    assert set(found.values()) == {"same"}


def test_one_that_is_faster_is_found() -> None:
    assert verdicts(a_run(1), a_run(2, {"op3": 0.9}))["op3"] == "faster"


def test_all_that_are_slower_are_found() -> None:
    """They are not taken for the machine's drift, which NumPy's rows show."""
    assert set(verdicts(a_run(1), a_run(2, dict.fromkeys(OPS, 1.1))).values()) == {"slower"}


def test_a_machine_that_became_slower_is_no_regression() -> None:
    after = a_run(2)
    after.results[:] = [replace(r, samples_s=_times(r.samples_s, 1.2)) for r in after.results]
    slow = {k: v / 1.2 for k, v in ROOFS.flops.items()}
    after.roofs[1] = replace(ROOFS, flops=slow, bytes={k: v / 1.2 for k, v in ROOFS.bytes.items()})
    found, drift = compare(a_run(1), after)
    assert {v.verdict for v in found} == {"same", "control"}
    assert drift.factor == pytest.approx(1.2, rel=0.01)


def _times(samples: Sequence[float], factor: float) -> list[float]:
    return [x * factor for x in samples]


def test_noise_is_unclear() -> None:
    found = verdicts(a_run(3, noise=2.0), a_run(4, {"op3": 1.06}, noise=2.0))
    assert "slower" not in found.values()


def test_two_turns_prove_nothing() -> None:
    before, after = a_run(1), a_run(2, {"op3": 1.2})
    for run in (before, after):
        run.results[:] = [replace(r, samples_s=r.samples_s[:4], turns=[2, 2]) for r in run.results]
    assert verdicts(before, after)["op3"] == "unclear"


def test_a_process_that_was_placed_badly_is_no_regression() -> None:
    """All of a process's turns are slower, and another process of the same run is not."""
    before, after = a_run(1), a_run(2)
    for run, factor in ((before, 1.0), (after, 1.2)):
        for k, r in enumerate(run.results):
            if r.key == ("op3", "polyc-llvm", 1):
                slow = [*r.samples_s[:6], *_times(r.samples_s[6:], factor)]
                run.results[k] = replace(r, samples_s=slow, sittings=[3, 7])
    found, _ = compare(before, after)
    verdict = next(v for v in found if (v.op, v.contender) == ("op3", "polyc-llvm"))
    assert verdict.ratio > 1.15
    assert verdict.verdict == "unclear"
    assert "sittings of one run are" in verdict.why


def test_a_library_of_another_version_is_no_control() -> None:
    assert unchanged(VERSIONS, VERSIONS) == {"numpy"}
    assert unchanged(VERSIONS, {**VERSIONS, "numpy": {"numpy": "2.1"}}) == set()


def test_runs_without_a_row_in_common_are_an_error() -> None:
    with pytest.raises(ArgumentError, match="no operator, contender and threads alike"):
        compare(made([row("a", "numpy", [1.0, 1.0])]), made([row("b", "numpy", [1.0, 1.0])]))


def test_holm() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.9]) == [1.0, 1.0]
