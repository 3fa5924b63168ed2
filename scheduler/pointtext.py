"""Sets and rows that a person wrote, checked and handed to isl.

isl's parser stops at the first thing that it does not expect and ignores what follows a complete
object, adds rows that name a statement twice, and says nothing about the place of a mistake. So
everything that it reads passes here first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

import islpy as isl

from polyc.frontend.integers import FloorDiv, Int
from polyc.frontend.program import Program
from polyc.scheduler.affine import IN, aff_to_int, over_budget
from polyc.scheduler.linetext import Quoted

T = TypeVar("T")
LARGEST = 1 << 40  # of a constant, as of a size
STEEPEST = 1 << 16  # of a coefficient in a row: its values stay far inside 64 bits
LONGEST = 4000  # words and signs for one statement: isl's parser is recursive
_TOKEN = re.compile(r"\s*(->|<=|>=|!=|[A-Za-z_]\w*|\d+|[][(){};:,=<>+*/-])", re.ASCII)
_WORDS = {"and", "or", "not", "exists", "floor", "mod", "true", "false"}
_CLOSES = {"[": "]", "(": ")", "{": "}"}


def points(q: Quoted, program: Program, names: frozenset[str]) -> tuple[str, isl.UnionSet]:
    """{ S[i] : ... } over some of the named statements, with isl's text of it."""
    body = _body(q, _tokens(q), program, "{")
    _statements(q, body, program, names)
    form = '"{ S0[i, j]; S1[i] : i < 4 }"'
    text = _settled(q, isl.UnionSet, f"{_sizes(program)}{' '.join(body)}", form)
    return text, isl.UnionSet(text)


def row(q: Quoted, program: Program, names: frozenset[str]) -> tuple[str, isl.UnionMap]:
    """[{ S[i] -> [(i)]; ... }] for the named statements, as isl's text and as { S[i] -> [i] }."""
    body = _body(q, _tokens(q), program, "[")[1:-1]
    if body.count("{") != 1 or body[:1] != ["{"] or body[-1] != "}":
        q.refuse("a band without exactly one row", "write [{ S0[i] -> [(i)]; ... }]")
    _statements(q, body, program, names)
    prefix, inner = _sizes(program), " ".join(body)
    form = '"[{ S0[i, j] -> [(i)]; S1[i] -> [(floor((i)/4))] }]"'
    text = _settled(q, isl.MultiUnionPwAff, f"{prefix}[{inner}]", form)
    made = isl.MultiUnionPwAff(text)
    moves = _parsed(q, isl.UnionMap, f"{prefix}{inner}", form)
    same = moves.is_equal(isl.UnionMap.from_multi_union_pw_aff(made))
    if not moves.is_single_valued() or not same:
        q.refuse("a statement has two values in one row", "give each statement one value")
    _check_coefficients(q, made)
    return text, moves


def _sizes(program: Program) -> str:
    """isl reads "[] -> [...]" as an empty band."""
    return f"[{', '.join(z.name for z in program.sizes)}] -> " if program.sizes else ""


def _settled(q: Quoted, parse: Callable[[str], object], text: str, form: str) -> str:
    """isl's print of what it reads, which it prints alike when it reads it again."""
    last = ""
    for _ in range(4):
        last, text = text, str(_parsed(q, parse, text, form))
        if text == last:
            break
    return text


def _parsed(q: Quoted, parse: Callable[[str], T], text: str, form: str) -> T:
    try:
        return parse(text)
    except isl.Error as e:
        if over_budget(e):
            raise
        q.refuse("isl cannot read this", f"expected something like {form}")


# ---- words
def _tokens(q: Quoted) -> list[str]:
    out: list[str] = []
    at, text = 0, q.text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            q.refuse(
                f"unexpected {text[at:].strip()[:1]!r}", "write sets and rows as isl prints them"
            )
        if found[1].isdigit() and (len(found[1]) > 13 or int(found[1]) > LARGEST):
            q.refuse(f"the number {found[1][:20]}", f"use at most {LARGEST}")
        out.append(found[1])
        at = found.end()
    return out


def _body(q: Quoted, tokens: list[str], program: Program, opening: str) -> list[str]:
    """The tokens of the last group, without the sizes in front: "[N] -> { ... }"."""
    groups: list[tuple[int, int]] = []
    stack: list[str] = []
    start = 0
    for k, t in enumerate(tokens):
        if t in _CLOSES:
            start = k if not stack else start
            stack.append(_CLOSES[t])
        elif t in _CLOSES.values():
            if not stack or stack.pop() != t:
                q.refuse(f"a {t} that closes nothing", "brackets come in pairs")
            if not stack:
                groups.append((start, k))
        if len(stack) > 40:
            q.refuse("brackets more than 40 deep", "use fewer")
    if stack:
        q.refuse(f"a bracket is open, {stack[-1]} is missing", "brackets come in pairs")
    form = '"[N] -> { S0[i] ... }"' if opening == "{" else '"[N] -> [{ S0[i] -> [(i)] }]"'
    front = tokens[: groups[-1][0]] if groups else []
    whole = bool(groups) and groups[-1][1] == len(tokens) - 1 and tokens[groups[-1][0]] == opening
    if not whole or (front and (len(groups) != 2 or front[0] != "[" or front[-2:] != ["]", "->"])):
        q.refuse("no set or row", f"expected {form}, nothing before or after it")
    known = [z.name for z in program.sizes]
    for t in front[1:-2]:
        if t != "," and t not in known:
            q.refuse(f"unknown size {t}", f"sizes of this kernel are {', '.join(known) or 'fixed'}")
    return tokens[groups[-1][0] :]


def _statements(q: Quoted, body: list[str], program: Program, names: frozenset[str]) -> None:
    """Every part starts with a statement that may stand here, with all its variables."""
    sizes = {z.name for z in program.sizes}
    arity = {s.name: len(s.vars) for s in program.statements}
    parts = " ".join(body[1:-1]).split(" ; ") if len(body) > 2 else []
    for part in parts:
        words = part.split()
        name = words[0] if words else ""
        if name not in arity or words[1:2] != ["["]:
            q.refuse(
                f"found {name or 'nothing'}, expected a statement",
                f"statements of this kernel are {', '.join(arity)}; other sizes, types or another "
                "target may have other ones",
            )
        if name not in names:
            q.refuse(f"{name} does not run here", f"statements here are {', '.join(sorted(names))}")
        if len(words) > LONGEST:
            q.refuse("an expression that is too long", f"use at most {LONGEST} words and signs")
        inside = words[2 : words.index("]") if "]" in words else None]
        count = inside.count(",") + 1 if inside else 0
        if count != arity[name] or "[" in inside:
            s = program.statement(name)
            q.refuse(
                f"{name}[{' '.join(inside)}], expected {arity[name]} variables",
                f"write {name}[{', '.join(s.vars)}]",
            )
        known = {w for w in inside if w.isidentifier()} | sizes | _bound(words)
        for w in words[1:]:
            if w.isidentifier() and w not in known and w not in _WORDS:
                q.refuse(f"unknown name {w}", f"names here are {', '.join(sorted(known))}")


def _bound(words: list[str]) -> set[str]:
    """Names after "exists", up to the colon."""
    out: set[str] = set()
    for k, w in enumerate(words):
        if w == "exists" and ":" in words[k:]:
            out |= {x for x in words[k : words.index(":", k)] if x.isidentifier()}
    return out


# ---- values
def _check_coefficients(q: Quoted, made: isl.MultiUnionPwAff) -> None:
    pieces = made.get_at(0).get_pw_aff_list()
    for n in range(pieces.n_pw_aff()):
        for _, aff in pieces.get_at(n).get_pieces():
            names = tuple(f"i{d}" for d in range(aff.dim(IN)))
            value = aff_to_int(aff, names)
            if value is None:
                q.refuse("a row with fractions", "round down: floor((i)/4)")
            if _steepest(value) > STEEPEST:
                fix = f"use at most {STEEPEST}; divisors may be larger"
                q.refuse(f"the coefficient {_steepest(value)} in a row", fix)


def _steepest(e: Int) -> int:
    most = 0
    for m, c in e.terms:
        inner = [_steepest(a.num) for a in m if isinstance(a, FloorDiv)]
        most = max(most, *inner, abs(c) if m else 0)
    return most
