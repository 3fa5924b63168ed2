"""Numba: loops in Python, compiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numba

from polyc.bench.cases import Case
from polyc.bench.contenders import Built
from polyc.bench.contenders.with_numpy import keeping
from polyc.bench.expressions import numba_functions

Array = Any


class Numba:
    def __init__(self, threads: int) -> None:
        numba.set_num_threads(threads)

    def versions(self) -> Mapping[str, str]:
        return {"numba": numba.__version__}

    def build(self, case: Case, einsum: str | None, given: Sequence[Array]) -> Built | str:
        del einsum
        f = getattr(numba_functions, case.run or "", None)
        if f is None:
            return "no loops were written for Numba"
        return keeping(lambda: f(*given))


def contender(threads: int) -> Numba:
    return Numba(threads)
