"""When the buffers of a nest hold something.

    0    for i { T0[i] = ... }            T0 lives in 0..1,
    1    for i { T1[i] = ... T0[i] }      T1 in 1..3: what loop 2..3 touches, it may need
    2-3  for i { T2[i] = ... T1[i];       from its first iteration to its last
                 Y[i] = ... T2[i] }

Statements are numbered in the order of the text. A buffer lives from the first statement of its
block that touches it to the last. Its block is the one that allocates it, or the whole body; inside
it loops are opaque, so that nothing has to be known about their iterations, nor about the order
in which threads run them. Branches are transparent: they run at most once in a run of their block.
"""

from __future__ import annotations

from polyc.codegen.loops import Alloc, For, If, LoopNest, Stmt
from polyc.codegen.walk import buffers_of

Span = tuple[int, int]  # numbers of the first and the last statement
Spans = dict[str, tuple[Span, ...]]  # buffer -> where it lives, once for each of its blocks


def live_spans(nest: LoopNest) -> Spans:
    """Where each buffer that the nest touches lives; arguments are among them."""
    ended: Spans = {}
    touched, _ = _block(nest.body, 0, ended)
    for name, span in touched.items():
        _end(ended, name, span)
    return ended


def live_together(a: tuple[Span, ...], b: tuple[Span, ...]) -> bool:
    """Some statement may need both."""
    return any(x[0] <= y[1] and y[0] <= x[1] for x in a for y in b)


def _block(body: tuple[Stmt, ...], at: int, ended: Spans) -> tuple[dict[str, Span], int]:
    """Spans of what a block touches and did not allocate, and the number after its last."""
    touched: dict[str, Span] = {}
    for s in body:
        inside, at = _statement(s, at, ended)
        _join(touched, inside)
    for s in body:
        if isinstance(s, Alloc) and s.buffer.name in touched:
            _end(ended, s.buffer.name, touched.pop(s.buffer.name))
    return touched, at


def _statement(s: Stmt, at: int, ended: Spans) -> tuple[dict[str, Span], int]:
    match s:
        case For():
            inside, end = _block(s.body, at, ended)
            return dict.fromkeys(inside, (at, end - 1)), end
        case If(_, then, orelse):
            found, middle = _block(then, at, ended)
            other, end = _block(orelse, middle, ended)
            _join(found, other)
            return found, end
        case _:
            return dict.fromkeys(buffers_of((s,)), (at, at)), at + 1


def _join(into: dict[str, Span], more: dict[str, Span]) -> None:
    """Each buffer from its first span to its last."""
    for name, (first, last) in more.items():
        old = into.get(name, (first, last))
        into[name] = (min(old[0], first), max(old[1], last))


def _end(ended: Spans, name: str, span: Span) -> None:
    ended[name] = (*ended.get(name, ()), span)
