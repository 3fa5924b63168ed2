"""The text of an einsum string: letters, ellipses, extents, by NumPy's rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from polyc.errors import Span
from polyc.frontend.findings import Findings, plural

EINSUM_CHARACTERS = re.compile(r"[A-Za-z,.\s]*(->[A-Za-z.\s]*)?")
MOST_OPERANDS = MOST_LETTERS = 64  # NumPy's limits are no larger
MOST_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Term:
    """One operand: a letter per dimension; `ones` marks dimensions of 1 that broadcast."""

    letters: tuple[str, ...]
    ones: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Spec:
    """A complete einsum: ellipses became letters e0, e1, ..., counted from the last dimension."""

    terms: tuple[Term, ...]
    output: tuple[str, ...]
    sizes: dict[str, str]  # letter -> display
    extents: dict[str, int]  # where operands are known
    units: frozenset[str]  # letters that are 1 by construction
    length: int  # of the text


@dataclass(frozen=True, slots=True)
class _Part:
    """One comma-separated part: items are letters or "..."; `at` is its span."""

    items: tuple[str, ...]
    spans: tuple[Span, ...]
    at: Span

    @property
    def letters(self) -> tuple[str, ...]:
        return tuple(x for x in self.items if x != "...")


def parse_spec(text: str, shapes: Sequence[tuple[int, ...]] | None, f: Findings) -> Spec:
    """Reads an einsum string for operands of the given shapes. Raises LanguageError."""
    if len(text) > MOST_CHARACTERS:
        f.add(
            "E005",
            f"{len(text)} characters, the limit is {MOST_CHARACTERS}",
            Span(1, 1),
            "contract a part of the operands first",
        )
        f.check()
    left, right = _split(text, f)
    parts = [_part(text, a, b, f) for a, b in left]
    out = None if right is None else _part(text, *right, f)
    f.check()
    _limits(parts, f)
    whole = Span(1, 1, max(1, len(text)))
    if shapes is not None and len(shapes) != len(parts):
        f.add(
            "E072",
            f"the string has {plural(len(parts), 'operand')}, the call has {len(shapes)}",
            whole,
            "one term for each operand, separated by commas",
        )
        f.check()
    depths = [
        _ellipsis(p, None if shapes is None else shapes[k], k, f) for k, p in enumerate(parts)
    ]
    f.check()
    terms = [_expand(p, d) for p, d in zip(parts, depths, strict=True)]
    output = _output(parts, out, max(depths, default=0), f)
    f.check()
    extents = _extents(terms, parts, shapes, f)
    f.check()
    names = list(dict.fromkeys(n for t in terms for n in t))
    ones = [
        tuple(shapes is not None and shapes[k][d] == 1 and extents[n] != 1 for d, n in enumerate(t))
        for k, t in enumerate(terms)
    ]
    done = tuple(Term(t, o) for t, o in zip(terms, ones, strict=True))
    return Spec(done, output, {n: n for n in names}, extents, frozenset(), max(1, len(text)))


def _limits(parts: list[_Part], f: Findings) -> None:
    if len(parts) > MOST_OPERANDS:
        f.add(
            "E005",
            f"{len(parts)} operands, the limit is {MOST_OPERANDS}",
            parts[-1].at,
            "contract a part of the operands first",
        )
    for p in parts:
        if len(p.items) > MOST_LETTERS:
            f.add(
                "E005",
                f"{len(p.items)} letters, the limit is {MOST_LETTERS}",
                p.at,
                "contract a part of the operands first",
            )
    f.check()


def _printable(word: str) -> str:
    return word[:40] if word.isprintable() else f"U+{ord(word[0]):04X}"


def _at(text: str, position: int, length: int = 1) -> Span:
    line = text.count("\n", 0, position) + 1
    return Span(line, position - (text.rfind("\n", 0, position) + 1) + 1, max(1, length))


def _split(text: str, f: Findings) -> tuple[list[tuple[int, int]], tuple[int, int] | None]:
    """The places of the terms and of the output."""
    for m in re.finditer(r"[^A-Za-z,.\s]+", text):
        if m.group() != "->":
            f.add(
                "E070",
                f"`{_printable(m.group())}` cannot stand in an einsum string",
                _at(text, m.start(), len(m.group())),
                "an einsum string has letters, commas, `...` and one `->`",
            )
    arrows = [m.start() for m in re.finditer("->", text)]
    if len(arrows) > 1:
        f.add("E071", "an einsum string has one `->`", _at(text, arrows[1], 2), "remove the second")
    f.check()
    end = arrows[0] if arrows else len(text)
    left, start = [], 0
    for m in re.finditer(",", text[:end]):
        left.append((start, m.start()))
        start = m.end()
    left.append((start, end))
    return left, (end + 2, len(text)) if arrows else None


def _part(text: str, start: int, end: int, f: Findings) -> _Part:
    items, spans = [], []
    for m in re.finditer(r"\.\.\.|[A-Za-z]|[^\s]", text[start:end]):
        at = _at(text, start + m.start(), len(m.group()))
        if m.group() == "...":
            if "..." in items:
                f.add("E071", "a term has at most one `...`", at, "remove the second")
        elif not m.group().isalpha():
            f.add(
                "E071",
                f"found `{m.group()}`, expected a letter or `...`",
                at,
                "an ellipsis has three dots",
            )
        items.append(m.group())
        spans.append(at)
    return _Part(tuple(items), tuple(spans), _at(text, start, end - start))


def _ellipsis(p: _Part, shape: tuple[int, ...] | None, k: int, f: Findings) -> int:
    """How many dimensions the ellipsis of a term stands for (0 without one)."""
    if shape is None:
        return 0
    letters, rank = len(p.letters), len(shape)
    if "..." in p.items and letters <= rank:
        return rank - letters
    if letters != rank:
        names = "".join(p.items)
        f.add(
            "E073",
            f"operand {k} has {plural(rank, 'dimension')}, "
            f"its term `{names}` has {plural(letters, 'letter')}",
            p.at,
            "write one letter for each dimension, or `...` for the rest",
        )
    return 0


def _expand(p: _Part, depth: int) -> tuple[str, ...]:
    """Ellipsis dimensions align at the right: e0 is the last."""
    out: list[str] = []
    for x in p.items:
        out += [f"e{k}" for k in reversed(range(depth))] if x == "..." else [x]
    return tuple(out)


def _output(parts: list[_Part], out: _Part | None, depth: int, f: Findings) -> tuple[str, ...]:
    seen = [x for p in parts for x in p.letters]
    dots = tuple(f"e{k}" for k in reversed(range(depth)))
    if out is None:
        return dots + tuple(sorted(x for x in set(seen) if seen.count(x) == 1))
    for k, x in enumerate(out.items):
        if x != "..." and x not in seen:
            f.add(
                "E075",
                f"the output letter `{x}` is in no operand",
                out.spans[k],
                "every output letter must come from an operand",
            )
        elif x != "..." and x in out.items[:k]:
            f.add(
                "E075",
                f"the output letter `{x}` appears twice",
                out.spans[k],
                "write each output letter once",
            )
    if depth and "..." not in out.items:
        f.add(
            "E075",
            "the operands' `...` stands for dimensions that the output lacks",
            out.at,
            "write `...` in the output",
        )
    return _expand(out, depth)


def _extents(
    terms: list[tuple[str, ...]],
    parts: list[_Part],
    shapes: Sequence[tuple[int, ...]] | None,
    f: Findings,
) -> dict[str, int]:
    """The extent of each letter: that of every dimension it names, where 1 adapts to any."""
    extents: dict[str, int] = {}
    first: dict[str, int] = {}
    for k, (t, shape) in enumerate(zip(terms, shapes or (), strict=False)):
        own: dict[str, int] = {}  # within one operand, a diagonal, 1 does not adapt
        for d, n in zip(shape, t, strict=True):
            if own.setdefault(n, d) != d:
                f.add(
                    "E074",
                    f"`{n}` is {own[n]} and {d} in operand {k}",
                    parts[k].at,
                    "a diagonal needs equal extents",
                    [f"operand {k}: {shape}"],
                )
            old = extents.get(n, 1)
            if d != 1 and old != 1 and d != old:
                shown = "..." if len(n) > 1 else n
                f.add(
                    "E074",
                    f"`{shown}` is {old} in operand {first[n]} and {d} in operand {k}",
                    parts[k].at,
                    "extents of one letter must be equal, or 1",
                    [f"operand {i}: {s}" for i, s in enumerate(shapes or ())],
                )
            if d != 1 or n not in extents:
                extents[n] = d if old == 1 else old
                first[n] = k
    return extents
