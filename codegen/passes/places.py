"""Which elements a store or a load touches, and whether two of them touch different ones."""

from __future__ import annotations

from polyc.codegen.loops import Load, Store, dtype_of, lanes_of
from polyc.frontend.integers import Int, Terms

# Buffer, index of lane 0, step from lane to lane, lanes that are on, lanes.
Place = tuple[str, tuple[Int, ...], tuple[int, ...], Int | None, int]


def stored(s: Store) -> Place:
    """What a store writes; all lanes of a value may go to one element ("combine all lanes")."""
    lanes = lanes_of(s.value) if any(s.step) else 1
    return s.buffer, s.index, s.step if lanes > 1 else (), s.active, lanes


def loaded(v: Load) -> Place | None:
    """What a load reads; None where that depends on data."""
    index = tuple(i for i in v.index if isinstance(i, Int))
    if len(index) < len(v.index):
        return None
    lanes = v.lanes if any(v.step) else 1
    return v.buffer, index, v.step if lanes > 1 else (), v.active, lanes


def disjoint(a: Place, b: Place) -> bool:
    """No element is in both, provably: other buffers, or apart in some dimension."""
    if a[0] != b[0]:
        return True
    for d, (i, j) in enumerate(zip(a[1], b[1], strict=True)):
        (low, moving), (from_, also) = _apart(i.terms), _apart(j.terms)
        if moving != also:
            continue
        gap = from_ - low
        (al, ah), (bl, bh) = _span(a, d), _span(b, d)
        if gap + bl > ah or gap + bh < al:
            return True
    return False


def _apart(terms: Terms) -> tuple[int, Terms]:
    """The constant and all else: pairs of places are many, and most differ in the first alone."""
    if terms and not terms[0][0]:
        return terms[0][1], terms[1:]
    return 0, terms


def _span(p: Place, d: int) -> tuple[int, int]:
    """Range of movement of the lanes in one dimension."""
    if not p[2] or not p[2][d]:
        return 0, 0
    last = p[2][d] * (p[4] - 1)
    return (0, last) if last > 0 else (last, 0)


def same_type(s: Store, v: Load) -> bool:
    """The stored value is of the type the load gives."""
    return dtype_of(s.value) == v.dtype
