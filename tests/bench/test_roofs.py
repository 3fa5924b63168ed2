"""The machine's limits: they are numbers of the right kind; how large they are is the machine's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from polyc import roofs
from polyc.target import target


@pytest.mark.parametrize("threads", [1, 2])
def test_every_limit_is_measured(threads: int) -> None:
    found = roofs.measure(threads)
    assert set(found.flops) == {"float32", "float64"}
    assert set(found.bytes) == set(roofs.LEVELS)
    assert min(*found.flops.values(), *found.bytes.values()) > 0


def test_the_peak_is_measured_once() -> None:
    assert roofs.flop_peak("float32", 1) == roofs.flop_peak("float32", 1)
    assert roofs.flop_peak("int8", 1) is None


def test_processors_without_fused_multiply_adds_multiply_and_add() -> None:
    host = target()
    assert "llvm.fma" not in roofs._fma("float32", replace(host, fma=False))
    assert roofs._flops("float64", 1, replace(host, fma=False)) > 0


def test_the_longest_time_counts() -> None:
    found = roofs.Roofs(1, {"float32": 1e9}, {"L1": 1e9, "DRAM": 1e6})
    assert found.seconds(2e9, {"L1": 1e9}) == 2
    assert found.seconds(2e9, {"L1": 1e9, "DRAM": 3e6}) == 3
