"""Where temporaries live: one array per call, or one per tile, contracted to what a tile touches.

A temporary that only one group uses, and whose values never cross between tiles (its rows are
coincident, so every dependence stays in its tile), needs no more memory than one tile's footprint.
"""

from __future__ import annotations

from polyc.frontend.integers import Int
from polyc.frontend.program import Program, Statement, Tensor
from polyc.scheduler.affine import Row, plain_variable
from polyc.scheduler.facts import Access, accesses, ends_of
from polyc.scheduler.tree import Decision, Storage, Window


def place(
    program: Program, names: tuple[str, ...], tiled: tuple[tuple[Row, int], ...]
) -> tuple[list[Storage], list[Decision]]:
    """Storage of every temporary that only the named statements use; `tiled` are rows and sizes."""
    storage: list[Storage] = []
    decisions: list[Decision] = []
    touched = _accesses(program, names)
    for t in program.tensors:
        found = touched.get(t.name)
        if t.kind != "temporary" or found is None:
            continue
        windows = tuple(_window(d, found, tiled) for d in range(len(t.shape)))
        storage.append(Storage(t.name, "tile", windows))
        size = " x ".join(str(w.extent if w else n) for w, n in zip(windows, t.shape, strict=True))
        reason = f"{size or '1'} elements of {t.dtype} hold what a tile needs"
        decisions.append(Decision("storage", t.name, "tile", reason))
    return storage, decisions


def _accesses(
    program: Program, names: tuple[str, ...]
) -> dict[str, list[tuple[Statement, Access]]]:
    """The accesses of every tensor that only the named statements use."""
    own = set(names)
    out: dict[str, list[tuple[Statement, Access]]] = {}
    shared: set[str] = set()
    for s in program.statements:
        for a in accesses(s):
            if s.name in own:
                out.setdefault(a.tensor, []).append((s, a))
            else:
                shared.add(a.tensor)
    return {t: found for t, found in out.items() if t not in shared}


def in_memory(program: Program, names: tuple[str, ...], why: str) -> list[Decision]:
    """The refusal of a tile's storage for every temporary that only the named statements use."""
    own = _accesses(program, names)
    inside = (t.name for t in program.tensors if t.kind == "temporary" and t.name in own)
    return [Decision("storage", name, "memory", why) for name in inside]


def all_placed(
    program: Program, storage: tuple[Storage, ...], decisions: tuple[Decision, ...]
) -> tuple[Decision, ...]:
    """The decisions with exactly one on the storage of every tensor that the kernel writes."""
    local = {x.tensor for x in storage}
    known = {(d.subject, d.verdict): d for d in reversed(decisions) if d.kind == "storage"}
    users: dict[str, list[str]] = {}
    for s in program.statements:
        for tensor in dict.fromkeys(a.tensor for a in accesses(s)):
            users.setdefault(tensor, []).append(s.name)
    out = [d for d in decisions if d.kind != "storage"]
    for t in program.tensors:
        if t.kind == "output":
            out.append(Decision("storage", t.name, "memory", "it is an output"))
        elif t.kind == "temporary" and t.name in local:
            out.append(known[t.name, "tile"])
        elif t.kind == "temporary":
            found = known.get((t.name, "memory"))
            out.append(found or _between_groups(t, users.get(t.name, [])))
    return tuple(out)


def _between_groups(t: Tensor, users: list[str]) -> Decision:
    if t.packs is not None:
        why = f"the copy of {t.packs} is made before the loops that share it"
    else:
        why = f"no loops are shared by all of {', '.join(users)}, which use it"
    return Decision("storage", t.name, "memory", why)


def _window(
    d: int, found: list[tuple[Statement, Access]], tiled: tuple[tuple[Row, int], ...]
) -> Window | None:
    """The window of one dimension, if every access is a tiled row plus a constant."""
    for row, tile in tiled:
        places = [_place(s, a, d, row) for s, a in found]
        known = [x for x in places if x is not None]
        factors = {factor for factor, _, _ in known}
        if len(known) != len(places) or len(factors) != 1:
            continue
        (factor,) = factors
        low, high = min(x[1] for x in known), max(x[2] for x in known)
        scaled = Row.of({name: e * factor for name, e in row.exprs})
        extent = factor * (tile - 1) + high - low + 1
        return Window(scaled, factor * tile, Int.of(low), extent)
    return None


def _place(s: Statement, a: Access, d: int, row: Row) -> tuple[int, int, int] | None:
    """f, low, high where the subscript is f * row + something from low to high, None otherwise.

    The rest moves only where the row counts chunks of f elements.
    """
    sub, variable = a.subs[d], plain_variable(row[s.name], s)
    factor = sub.coefficient(variable) if isinstance(sub, Int) and variable else None
    if not isinstance(sub, Int) or not factor or factor < 0:
        return None
    rest = sub - row[s.name] * factor
    if rest.is_const:
        return factor, rest.value, rest.value
    ends = ends_of(s, rest) if factor > 1 else None
    return (factor, *ends) if ends else None
