"""The functions users call."""

from __future__ import annotations

from collections.abc import Mapping

from polyc.errors import ArgumentError
from polyc.files import Export
from polyc.kernel import Kernel
from polyc.loading import load
from polyc.numpy_einsum import einsum
from polyc.operator import Operator
from polyc.options import Options, config

__all__ = ["Export", "Kernel", "Operator", "Options", "compile", "config", "einsum", "load"]


def compile(
    text: str,
    *,
    entry: str | None = None,
    consts: Mapping[str, int] | None = None,
    options: Options | None = None,
) -> Operator:
    """Reads a text in any spelling; machine code is made when sizes are known.

    entry   the definition to compile, by default the last
    consts  values of integer scalars, which then are no arguments any more
    options in force for this operator, whatever the environment says
    Raises LanguageError with the place of every mistake.

    >>> import numpy as np, polyc
    >>> double = polyc.compile("def double(float(N) x) -> (y) { y(i) = 2 * x(i) }")
    >>> double(np.ones(3, np.float32))
    array([2., 2., 2.], dtype=float32)
    """
    for name, value, kinds in (
        ("text", text, str),
        ("entry", entry, (str, type(None))),
        ("consts", consts, (Mapping, type(None))),
    ):
        if not isinstance(value, kinds):
            wanted = "str" if name != "consts" else "a mapping of names to integers"
            raise ArgumentError(f"{name}: found {type(value).__name__}, expected {wanted}")
    return Operator(text, entry, consts, options)
