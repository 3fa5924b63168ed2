"""Einsum strings that pick and permute elements of one operand: the result is a view of it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from polyc import calls
from polyc.arrays import Array
from polyc.einsum_arguments import check_text
from polyc.frontend.einsum_spec import parse_spec
from polyc.frontend.findings import Findings

Axes = tuple[tuple[int, ...], ...]  # for each dimension of the view, those of the operand


def view(text: str, a: Array) -> Array | None:
    """The operand seen through the string, writable where it is; None where something is summed.

    Raises LanguageError where the string is wrong or does not fit, ArgumentError for a type of
    element that polyc does not know.

    >>> import numpy as np
    >>> a = np.zeros((2, 2))
    >>> view("ii->i", a)[:] = 1
    >>> a
    array([[1., 0.],
           [0., 1.]])
    """
    axes = _axes(text, a.dtype, a.shape)
    if axes is None:
        return None
    if all(len(ds) == 1 for ds in axes):
        return a.transpose([d for (d,) in axes])
    shape = [a.shape[ds[0]] for ds in axes]
    strides = [sum(a.strides[d] for d in ds) for ds in axes]
    return np.lib.stride_tricks.as_strided(a, shape, strides)


@lru_cache(4096)
def _axes(text: str, kind: np.dtype[Any], shape: tuple[int, ...]) -> Axes | None:
    calls.check_dtype(kind, "of operand 0", None)
    check_text(text)
    spec = parse_spec(text, [shape], Findings(text))
    (letters,) = (t.letters for t in spec.terms)
    if not set(letters) <= set(spec.output):
        return None
    return tuple(tuple(d for d, n in enumerate(letters) if n == out) for out in spec.output)
