"""Where the buffers of a kernel lie in the workspace that its caller passes.

    | workspace buffer | workspace buffer | ... | slice of thread 0 | slice of thread 1 | ...

Every buffer starts at a multiple of 64 bytes; a slice holds all thread buffers of one thread.
Offsets are `Int`s of the kernel's sizes, so the backends emit them and Python evaluates them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from polyc.codegen.loops import Alloc, Buffer, For, If, LoopNest, Stmt
from polyc.frontend.integers import ONE, ZERO, Int, maximum, product

ALIGN = 64


@dataclass(frozen=True, slots=True)
class Workspace:
    """Byte offsets: of shared buffers from the start, of thread buffers from their slice."""

    shared: Mapping[Buffer, Int]
    slices: Int  # where the first slice starts
    thread: Mapping[Buffer, Int]
    slice_bytes: Int

    @property
    def is_empty(self) -> bool:
        return not self.shared and not self.thread


def layout(nest: LoopNest) -> Workspace:
    """The workspace of a nest. Thread buffers may be listed, or only be in an `Alloc`."""
    thread = [b for b in nest.workspace if b.space == "thread"]
    thread += [b for b in _allocated(nest.body) if b.space == "thread"]
    shared, slices = _one_after_another([b for b in nest.workspace if b.space == "workspace"])
    own, slice_bytes = _one_after_another(thread)
    return Workspace(shared, slices, own, slice_bytes)


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


def _one_after_another(buffers: list[Buffer]) -> tuple[dict[Buffer, Int], Int]:
    at, out = ZERO, {}
    for b in dict.fromkeys(buffers):
        out[b] = at
        at = at + (elements(b) * b.dtype.bytes + (ALIGN - 1)) // ALIGN * ALIGN
    return out, at


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
