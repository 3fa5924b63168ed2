"""Letters of an einsum string that always stand together become one: fewer, longer loops.

    abcd,efcd->abef   of contiguous operands is   ab,cb->ac   of the same memory

A loop of two iterations costs the compiler as much as one of a thousand, and the machine more.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from polyc.frontend.einsum_spec import parse_spec
from polyc.frontend.findings import Findings

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fused:
    """An einsum of the same arrays in fewer dimensions; `result` is the shape asked for."""

    text: str
    shapes: tuple[Shape, ...]
    result: Shape


def fuse(text: str, shapes: tuple[Shape, ...]) -> Fused | None:
    """The string for C-contiguous operands with runs of letters as one; None where there are none.

    Raises LanguageError where the string is wrong or does not fit.

    >>> fuse("abcd,efcd->abef", ((2, 3, 4, 5), (6, 7, 4, 5)))
    Fused(text='ab,cb->ac', shapes=((6, 20), (42, 20)), result=(2, 3, 6, 7))
    """
    spec = parse_spec(text, shapes, Findings(text))
    terms = [t.letters for t in spec.terms]
    broadcast = {n for t in spec.terms for n, one in zip(t.letters, t.ones, strict=True) if one}
    runs = _runs([*terms, spec.output], broadcast)
    if len(runs) == len(spec.sizes) or len(runs) > len(_LETTERS):
        return None
    names = {run[0]: _LETTERS[k] for k, run in enumerate(runs)}
    size = {run[0]: prod(spec.extents[n] for n in run) for run in runs}
    inputs = ["".join(names[n] for n in t if n in names) for t in terms]
    output = "".join(names[n] for n in spec.output if n in names)
    return Fused(
        f"{','.join(inputs)}->{output}",
        tuple(
            tuple(
                1 if one else size[n]
                for n, one in zip(t.letters, t.ones, strict=True)
                if n in names
            )
            for t in spec.terms
        ),
        tuple(spec.extents[n] for n in spec.output),
    )


def _runs(terms: list[tuple[str, ...]], alone: set[str]) -> list[tuple[str, ...]]:
    """All letters, those in one tuple that follow each other wherever one of them is."""
    after: dict[str, set[str | None]] = {}
    before: dict[str, set[str | None]] = {}
    for t in terms:
        padded = (None, *t, None)
        for left, n, right in zip(padded, t, padded[2:], strict=False):
            before.setdefault(n, set()).add(left)
            after.setdefault(n, set()).add(right)
    alone = alone | {n for t in terms for n in t if t.count(n) > 1}
    runs: list[tuple[str, ...]] = []
    following: dict[str, str] = {}
    for n, found in after.items():
        (m, *others) = found
        if m is not None and not others and before[m] == {n} and not {n, m} & alone:
            following[n] = m
    for n in after.keys() - set(following.values()):
        run = [n]
        while run[-1] in following:
            run.append(following[run[-1]])
        runs.append(tuple(run))
    order = {n: k for k, n in enumerate(after)}
    return sorted(runs, key=lambda run: order[run[0]])
