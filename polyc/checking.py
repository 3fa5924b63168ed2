"""What `Options.check` does around a call: no memory that is shared, none written past its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from polyc import arrays
from polyc.arrays import Array
from polyc.codegen.notes import fault, length
from polyc.errors import InternalError
from polyc.signature import Signature

_GUARD = 4096  # bytes before and behind the workspace that nothing may touch
_FILL = 0xFF  # of which every float made is NaN
_REPORT = "this is a bug of polyc, please report it with the program"
Run = Callable[[Sequence[int], int | None], int]  # addresses, workspace -> code


def run(
    s: Signature, found: Sequence[Array], sizes: Mapping[str, int], bytes_: int, go: Run
) -> int:
    """The kernel's code. Raises InternalError for what no kernel may do.

    found   arrays in the order of the signature
    bytes_  of workspace
    go      calls the kernel
    """
    space = np.full(bytes_ + 2 * _GUARD, _FILL, np.uint8)
    start = -(-(arrays.address(space) + _GUARD) // 64) * 64 - arrays.address(space)
    _demand_apart(s, found)
    notes = np.zeros(length(s.checks), np.int64)
    pointers = [*map(arrays.address, found), arrays.address(notes)]
    code = go(pointers, arrays.address(space) + start if bytes_ else None)
    if what := fault(s.checks, notes.tolist(), sizes):
        raise InternalError(f"a kernel accessed memory out of bounds: {what}; {_REPORT}")
    if not ((space[:start] == _FILL).all() and (space[start + bytes_ :] == _FILL).all()):
        raise InternalError(f"a kernel wrote outside its {bytes_} bytes of workspace; {_REPORT}")
    return code


def _demand_apart(s: Signature, found: Sequence[Array]) -> None:
    """No output shares memory with another argument."""
    for k, (a, x) in enumerate(zip(s.arguments, found, strict=True)):
        for b, y in list(zip(s.arguments, found, strict=True))[k + 1 :]:
            if "output" in (a.role, b.role) and arrays.overlap(x, y):
                raise InternalError(
                    f"the arguments {a.name} and {b.name} of a kernel overlap; {_REPORT}"
                )
