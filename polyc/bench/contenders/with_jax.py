"""JAX, compiled by XLA for the processor. It uses as many threads as the process has processors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from polyc.bench.cases import Case
from polyc.bench.contenders import Built
from polyc.bench.contenders.with_numpy import keeping
from polyc.bench.expressions import arrays, jax_functions

Array = Any


class Jax:
    def __init__(self) -> None:
        jax.config.update("jax_platforms", "cpu")

    def versions(self) -> Mapping[str, str]:
        return {"jax": jax.__version__}

    def build(self, case: Case, einsum: str | None, given: Sequence[Array]) -> Built | str:
        if case.run is not None:
            f = getattr(jax_functions, case.run, None) or partial(getattr(arrays, case.run), jnp)
        elif einsum is not None:
            f = partial(jnp.einsum, einsum)
        else:
            return "not one einsum, and no expression for JAX"
        compiled = jax.jit(f).lower(*given).compile()
        arguments = [jnp.asarray(x) for x in given]
        return keeping(lambda: jax.block_until_ready(compiled(*arguments)))


def contender(_: int) -> Jax:
    return Jax()
