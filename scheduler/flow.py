"""Elements that go towards the core and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flow:
    """Elements in and out of a level, by tensor."""

    loads: Mapping[str, float]
    stores: Mapping[str, float]

    def scaled(self, loads: Mapping[str, float], stores: Mapping[str, float]) -> Flow:
        return Flow(
            {t: n * loads.get(t, 1.0) for t, n in self.loads.items()},
            {t: n * stores.get(t, 1.0) for t, n in self.stores.items()},
        )

    def or_loads(self, other: Mapping[str, float]) -> Flow:
        """With other loads of some tensors."""
        return Flow({**self.loads, **other}, self.stores)

    def at_most(self, other: Flow) -> Flow:
        """No more than the level above asks for."""
        return Flow(
            {t: min(n, other.loads.get(t, 0.0)) for t, n in self.loads.items()},
            {t: min(n, other.stores.get(t, 0.0)) for t, n in self.stores.items()},
        )


def total(flows: list[Flow]) -> Flow:
    """One after the other."""
    loads: dict[str, float] = {}
    stores: dict[str, float] = {}
    for f in flows:
        for side, more in ((loads, f.loads), (stores, f.stores)):
            for t, n in more.items():
                side[t] = side.get(t, 0.0) + n
    return Flow(loads, stores)
