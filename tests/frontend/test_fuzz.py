"""Whatever the text, the frontend gives a Program or a LanguageError, soon."""

from __future__ import annotations

import random
import re
import time

import pytest

from polyc.errors import LanguageError
from polyc.frontend import NeedsConstants, load
from tests.programs import CORPUS

BITS = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    "+",
    "-",
    "*",
    "/",
    "%",
    "where",
    "in",
    "for",
    "def",
    "=",
    "+=",
    "max=",
    "argmin=",
    "!",
    "0",
    "1",
    "N",
    "i",
    ".0",
    ".5",
    "1e400",
    "pad",
    "exp",
    "min",
    "select",
    "?",
    ":",
    "==",
    "<",
    "&&",
    "||",
    "->",
    "int",
    "float16",
    ";",
    "\x00",
    "é",
    "#",
    "99999999999999999999",
    "A.0",
    "bool",
    "complex64",
    "i/2",
    "i%3",
    "*N",
    "N*i",
]
OPERATORS = ["+", "-", "*", "/", "%", "<", ">", "&&", "=="]
TYPES = ["float", "int8", "int", "bool", "complex64", "float16", "uint64"]
WORDS = {"def", "for", "in", "where"}


def outcome(text: str, **options: object) -> str:
    """The code of the error, or "ok"; anything but a LanguageError escapes."""
    try:
        load(text, **options)  # type: ignore[arg-type]
    except LanguageError as e:
        return "shows isl" if "isl_" in str(e) else e.code
    except NeedsConstants:
        return "constants"
    return "ok"


def _scramble(tokens: list[str], rng: random.Random) -> None:
    for _ in range(rng.randint(1, 4)):
        k = rng.randrange(len(tokens))
        match rng.randrange(4):
            case 0:
                tokens[k] = rng.choice(BITS)
            case 1 if len(tokens) > 4:
                del tokens[k : k + rng.randint(1, 3)]
            case 2:
                tokens.insert(k, rng.choice(BITS))
            case _:
                tokens[k] = rng.choice(tokens)


def _alter(tokens: list[str], rng: random.Random) -> None:
    """Changes that mostly keep the grammar: names, numbers, operators, types, subscripts."""
    names = [t for t in tokens if re.fullmatch(r"[A-Za-z_]\w*", t) and t not in WORDS] + ["0", "2"]
    places = [k for k, t in enumerate(tokens) if re.fullmatch(r"\w+|[-+*/<>]", t)]
    for k in rng.sample(places, min(len(places), rng.randint(1, 3))):
        token = tokens[k]
        if token in "+-*/<>":
            tokens[k] = rng.choice(OPERATORS)
        elif token in TYPES:
            tokens[k] = rng.choice(TYPES)
        elif token not in WORDS:
            other = rng.choice(names)
            suffix = rng.choice(["", "+1", "-1", "*2", "/2", "%3", f"+{other}", f"*{other}"])
            tokens[k] = token + suffix if suffix else other


@pytest.mark.parametrize("seed", range(8))
def test_mutations(seed: int) -> None:
    rng = random.Random(seed)
    cases = list(CORPUS.values())
    codes = set()
    for _ in range(100):
        case = rng.choice(cases)
        tokens = re.findall(r"\w+|\s+|.", case.text)
        (_scramble if rng.random() < 0.3 else _alter)(tokens, rng)
        codes.add(outcome("".join(tokens), entry=case.entry, consts=case.consts))
    assert "ok" in codes
    assert "shows isl" not in codes
    assert len(codes) > 5


def _chain(count: int) -> str:
    return "\n".join(f"T{k + 1}(i) = T{k}(i) + 1" for k in range(count))


def _doubling(count: int) -> str:
    first = "def f0(float(N) X) -> (Y) { Y(i) = X(i) }\n"
    return first + "\n".join(
        f"def f{k + 1}(float(N) X) -> (Y) {{ (T) = f{k}(X)\n (Y) = f{k}(T) }}" for k in range(count)
    )


def _tree(depth: int) -> str:
    if not depth:
        return "I.0"
    inner = _tree(depth - 1)
    return f"min({inner}/{depth + 1}, max({inner}/{depth + 2}, J.{depth % 2}))"


LETS = ", ".join(f"a{k} = a{k + 1} + a{k + 1}" for k in range(40))
HARD: list[tuple[str, set[str]]] = [
    ("".join(random.Random(0).choices(list(map(chr, range(32, 127))), k=10_000)), {"E002", "E003"}),
    ("".join(random.Random(0).choices([chr(c) for c in range(1, 0x3000)], k=10_000)),
     {"E002", "E003", "E004"}),
    ("".join(random.Random(0).choices("abcdefgh,->. ", k=10_000)), {"E070", "E071"}),
    ("a" * 10_000, {"E005"}),
    ("ab," * 3000 + "ab", {"E005"}),
    ("a_b " * 3000, {"E070"}),
    ("O(i) = " + "(" * 5000, {"E006"}),
    ("O(i) = " + "-" * 5000 + "3", {"E006"}),
    ("O(i) = " + "+".join(["I(i)"] * 5000), {"E006"}),
    ("O(i) = " + "+".join(["I(i)"] * 100), {"ok"}),
    ("O(i) = I(i) + " + "x" * 100_000, {"ok"}),
    ("O(i) = I(i/" + "9" * 500 + ")", {"E063"}),
    ("O(i) = I(i" + "/2" * 100 + ")", {"ok"}),
    ("O(i) += J(i,k) + I(i) where i in 0:" + _tree(7), {"ok", "E032", "E052", "E050", "E054"}),
    ("O(i) = a0 + I(i) where " + LETS + ", a40 = 1", {"E005"}),
    ("x" * 3_000_000, {"E005"}),
    (_chain(300), {"ok"}),
    (_chain(10_001), {"E005"}),
    (_doubling(30), {"E005"}),
    ("\n" * 100_000, {"E001"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "codes"), HARD, ids=[repr(t[:24]) for t, _ in HARD])
def test_hard_texts_end_soon(text: str, codes: set[str]) -> None:
    start = time.perf_counter()
    assert outcome(text) in codes
    assert time.perf_counter() - start < 10
