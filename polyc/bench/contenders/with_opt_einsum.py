"""opt_einsum, which orders the products of an einsum and leaves them to NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import opt_einsum

from polyc.bench.cases import Case
from polyc.bench.contenders import Built
from polyc.bench.contenders.with_numpy import keeping

Array = Any


class OptEinsum:
    def versions(self) -> Mapping[str, str]:
        return {"opt_einsum": str(opt_einsum.__version__)}

    def build(self, case: Case, einsum: str | None, given: Sequence[Array]) -> Built | str:
        if einsum is None:
            return f"{case.name} is not one einsum"
        expression = opt_einsum.contract_expression(einsum, *(x.shape for x in given))
        return keeping(lambda: expression(*given))


def contender(_: int) -> OptEinsum:
    return OptEinsum()
