"""What each level of a memory hierarchy moves, from the visits of a schedule tree.

A node whose arrays fit a cache loads each of its elements once, however often it uses them, and
writes each once. Where they do not fit:

loop      with an iteration that fits, the next finds what it left there, so that all of them
          load each element once, save where data say which; with one that does not fit, each
          loads what it touches
sequence  a child finds what earlier children left, as far back as all between fits

An element that is written before it is read is not loaded, and a temporary that nobody reads any
more is not written out. Whole lines, ways, prefetching and the capacity that threads share are left
out. The last tile of a row, which may be a part of one, counts as far as its array goes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from polyc.scheduler.boxes import Box, common, hull
from polyc.scheduler.flow import Flow, total
from polyc.scheduler.visits import Touch, Visit


@dataclass(frozen=True, slots=True)
class Cache:
    """One level: its bytes, the bytes of an array's elements, and whether the values that a node
    leaves in an array are of no use after it."""

    capacity: int
    element: Mapping[str, int]
    room: Mapping[str, int]  # bytes of the whole array
    dead: Callable[[str, Visit], bool]

    def fits(self, touches: Mapping[str, Touch]) -> bool:
        return (
            sum(min(x.every.elements * self.element[t], self.room[t]) for t, x in touches.items())
            <= self.capacity
        )

    def flow(self, v: Visit) -> Flow:
        """What one execution of a node moves, into an empty cache."""
        if self.fits(v.touches):
            return self._once(v, v)
        if v.form == "loop":
            (child,) = v.children
            trips = child.runs / v.runs
            if self.fits(child.touches):
                return self._once(v, child).or_loads(_by_data(child, trips))
            times = {t: _times(v, t, trips) for t in child.touches}
            return self.flow(child).scaled(times, times)
        return self._sequence(v)

    def _once(self, v: Visit, held: Visit) -> Flow:
        """Every element of a node moves once; what `held` leaves dead is never written out."""
        stores = {
            t: 0.0 if self.dead(t, held) else _size(x.put) for t, x in v.touches.items() if x.put
        }
        return Flow(needs(v), stores)

    def _sequence(self, v: Visit) -> Flow:
        flows = []
        for k, child in enumerate(v.children):
            left = self._left(v.children[: k + 1])
            share = child.runs / v.runs
            found = self.flow(child).scaled(
                {t: share * (1 - common(x.read, left.get(t))) for t, x in child.touches.items()},
                dict.fromkeys(child.touches, share),
            )
            flows.append(found)
        return total(flows)

    def _left(self, children: tuple[Visit, ...]) -> dict[str, Box]:
        """What the last child finds of those before: all that with it fits."""
        last = children[-1]
        if not self.fits(last.touches):
            return {}
        found: dict[str, Box] = {}
        together = dict(last.touches)
        for v in reversed(children[:-1]):
            together = {**together, **{t: _both(together.get(t), x) for t, x in v.touches.items()}}
            if not self.fits(together):
                break
            for t, x in v.touches.items():
                found[t] = hull(found.get(t), x.every) or x.every
        return found


def _by_data(child: Visit, trips: float) -> dict[str, float]:
    """Loads where the next iteration may go anywhere: nothing is found again."""
    found = needs(child)
    return {t: found.get(t, 0.0) * trips for t, x in child.touches.items() if not x.exact}


def needs(v: Visit) -> dict[str, float]:
    """Elements that one execution of a node reads before it writes them."""
    if v.form == "leaf":
        return {t: _size(x.read) for t, x in v.touches.items() if x.read}
    if v.form == "loop":
        return _needs_of_loop(v)
    out: dict[str, float] = {}
    before: dict[str, Box] = {}
    for child in v.children:
        for t, n in needs(child).items():
            new = 1 - common(child.touches[t].read, before.get(t))
            out[t] = out.get(t, 0.0) + n * new * child.runs / v.runs
        for t, x in child.touches.items():
            before[t] = hull(before.get(t), x.every) or x.every
    return {t: min(n, _size(v.touches[t].read)) for t, n in out.items() if t in v.touches}


def _needs_of_loop(v: Visit) -> dict[str, float]:
    """Of what all iterations read, the part that none has written before: as much as in a first
    iteration and the growth with every further one."""
    (child,) = v.children
    more = max(0.0, child.runs / v.runs - 1)
    out: dict[str, float] = {}
    for t, n in needs(child).items():
        if not n or t not in v.touches:
            continue
        x, ahead = child.touches[t], None if v.next is None else v.next.get(t)
        all_reads = needed = 1.0 + more
        if ahead is not None:
            all_reads = 1 + more * _new(ahead.read, x.read)
            needed = 1 + more * _new(ahead.read, x.every)
        part = min(1.0, n / _size(x.read) * needed / all_reads)
        out[t] = part * _size(v.touches[t].read)
    return out


def _new(box: Box | None, before: Box | None) -> float:
    """What a box has that the one before has not, over what it has."""
    if box is None:
        return 0.0
    return min(box.most, box.volume * (1 - common(box, before))) / box.elements


def _times(v: Visit, t: str, trips: float) -> float:
    """How often a loop moves what an iteration touches; disjoint tiles are no more than the array,
    of which the last tile may have less."""
    ahead = None if v.next is None else v.next.get(t)
    if ahead is None or t not in v.touches:
        return trips
    now = v.children[0].touches[t].every
    if common(ahead.every, now):
        return trips
    return min(trips, v.touches[t].every.elements / now.elements)


def _both(a: Touch | None, b: Touch) -> Touch:
    if a is None:
        return b
    return Touch(hull(a.every, b.every) or b.every, hull(a.read, b.read), hull(a.put, b.put))


def _size(box: Box | None) -> float:
    return 0.0 if box is None else float(box.elements)
