"""The storage map: where every tensor of a program lives in the kernel, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from polyc.codegen.liveness import Span, live_spans
from polyc.codegen.loops import Alloc, Buffer, LoopNest
from polyc.codegen.walk import statements
from polyc.codegen.workspace import elements, layout
from polyc.frontend.integers import ZERO, Int
from polyc.frontend.program import Program, Tensor
from polyc.scheduler.tree import Schedule

_PLACES = {
    "argument": "the caller's array",
    "workspace": "workspace, one a call",
    "thread": "workspace, one a thread",
    "stack": "stack",
}


@dataclass(frozen=True, slots=True)
class Home:
    """Where one tensor lives.

    scope   "memory": a whole array; "tile": what a tile touches; "register": there is no
            array, as every value is used from the register that it was made in
    place   in words; offset: bytes from the start of the workspace or of a thread's slice
    bytes   of the array, in sizes that are open
    lives   (first, last) statement of the nest that needs it, once for each block it lives in
    """

    tensor: str
    kind: str
    dtype: str
    shape: str
    scope: str
    place: str
    bytes: Int
    offset: Int | None
    lives: tuple[Span, ...]
    why: str


def homes_of(program: Program, schedule: Schedule, nest: LoopNest) -> tuple[Home, ...]:
    """One for each tensor, in the order of the program."""
    space = layout(nest)
    offsets = {b.name: at for b, at in chain(space.shared.items(), space.thread.items())}
    spans = live_spans(nest)
    arguments = [b for b in nest.arguments if isinstance(b, Buffer)]
    allocated = [s.buffer for s in statements(nest.body) if isinstance(s, Alloc)]
    buffers = {b.name: b for b in (*arguments, *nest.workspace, *allocated)}
    scopes = {x.tensor: x.scope for x in schedule.storage}
    because = {d.subject: d for d in schedule.decisions if d.kind == "storage"}

    def home(t: Tensor) -> Home:
        b = buffers.get(t.name)
        return Home(
            t.label,
            "scalar" if t.scalar else t.kind,
            str(t.dtype),
            f"[{', '.join(map(str, t.shape))}]",
            *_scope(t, b, scopes),
            ZERO if b is None else elements(b) * b.dtype.bytes,
            None if b is None else offsets.get(b.name),
            () if b is None else spans.get(b.name, ()),
            because[t.name].reason if t.name in because else "",
        )

    return tuple(map(home, program.tensors))


def _scope(t: Tensor, b: Buffer | None, scopes: Mapping[str, str]) -> tuple[str, str]:
    if t.scalar:
        return "register", "an argument passed by value"
    if b is None:
        return "register", "no array"
    return scopes.get(t.name, "memory"), _PLACES[b.space]
