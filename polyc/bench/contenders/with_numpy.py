"""NumPy, as its users write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from polyc.bench.cases import Case
from polyc.bench.contenders import Built
from polyc.bench.expressions import arrays as expressions

Array = Any


class Numpy:
    def versions(self) -> Mapping[str, str]:
        return {"numpy": np.__version__, **_blas()}

    def build(self, case: Case, einsum: str | None, given: Sequence[Array]) -> Built | str:
        if case.run is not None:
            f = getattr(expressions, case.run)
            return keeping(lambda: f(np, *given))
        if einsum is not None:
            return keeping(lambda: np.einsum(einsum, *given, optimize=True))
        return "not one einsum, and no expression for NumPy"


def keeping(f: Callable[[], Any], convert: Callable[[Any], Array] = np.asarray) -> Built:
    """A call whose results are kept until the next."""
    last: list[Any] = [None]

    def call() -> object:
        last[0] = f()
        return last[0]

    def results() -> Sequence[Array]:
        found = last[0] if isinstance(last[0], (tuple, list)) else (last[0],)
        return [convert(x) for x in found]

    return Built(call, results)


def _blas() -> Mapping[str, str]:
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return {}
    keys = ("internal_api", "version", "architecture", "num_threads")
    found = [x for x in threadpool_info() if x.get("user_api") == "blas"]
    return {"BLAS": ", ".join(str(x.get(k, "")) for x in found for k in keys)}


def contender(_: int) -> Numpy:
    return Numpy()
