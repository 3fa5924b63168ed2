"""Random edits of the text of a schedule, from a slip of the hand to plain vandalism.

python -m tests.scheduler.texts 20000        mutations, in one process: a crash is a failure
"""

from __future__ import annotations

import sys
from collections import Counter
from random import Random

from polyc.codegen.build import build
from polyc.errors import ArgumentError, CompileError
from polyc.options import Options
from polyc.scheduler.given import demand_legal, read_back
from polyc.scheduler.tree import Schedule
from tests.scheduler.support import V3, Case, is_right
from tests.scheduler.test_mutants import SIZES, program
from tests.scheduler.text_edits import random_edit

FRAGMENTS = (
    '"', "'", "{", "}", "[", "]", "(", ")", ":", ";", ",", "->", "- ", "  ", "\t", "\n", "\0",
    "#", "é", "child:", "sequence:", "- filter:", "mark:", 'mark: "parallel"', 'mark: "vector"',
    "domain: 3", 'mark: "unroll"', "schedule:", "permutable: 0", "coincident: [ 1, 0 ]",
    "coincident: [ 0 ]", "options:", "context:", 'extension: "{ [] -> X[] }"', "expansion:",
    "set:", "null", "~", "&a *a", "[]", "[] -> []", "{ }", "NaN", "infty", "1/0", "(i)/2",
    "floor((i)/0)", "floor((i)/3)", "mod 0", "99999999999999999999", "4294967296", "-", "--",
    "* i", "S0", "S0[i]", "S9[i]", "S1[[i] -> [j]]", "exists (e: i = 2e)", " : i < 3", " : false",
    "or", "not", "implies", "max(i, 0)", "[N] ->", "[Q] ->", "((((((((", "i'", "$0", "S0[0]",
    "S0[i, i]", "S0[i + 1]", "{ S0[i] -> T[i] }", "|", ">", "? ", "%", "@",
)  # fmt: skip


def mutated(text: str, random: Random) -> str:
    """One to three edits."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        text = random.choice((_characters, _lines, _words, random_edit, random_edit, random_edit))(
            text, random
        )
    return text


def _characters(text: str, random: Random) -> str:
    """Something cut out, put in, doubled or replaced at a random place."""
    a = random.randrange(len(text) + 1)
    b = min(len(text), a + random.choice((0, 0, 1, 1, 2, 5, 40)))
    put = random.choice(("", random.choice(FRAGMENTS), text[a:b] * 2, random.choice("01239ijkmn")))
    return text[:a] + put + text[b:]


def _lines(text: str, random: Random) -> str:
    """A line taken away, doubled, moved, indented or exchanged."""
    lines = text.split("\n")
    a, b = random.randrange(len(lines)), random.randrange(len(lines))
    match random.randrange(6):
        case 0:
            del lines[a]
        case 1:
            lines.insert(b, lines[a])
        case 2:
            lines[a], lines[b] = lines[b], lines[a]
        case 3:
            lines[a] = random.choice((" ", "  ", "    ")) + lines[a]
        case 4:
            lines[a] = lines[a].removeprefix(random.choice((" ", "  ", "    ")))
        case _:
            pad = len(lines[a]) - len(lines[a].lstrip(" -"))
            lines.insert(a, " " * pad + random.choice(FRAGMENTS))
    return "\n".join(lines)


def _words(text: str, random: Random) -> str:
    """One occurrence of a word replaced by another word of the text, or by a fragment."""
    words = text.replace("\n", " ").split(" ")
    old = random.choice([w for w in words if w] or [""])
    new = random.choice((random.choice(words), random.choice(FRAGMENTS), f"-{old}", f"2{old}"))
    places = text.count(old) if old else 0
    parts = text.split(old) if old else [text]
    at = random.randrange(places) + 1 if places else len(parts)
    return old.join(parts[:at]) + (new + old.join(parts[at:]) if at < len(parts) else "")


def verdict(c: Case, automatic: Schedule, text: str, run: bool = True) -> str:
    """What becomes of a text; what is accepted computes what the program means."""
    try:
        s = read_back(text, c.program, c.deps, automatic)
    except ArgumentError as e:
        return _said(e, "schedule", "not read")
    if str(s) == str(automatic):
        assert s.storage == automatic.storage
        return "the same"
    try:
        demand_legal(c.verify(s))
    except ArgumentError as e:
        return _said(e, "FAILS", "not legal")
    try:
        build(c.program, s, V3, Options())
    except CompileError:
        return "no loops"
    assert not run or is_right(c, s), f"accepted and wrong:\n{s}\n{s.storage}"
    return "legal"


def _said(e: ArgumentError, words: str, found: str) -> str:
    assert words in str(e), e
    return found


def main(count: int, seed: int = 0) -> None:
    random, found = Random(seed), Counter[str]()
    cases = {name: program(name) for name in SIZES}
    plans = {(n, f): c.schedule(fusion=f) for n, c in cases.items() for f in ("auto", "max")}
    for n in range(count):
        name, fusion = random.choice(list(plans))
        text = mutated(str(plans[name, fusion]), random)
        try:
            found[verdict(cases[name], plans[name, fusion], text)] += 1
        except BaseException:
            sys.stderr.write(f"number {n}, {name}, {fusion}:\n{text}\n")
            raise
    sys.stdout.write(f"{dict(found)}\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
