"""A value that was just stored is used as it is, instead of loaded again.

    C[0:16] = 0;  r = C[0:16];  for k in 0:K { r = r + … };  C[0:16] = r
becomes
    C[0:16] = 0;  r = 0;        for k in 0:K { r = r + … };  C[0:16] = r

and `dead` drops the first store. So a sum starts in its register where the statement that gives
the first value stands in the same block, and what comes after the sum takes it from there.

Lanes that are off hold 0 after a load and anything after this pass: no lane looks at another one,
and folds select the lanes that are on.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from polyc.codegen.loops import (
    Alloc,
    Bin,
    Check,
    Declare,
    Fold,
    For,
    Ge,
    Get,
    If,
    Let,
    Lit,
    Load,
    Set,
    Splat,
    Stmt,
    Store,
    Value,
    dtype_of,
    lanes_of,
)
from polyc.codegen.passes.places import Place, disjoint, loaded, same_type, stored
from polyc.codegen.rewrite import map_value
from polyc.codegen.walk import all_values, statements

STEM = "kept."  # no name of the language has a dot


@dataclass(slots=True)
class _Stored:
    """The last store to a place, in a slot of the new block that a name may be put before."""

    slot: list[Stmt]
    store: Store


_Known = dict[Place, _Stored]


def forward(body: tuple[Stmt, ...]) -> tuple[Stmt, ...]:
    """Loads of places whose value the block has at hand replaced by it."""
    return _block(body, {}, [0])


def _block(body: tuple[Stmt, ...], known: _Known, names: list[int]) -> tuple[Stmt, ...]:
    out: list[list[Stmt]] = []
    sums = Counter(stored(s) for s in body if isinstance(s, Store) and s.op is not None)
    for s in body:
        if isinstance(s, Store) and sums[stored(s)] > 1:
            s = _opened(s)
        out += [_statement(part, known, names) for part in _entered(s, known)]
    return tuple(x for slot in out for x in slot)


def _opened(s: Store) -> Store:
    """An accumulating store as a load, the operation and a plain store."""
    place = stored(s)
    if s.op is None or place[4] != lanes_of(s.value):
        return s
    old = Load(s.buffer, s.index, dtype_of(s.value), place[4], place[2], s.active)
    return replace(s, value=Bin(s.op, old, s.value), op=None)


def _statement(s: Stmt, known: _Known, names: list[int]) -> list[Stmt]:
    match s:
        case Store():
            return _store(s, known, names)
        case Let() | Declare() | Set() | Check():
            return [replace(s, value=_value(s.value, known, names))]
        case For():
            stable = {} if s.kind == "parallel" else _untouched(known, s.body)
            inner = _block(s.body, stable, names)
            _forget(known, s.body)
            return [replace(s, body=inner)]
        case If(cond, then, orelse):
            branches = (_block(b, dict(known), names) for b in (then, orelse))
            found = If(cond, *branches)
            _forget(known, (*then, *orelse))
            return [found]
        case Alloc():
            return [s]


def _store(s: Store, known: _Known, names: list[int]) -> list[Stmt]:
    place = stored(s)
    s = replace(s, value=_value(s.value, known, names))
    before = known.get(place)
    if s.op is not None and before is not None and place[4] == lanes_of(s.value):
        s = replace(s, value=Bin(s.op, _at_hand(before, names), s.value), op=None)
    for other in [p for p in known if not disjoint(p, place)]:
        del known[other]
    slot: list[Stmt] = [s]
    if s.op is None:
        known[place] = _Stored(slot, s)
    return slot


def _value(v: Value, known: _Known, names: list[int]) -> Value:
    def one(x: Value) -> Value:
        if not isinstance(x, Load):
            return x
        place = loaded(x)
        found = known.get(place) if place is not None else None
        if found is None or not same_type(found.store, x):
            return x
        value = _at_hand(found, names)
        return value if lanes_of(value) == x.lanes else Splat(value, x.lanes)

    return map_value(v, one) if known else v


def _at_hand(found: _Stored, names: list[int]) -> Value:
    """The stored value: a number again, anything else by a name that is given to it."""
    match found.store.value:
        case Lit() | Splat(Lit()) as number:
            return number
        case Get(name) as get if name.startswith(STEM):
            return get
        case value:
            name = f"{STEM}{names[0]}"
            names[0] += 1
            get = Get(name, dtype_of(value), lanes_of(value))
            found.store = replace(found.store, value=get)
            found.slot[:] = [Let(name, value), found.store]
            return get


def _stores(body: tuple[Stmt, ...]) -> set[str]:
    return {s.buffer for s in statements(body) if isinstance(s, Store)}


def _untouched(known: _Known, body: tuple[Stmt, ...]) -> _Known:
    written = _stores(body)
    return {p: v for p, v in known.items() if p[0] not in written}


def _forget(known: _Known, body: tuple[Stmt, ...]) -> None:
    written = _stores(body)
    for place in [p for p in known if p[0] in written]:
        del known[place]


def _entered(s: Stmt, known: _Known) -> tuple[Stmt, ...]:
    """The statements under a guard "the loop turns" if they change nothing where it does not:
    registers that start with known values are written back as they are."""
    match s:
        case If(Ge(turns), then, ()) if then:
            loops = [x for x in then if isinstance(x, For)]
            first = {x.name: x.value for x in then if isinstance(x, Declare)}
            if (
                len(loops) == 1
                and turns == loops[0].upper - loops[0].lower - 1
                and loops[0].step == 1
                and all(_starts_known(v, known) for v in first.values())
                and all(
                    isinstance(x, Declare | For)
                    or (isinstance(x, Store) and _restores(x, first, known))
                    for x in then
                )
            ):
                return then
    return (s,)


def _starts_known(v: Value, known: _Known) -> bool:
    """The first value of a register: a number, or that of a place known here."""
    match v:
        case Lit() | Splat(Lit()):
            return True
        case Load() | Splat(Load()):
            load = v.x if isinstance(v, Splat) else v
            return isinstance(load, Load) and loaded(load) in known
        case _:
            return False


def _restores(s: Store, first: dict[str, Value], known: _Known) -> bool:
    """With registers as they were declared, the store leaves its place as it is."""
    if stored(s) not in known:
        return False
    match s.value:
        case Get(name) if s.op is None:
            start = first.get(name)
            return isinstance(start, Load) and loaded(start) == stored(s)
        case Fold(op, x):  # registers of a fold start with the neutral element
            names = {g.name for g in all_values(x) if isinstance(g, Get)}
            return s.op == op and all(isinstance(first.get(n), Lit) for n in names)
        case _:
            return False
