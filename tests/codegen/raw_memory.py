"""A workspace as bytes: every read must find what the same buffer wrote there last.

It takes nothing but offsets from `codegen.workspace`, and knows nothing about live ranges: the
interpreter runs the nest, and each byte remembers which life of which buffer wrote it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from polyc.codegen.interpret_ops import numpy_dtype
from polyc.codegen.loops import Buffer, For, LoopNest
from polyc.codegen.walk import buffers_of, statements
from polyc.codegen.workspace import Workspace

Array = NDArray[Any]
NAN = 0xFF


@dataclass(frozen=True, slots=True)
class Written:
    """Which elements one life of a buffer wrote last."""

    owner: Array  # of each byte
    life: int
    start: int
    steps: tuple[int, ...]  # bytes
    item: int

    def _bytes(self, at: tuple[int, ...]) -> slice:
        first = self.start + sum(i * s for i, s in zip(at, self.steps, strict=True))
        return slice(first, first + self.item)

    def __getitem__(self, at: tuple[int, ...]) -> bool:
        return bool((self.owner[self._bytes(at)] == self.life).all())

    def __setitem__(self, at: tuple[int, ...], value: bool) -> None:
        self.owner[self._bytes(at)] = self.life


@dataclass(slots=True)
class RawMemory:
    """The workspace of a call by one thread, for `interpret.run(..., own=...)`.

    Without `checked`, reads find whatever is there.
    """

    places: Workspace
    ints: Mapping[str, int]
    checked: bool = True
    bytes: Array = field(init=False)
    owner: Array = field(init=False)
    lives: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        size = (self.places.slices + self.places.slice_bytes).eval(self.ints)
        self.bytes = np.full(size, NAN, np.uint8)
        self.owner = np.zeros(size, np.int64)
        self.lives = itertools.count(1)

    def start(self, b: Buffer) -> int:
        if b in self.places.shared:
            return self.places.shared[b].eval(self.ints)
        return (self.places.slices + self.places.thread[b]).eval(self.ints)

    def __call__(self, b: Buffer, shape: tuple[int, ...]) -> tuple[Array, Any]:
        dtype = np.dtype(numpy_dtype(b.dtype))
        if b.space == "stack":
            return np.zeros(shape, dtype), np.zeros(shape, bool)
        steps = tuple(s.eval(self.ints) * dtype.itemsize for s in b.strides)
        start = self.start(b)
        data: Array = np.ndarray(shape, dtype, self.bytes, start, steps)
        if not self.checked:
            return data, None
        return data, Written(self.owner, next(self.lives), start, steps, dtype.itemsize)


def span(b: Buffer, memory: RawMemory) -> tuple[int, int]:
    """The first byte of a buffer and the one after its last."""
    shape = [n.eval(memory.ints) for n in b.shape]
    if 0 in shape:
        return 0, 0
    last = sum((n - 1) * s.eval(memory.ints) for n, s in zip(shape, b.strides, strict=True))
    start = memory.start(b)
    return start, start + (last + 1) * b.dtype.bytes


def meet(a: Buffer, b: Buffer, memory: RawMemory) -> bool:
    (a0, a1), (b0, b1) = span(a, memory), span(b, memory)
    return max(a0, b0) < min(a1, b1)


def shared_by_threads(nest: LoopNest, memory: RawMemory) -> list[tuple[str, str]]:
    """Pairs of arrays that one parallel loop uses and that meet: threads reach them at any time."""
    found = []
    for loop in statements(nest.body):
        if isinstance(loop, For) and loop.kind == "parallel":
            used = buffers_of(loop.body)
            mine = [b for b in memory.places.shared if b.name in used]
            pairs = itertools.combinations(mine, 2)
            found += [(a.name, b.name) for a, b in pairs if meet(a, b, memory)]
    return found
