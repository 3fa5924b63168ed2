"""polyc as a contender of a harness that runs other compilers and libraries beside it.

The harness imports the class `Contender` of this file into an interpreter that has polyc, gives it
operators by name with their arrays, and times the functions it gets back. An operator that is one
einsum is run as that einsum; the others are texts of operators.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import polyc

Array = Any
TEXTS = tomllib.loads((Path(__file__).parent / "operators.toml").read_text(encoding="utf-8"))
ALIASES = {  # the harness's names of operators that differ from another in their sizes only
    "conv3x3_56": "conv2d_same",
    "conv3x3_28": "conv2d_same",
    "conv1x1": "conv2d_same",
    "dwconv": "conv_depthwise",
    "conv1d": "conv1d_same",
    "conv3d": "conv3d_same",
    "gconv_tc": "conv_grouped",
    "groupnorm_tc": "groupnorm",
    "moments_tc": "moments",
    "transpose4096": "transpose",
}


class Built(NamedTuple):
    """What the harness asks of a compiled operator."""

    fn: Callable[[], None]
    out: Callable[[], list[Array]]
    reset: Callable[[], None] | None = None
    note: str = ""


class Contender:
    """One configuration of polyc: `threads`, and `opts` for `polyc.Options`."""

    def __init__(self, threads: int, opts: dict[str, Any]) -> None:
        self.threads = threads
        self.options = polyc.Options(threads=threads, cache=False, **opts)

    def versions(self) -> dict[str, str]:
        return {"polyc": polyc.__version__}

    def build(self, op: Any, arrays: dict[str, Array]) -> Built | None:
        """The operator on these arrays, compiled for their sizes, into an output made once."""
        given = list(shaped(op.name, arrays))
        if op.pre == "bf16":
            import ml_dtypes

            given = [x.astype(ml_dtypes.bfloat16) for x in given]
        kernel, shapes = compiled(op, given, self.options)
        results: list[Array] = [None]

        def fn() -> None:
            results[0] = kernel(*given, out=results[0])

        def out() -> list[Array]:
            found = results[0] if isinstance(results[0], tuple) else (results[0],)
            return [np.asarray(x, s).reshape(n) for x, (n, s) in zip(found, shapes, strict=True)]

        return Built(fn, out)


def compiled(op: Any, given: list[Array], options: polyc.Options) -> tuple[Any, list[Any]]:
    """A kernel for these arrays, and the shape and dtype of each result as the harness wants it."""
    shapes = [(tuple(s), t) for s, t in op.outs.values()]
    name = ALIASES.get(op.name, op.name)
    if op.einsum and name not in TEXTS:

        def by_string(*arrays: Array, out: Array = None) -> Array:
            return polyc.einsum(op.einsum, *arrays, out=out, options=options)

        by_string(*given)
        return by_string, shapes
    operator = polyc.compile(TEXTS[name]["text"], options=options)
    specs = operator.inputs
    sizes: dict[str, int] = {}
    for spec, x in zip(specs, given, strict=True):
        sizes |= {n: x.shape[d] for d, n in enumerate(spec.shape) if n in operator.sizes}
    dtypes = (
        None
        if all(s.dtype for s in specs)
        else {s.name: x.dtype.name for s, x in zip(specs, given, strict=True)}
    )
    kernel = operator.specialize(sizes, dtypes=dtypes)
    kernel(*given)
    return kernel, shapes


def shaped(name: str, arrays: dict[str, Array]) -> list[Array]:
    """The arrays with their dimensions as the text has them: groups are dimensions of their own."""
    given = list(arrays.values())
    if name == "gconv_tc":
        x, w = given
        groups = x.shape[1] // w.shape[1]
        return [
            x.reshape(x.shape[0], groups, -1, *x.shape[2:]),
            w.reshape(groups, -1, *w.shape[1:]),
        ]
    return given
