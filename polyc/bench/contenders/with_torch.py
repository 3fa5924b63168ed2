"""PyTorch, eager or compiled by Inductor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from polyc.bench.cases import Case
from polyc.bench.contenders import Built
from polyc.bench.contenders.with_numpy import keeping
from polyc.bench.expressions import torch_functions

Array = Any


class Torch:
    def __init__(self, threads: int, compiled: bool) -> None:
        torch.set_num_threads(threads)
        torch.set_grad_enabled(False)
        self._compiled = compiled

    def versions(self) -> Mapping[str, str]:
        return {"torch": str(torch.__version__), "threads": str(torch.get_num_threads())}

    def build(self, case: Case, einsum: str | None, given: Sequence[Array]) -> Built | str:
        arguments = [torch.from_numpy(x) for x in given]
        if case.run is not None:
            f = getattr(torch_functions, case.run)
        elif einsum is not None:

            def f(*x: Any) -> Any:
                return torch.einsum(einsum, *x)

        else:
            return "not one einsum, and no expression for PyTorch"
        if self._compiled:
            torch._dynamo.reset()  # what earlier operators compiled would count as recompilations
            f = torch.compile(f, dynamic=False)
        return keeping(lambda: f(*arguments), lambda x: x.numpy())


def contender(threads: int, compiled: bool = False) -> Torch:
    return Torch(threads, compiled)
