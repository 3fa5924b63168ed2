"""Temporaries that nobody reads go: their values went from register to register.

let v = x[i] + 1;  t[i] = v;  y[i] = v * 2      becomes      let v = x[i] + 1;  y[i] = v * 2
"""

from __future__ import annotations

from dataclasses import replace

from polyc.codegen.loops import Alloc, For, If, LoopNest, Stmt, Store
from polyc.codegen.rewrite import map_stmts
from polyc.codegen.walk import loads_of


def drop_unread(nest: LoopNest) -> LoopNest:
    """The nest without its own buffers that have no load, and without the stores to them."""
    seen = {b.name for b in nest.arguments} | {x.buffer for x in loads_of(nest.body)}

    def one(s: Stmt) -> tuple[Stmt, ...]:
        match s:
            case Store(buffer) | Alloc(buffer):
                name = buffer if isinstance(buffer, str) else buffer.name
                return (s,) if name in seen else ()
            case For(body=()) | If(then=(), orelse=()):
                return ()
            case _:
                return (s,)

    kept = tuple(b for b in nest.workspace if b.name in seen)
    return replace(nest, workspace=kept, body=map_stmts(nest.body, one))
