"""Stores that nobody sees: the same place is written again before anything reads it.

C[0:16] = 0;  … no load of C[0:16] …;  C[0:16] = r      becomes      …;  C[0:16] = r
"""

from __future__ import annotations

from dataclasses import replace

from polyc.codegen.loops import For, If, Load, Stmt, Store
from polyc.codegen.passes.places import Place, disjoint, loaded, stored
from polyc.codegen.walk import all_values, loads_of, statements, values_of


def drop_overwritten(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """The block without stores whose place a later statement of the same block overwrites."""
    return _block(body, frozenset())


def _block(body: tuple[Stmt, ...], later: frozenset[Place]) -> tuple[Stmt, ...]:
    """`later` are the places that are overwritten after the block, before they are read."""
    out: list[Stmt] = []
    for s in reversed(body):
        match s:
            case Store():
                place = stored(s)
                if place in later:
                    continue
                # An accumulating store reads its place; it still leaves nothing unread before it.
                later = later - {place} if s.op is not None else later | {place}
                out.append(s)
            case For():
                out.append(replace(s, body=_block(s.body, frozenset())))
            case If(cond, then, orelse):
                out.append(If(cond, _block(then, later), _block(orelse, later)))
            case _:
                out.append(s)
        later = _without(later, s)
    return tuple(reversed(out))


def _without(later: frozenset[Place], s: Stmt) -> frozenset[Place]:
    """The places that the statement does not read."""
    if not later:
        return later
    match s:
        case For() | If():
            inside = tuple(s.body) if isinstance(s, For) else (*s.then, *s.orelse)
            read = {x.buffer for x in loads_of(inside)}
            read |= {
                x.buffer for x in statements(inside) if isinstance(x, Store) and x.op is not None
            }
            return frozenset(p for p in later if p[0] not in read)
        case _:
            out = later
            if isinstance(s, Store) and s.op is not None:
                at = stored(s)
                out = frozenset(p for p in out if disjoint(p, at))
            for v in values_of(s):
                for x in all_values(v):
                    if isinstance(x, Load):
                        at_load = loaded(x)
                        out = frozenset(
                            p
                            for p in out
                            if p[0] != x.buffer or (at_load is not None and disjoint(p, at_load))
                        )
            return out
