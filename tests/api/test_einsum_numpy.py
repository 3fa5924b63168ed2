"""`polyc.einsum` and `numpy.einsum` agree on random calls: values, types, and what is refused."""

from __future__ import annotations

import pytest

from tests.api import einsum_calls

SHARE = 30  # calls of one test


@pytest.mark.parametrize("first", range(0, 300, SHARE))
def test_random_calls(first: int) -> None:
    for seed in range(first, first + SHARE):
        einsum_calls.check(seed)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 3000, SHARE))
def test_many_random_calls(first: int) -> None:
    for seed in range(10_000 + first, 10_000 + first + SHARE):
        einsum_calls.check(seed)
