"""Which groups may be merged next, kept up to date from one merge to the next.

A pair shares a tensor and has no group between its two. Merging makes paths, never ends one, so a
pair with a group between is forgotten for good, and only the pairs of the two merged groups are
found anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from polyc.scheduler.common import Group
from polyc.scheduler.graph import in_order


@dataclass(frozen=True, slots=True)
class Touch:
    """What decides about the pairs of a group."""

    tensors: frozenset[str]
    gives: str | None  # the tensor of a group of one statement
    reduces: frozenset[str]  # tensors that a reduction of the group writes

    def __or__(self, other: Touch) -> Touch:
        """Both groups as one."""
        return Touch(self.tensors | other.tensors, None, self.reduces | other.reduces)

    def initialises(self, other: Touch) -> bool:
        """All it does is give the tensor that the other one reduces into its first value."""
        return self.gives in other.reduces


@dataclass(slots=True)
class Pairs:
    """Groups by number, in an order that respects the arrows, and what they share."""

    size: Mapping[str, int]  # tensor -> bytes
    groups: dict[int, Group] = field(default_factory=dict)
    touch: dict[int, Touch] = field(default_factory=dict)
    arrows: set[tuple[int, int]] = field(default_factory=set)
    shared: dict[int, dict[int, int]] = field(default_factory=dict)  # group -> other -> bytes
    by_bytes: dict[int, dict[int, set[int]]] = field(default_factory=dict)  # and the other way
    refused: set[tuple[int, int]] = field(default_factory=set)
    after: dict[int, int] = field(default_factory=dict)  # group -> bits of the groups it leads to
    before: dict[int, int] = field(default_factory=dict)  # and of those that lead to it

    def add(self, number: int, g: Group, touch: Touch) -> None:
        """One more group, at the end."""
        self.shared[number] = {}
        for other, theirs in self.touch.items():
            total = sum([self.size[t] for t in touch.tensors & theirs.tensors])
            if total:
                for x, y in ((number, other), (other, number)):
                    self.shared[x][y] = total
                    self.by_bytes.setdefault(total, {}).setdefault(x, set()).add(y)
        self.groups[number], self.touch[number] = g, touch

    def connect(self, arrows: set[tuple[int, int]]) -> None:
        """The arrows between groups, and the order they ask for."""
        nodes = in_order(tuple(self.groups), arrows)
        self.arrows, self.groups = arrows, {n: self.groups[n] for n in nodes}
        bit = {n: 1 << k for k, n in enumerate(nodes)}
        place = {n: k for k, n in enumerate(nodes)}
        forward = sorted(arrows, key=lambda p: place[p[0]])
        self.before, self.after = dict.fromkeys(nodes, 0), dict.fromkeys(nodes, 0)
        for a, b in forward:
            self.before[b] |= self.before[a] | bit[a]
        for a, b in reversed(forward):
            self.after[a] |= self.after[b] | bit[b]

    def merge(self, a: int, b: int, merged: Group) -> None:
        """Two groups become one, with a number of its own."""
        number, touch = max(self.groups) + 1, self.touch[a] | self.touch[b]
        for n in (a, b):
            for other in tuple(self.shared[n]):
                self._forget(n, other)
            del self.groups[n], self.touch[n], self.shared[n]
        self.add(number, merged, touch)
        into = {a: number, b: number}
        moved = {(into.get(x, x), into.get(y, y)) for x, y in self.arrows}
        self.connect({(x, y) for x, y in moved if x != y})

    def refuse(self, a: int, b: int) -> None:
        """The pair is not offered in this order again."""
        if (a, b) in self.arrows:  # there is no other order
            self._forget(a, b)
        else:
            self.refused.add((a, b))

    def candidates(self, only_first_values: bool) -> Iterator[tuple[int, int]]:
        """Pairs in order: first values with their sums, then by shared bytes, most first.

        The caller may refuse what it was given; after a merge it asks anew.
        """
        place = {n: k for k, n in enumerate(self.groups)}
        first = list(self._first_values(place))
        yield from (p for p in first if self._open(*p))
        if only_first_values:
            return
        known = set(first)
        for total in sorted(self.by_bytes, reverse=True):
            row = self.by_bytes[total]
            for a in sorted(row, key=place.__getitem__):
                later = [b for b in row.get(a, ()) if place[b] > place[a]]
                for b in sorted(later, key=place.__getitem__):
                    if (a, b) not in known and self._open(a, b):
                        yield a, b

    def _first_values(self, place: Mapping[int, int]) -> Iterator[tuple[int, int]]:
        givers: dict[str, list[int]] = {}
        for n, t in self.touch.items():
            if t.gives is not None:
                givers.setdefault(t.gives, []).append(n)
        found = [
            (-self.shared[a][b], place[a], place[b], a, b)
            for b, touch in self.touch.items()
            for t in touch.reduces
            for a in givers.get(t, ())
            if b in self.shared[a] and place[a] < place[b]
        ]
        yield from ((a, b) for *_, a, b in sorted(found))

    def _open(self, a: int, b: int) -> bool:
        """Not refused, and no group between the two."""
        if (a, b) in self.refused:
            return False
        if self.after[a] & self.before[b]:
            self._forget(a, b)
            return False
        return True

    def _forget(self, a: int, b: int) -> None:
        total = self.shared[a].pop(b)
        del self.shared[b][a]
        row = self.by_bytes[total]
        for x, y in ((a, b), (b, a)):
            row[x].discard(y)
            if not row[x]:
                del row[x]
        if not row:
            del self.by_bytes[total]
