"""`Often`: which sizes of an operator get kernels of their own.

The first few do at their first call: most operators never see more. After that one kernel for all
sizes takes the calls, and a size is compiled for when it has come often. What decides is the order
of the calls alone, so a program that runs twice computes the same bits twice.
"""

from __future__ import annotations

from collections.abc import Hashable

FIRST = 16  # sizes that are compiled for at once
# Calls after which a later size is, by the elements of its operands: the longer a call takes, the
# sooner a kernel of its own, which takes 0.1 s to compile, has saved that again.
TIMES = 16
_SOONER = ((1 << 21, 2), (1 << 17, 4))
_OWN = 256  # sizes that are known to have a kernel, as many as an operator keeps
_COUNTED = 4096  # sizes that are counted


class Often:
    """Counts calls by what decides a kernel. No locks: a count that a race loses costs nothing."""

    __slots__ = ("_counts", "_own")

    def __init__(self) -> None:
        self._own: dict[Hashable, None] = {}
        self._counts: dict[Hashable, int] = {}

    def enough(self, sizes: Hashable, elements: int) -> bool:
        """Takes note of a call; whether these sizes are worth a kernel.

        elements  of all operands together
        """
        if sizes in self._own:
            return True
        times = self._counts.get(sizes, 0) + 1
        needed = next((n for least, n in _SOONER if elements >= least), TIMES)
        if len(self._own) < FIRST or times >= needed:
            self.promise(sizes)
            return True
        if len(self._counts) >= _COUNTED:
            self._counts.clear()
        self._counts[sizes] = times
        return False

    def promise(self, sizes: Hashable) -> None:
        """These sizes have a kernel, or get one now."""
        self._counts.pop(sizes, None)
        if len(self._own) >= _OWN:
            self._own.pop(next(iter(self._own)), None)
        self._own[sizes] = None
