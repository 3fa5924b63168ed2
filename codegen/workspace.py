"""Where the buffers of a kernel lie in the workspace that its caller passes.

    | slot | slot | ... | slice of thread 0: | slot | slot | ... | | slice of thread 1 | ...

A slot holds buffers that share memory, because no two of them live at the same time
(`codegen.liveness`), or that lie side by side in the place of a larger one. Every buffer starts at
a multiple of 64 bytes; a slice holds all thread buffers of one thread. Offsets are `Int`s of the
kernel's sizes, so the backends emit them and Python evaluates them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from polyc.codegen.bounds import Ranges
from polyc.codegen.liveness import Spans, live_spans, live_together
from polyc.codegen.loops import Alloc, Buffer, For, If, LoopNest, Stmt
from polyc.frontend.integers import ONE, ZERO, Int, maximum, product

ALIGN = 64
_TYPICAL = 1000  # where only the call knows a size, buffers are put in order as if it were this


@dataclass(frozen=True, slots=True)
class Workspace:
    """Byte offsets: of shared buffers from the start, of thread buffers from their slice.

    `overlaps` names for each buffer those whose memory it meets. They never live together, but a
    function that uses both must not promise a compiler that their pointers are apart.
    """

    shared: Mapping[Buffer, Int]
    slices: Int  # where the first slice starts
    thread: Mapping[Buffer, Int]
    slice_bytes: Int
    overlaps: Mapping[str, frozenset[str]]

    @property
    def is_empty(self) -> bool:
        return not self.shared and not self.thread

    def alone(self, name: str, used: Iterable[str]) -> bool:
        """No other buffer among those used meets the memory of this one."""
        return self.overlaps.get(name, frozenset()).isdisjoint(used)


@dataclass(frozen=True, slots=True)
class _Place:
    """Bytes of a slot that hold a buffer."""

    buffer: Buffer
    start: Int
    end: Int


@dataclass(slots=True)
class _Slot:
    """Memory for buffers of one element type.

    Types are kept apart because C compilers reason about them: stores of one type may be moved
    across loads of another, though this memory changes its type.
    """

    size: Int = ZERO
    places: list[_Place] = field(default_factory=list)


def layout(nest: LoopNest) -> Workspace:
    """The workspace of a nest. Thread buffers may be listed, or only be in an `Alloc`."""
    shared = dict.fromkeys(b for b in nest.workspace if b.space == "workspace")
    thread = dict.fromkeys(b for b in nest.workspace if b.space == "thread")
    thread |= dict.fromkeys(b for b in _allocated(nest.body) if b.space == "thread")
    ranges = Ranges.around(nest.signed)
    spans = live_spans(nest) if shared or thread else {}
    outer = _slots(list(shared), spans, ranges)
    inner = _slots(list(thread), spans, ranges)
    at, slices = _one_after_another(outer)
    own, slice_bytes = _one_after_another(inner)
    return Workspace(
        {b: at[b] for b in shared},
        slices,
        {b: own[b] for b in thread},
        slice_bytes,
        _overlaps([*outer, *inner], spans, ranges),
    )


def workspace_bytes(nest: LoopNest, ints: Mapping[str, int], threads: int) -> int:
    """Bytes the kernel needs for these sizes and this number of threads (at least 1)."""
    w = layout(nest)
    return w.slices.eval(ints) + max(threads, 1) * w.slice_bytes.eval(ints)


def elements(b: Buffer) -> Int:
    """Elements from the first to the last of a buffer; the product of the extents where dense."""
    dense = product(b.shape)
    span = ONE
    for n, s in zip(b.shape, b.strides, strict=True):
        span = span + (n - 1) * s
    return dense if span == dense else maximum(span, 0)


# ---- buffers into slots
def _slots(buffers: list[Buffer], spans: Spans, ranges: Ranges) -> list[_Slot]:
    """First fit: large buffers before small ones, those of one size as they start to live.

    Arrays of one size and type get as many slots as there ever live together: no fewer can do.
    """
    sizes = {b: (elements(b) * b.dtype.bytes + (ALIGN - 1)) // ALIGN * ALIGN for b in buffers}

    def order(b: Buffer) -> tuple[int, tuple[tuple[int, int], ...], str]:
        typical = sizes[b].eval(dict.fromkeys(sizes[b].names, _TYPICAL))
        return -typical, spans.get(b.name, ()), b.name

    slots: list[_Slot] = []
    for b in sorted(buffers, key=order):
        if not any(_enter(b, sizes[b], slot, spans, ranges) for slot in slots):
            slots.append(_Slot(sizes[b], [_Place(b, ZERO, sizes[b])]))
    return slots


def _enter(b: Buffer, size: Int, slot: _Slot, spans: Spans, ranges: Ranges) -> bool:
    """Puts the buffer behind all that live with it, if it is proved to end inside the slot."""
    if slot.places[0].buffer.dtype != b.dtype:
        return False
    together = [p for p in slot.places if _together(p.buffer, b, spans)]
    start = ZERO
    for p in together:
        start = maximum(start, p.end)
    if together and not ranges.never_negative(slot.size - start - size):
        return False
    slot.places.append(_Place(b, start, start + size))
    slot.size = maximum(slot.size, start + size)
    return True


def _together(a: Buffer, b: Buffer, spans: Spans) -> bool:
    return live_together(spans.get(a.name, ()), spans.get(b.name, ()))


def _one_after_another(slots: list[_Slot]) -> tuple[dict[Buffer, Int], Int]:
    """Offsets of all buffers, and where the last slot ends."""
    at = ZERO
    out: dict[Buffer, Int] = {}
    for slot in slots:
        out |= {p.buffer: at + p.start for p in slot.places}
        at = at + slot.size
    return out, at


def _overlaps(slots: list[_Slot], spans: Spans, ranges: Ranges) -> dict[str, frozenset[str]]:
    """Pairs of one slot that are not proved to be apart, in both directions."""

    def apart(a: _Place, b: _Place) -> bool:
        ends = (a.start - b.end, b.start - a.end)
        return _together(a.buffer, b.buffer, spans) or any(map(ranges.never_negative, ends))

    out: dict[str, frozenset[str]] = {}
    for slot in slots:
        for p in slot.places:
            met = frozenset(q.buffer.name for q in slot.places if q is not p and not apart(p, q))
            if met:
                out[p.buffer.name] = met
    return out


def _allocated(body: tuple[Stmt, ...]) -> Iterator[Buffer]:
    for s in body:
        match s:
            case Alloc(buffer):
                yield buffer
            case For():
                yield from _allocated(s.body)
            case If(_, then, orelse):
                yield from _allocated(then)
                yield from _allocated(orelse)
            case _:
                pass
