"""Wrong texts made from right ones, and other texts that nobody would write: one for each seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from polyc.errors import ArgumentError, LanguageError
from polyc.frontend import NeedsConstants, Operand, load
from polyc.frontend.dtypes import FLOAT32
from tests.programs import CORPUS
from tests.property.generator import draw

BITS = (
    *("(", ")", "[", "]", "{", "}", ",", "+", "-", "*", "/", "%", "=", "+=", "max=", "argmin="),
    *("where", "in", "for", "def", "!", "?", ":", "==", "<", "&&", "||", "->", ";", "#", "\n"),
    *("0", "1", "N", "i", ".0", ".5", "1e400", "99999999999999999999", "A.0", "i/2", "i%3", "*N"),
    *("N*i", "pad", "exp", "min", "select", "int", "float16", "bool", "complex64", "\x00", "é"),
)
OPERATORS = ("+", "-", "*", "/", "%", "<", ">", "&&", "==")
TYPES = ("float", "int8", "int", "bool", "complex64", "float16", "uint64")
WORDS = {"def", "for", "in", "where"}
EINSUM = ("mk,kn->mn", "...ii->...i", "ij,jk,kl", "ij->ji", ",ij->ij", "b...n,...nk->b...k", "iij")


@dataclass(frozen=True)
class Wild:
    """A text, and the options it is loaded with."""

    text: str
    options: Mapping[str, Any] = field(default_factory=dict)


def outcome(text: str, **options: object) -> str:
    """The code of the error, or "ok"; other exceptions escape."""
    try:
        load(text, **options)  # type: ignore[arg-type]
    except LanguageError as e:
        return "shows isl" if "isl_" in str(e) else e.code
    except NeedsConstants:
        return "constants"
    except ArgumentError as e:  # the scalar of `consts` is gone
        return "consts" if "consts" in str(e) else repr(e)
    return "ok"


def wild(seed: int) -> Wild:
    """The text of a seed. Of a hundred, 80 are mutated programs; one has thousands of levels."""
    rng = random.Random(seed)
    return _kind(seed % 100)(rng)


def _kind(k: int) -> Callable[[random.Random], Wild]:
    for share, make in ((70, mutated), (10, _of_random_program), (8, _einsum), (8, _noise)):
        if k < share:
            return make
        k -= share
    return (_deep, _long_line, _two_texts, _repeated)[k]


def mutated(rng: random.Random) -> Wild:
    """A program of the corpus with a few changes."""
    case = rng.choice(list(CORPUS.values()))
    return Wild(_changed(case.text, rng), {"entry": case.entry, "consts": case.consts})


def _of_random_program(rng: random.Random) -> Wild:
    return Wild(_changed(draw(rng.randrange(10**6)).text, rng))


def _changed(text: str, rng: random.Random) -> str:
    tokens = re.findall(r"\w+|\s+|.", text)
    (_scramble if rng.random() < 0.3 else _alter)(tokens, rng)
    return "".join(tokens)


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
    body = tokens.index("{") if "{" in tokens and rng.random() < 0.9 else 0  # headers break soon
    places = [k for k, t in enumerate(tokens) if k >= body and re.fullmatch(r"\w+|[-+*/<>]", t)]
    for k in rng.sample(places, min(len(places), rng.randint(1, 3))):
        token = tokens[k]
        if token in "+-*/<>":
            tokens[k] = rng.choice(OPERATORS)
        elif token in TYPES:
            tokens[k] = rng.choice(TYPES)
        elif tokens[k + 1 : k + 2] == ["("] or tokens[k - 1 : k] == ["def"]:
            tokens[k] = rng.choice(names[:-2])
        elif token not in WORDS:
            other = rng.choice(names)
            suffix = rng.choice(["", "+1", "-1", "*2", "/2", "%3", f"+{other}", f"*{other}"])
            tokens[k] = token + suffix if suffix else other


def _einsum(rng: random.Random) -> Wild:
    tokens = list(rng.choice(EINSUM))
    for _ in range(rng.randint(0, 3)):
        k = rng.randrange(len(tokens) + 1)
        tokens[k : k + rng.randrange(2)] = [rng.choice([*"abijkmn,.->  ", "...", "->", "é", "_"])]
    text = "".join(tokens)
    terms = text.split("->")[0].split(",")
    shapes = [tuple(rng.choices([0, 1, 2, 2, 3], k=max(0, len(t.strip())))) for t in terms]
    if rng.random() < 0.3:
        return Wild(text)
    return Wild(text, {"operands": [Operand(FLOAT32, s[:30]) for s in shapes[: rng.randint(0, 9)]]})


def _noise(rng: random.Random) -> Wild:
    match rng.randrange(4):
        case 0:
            data = rng.randbytes(rng.randint(1, 2000))
            return Wild(data.decode(rng.choice(["latin-1", "utf-16"]), "replace"))
        case 1:
            return Wild("".join(map(chr, rng.choices(range(32, 127), k=rng.randint(1, 10_000)))))
        case 2:
            return Wild("O(i) = " + "".join(rng.choices("I(i)+-*/ 1", k=rng.randint(1, 200))))
        case _:
            return Wild(" ".join(rng.choices([*BITS, "I(i)", "O(i) +="], k=rng.randint(1, 400))))


def _deep(rng: random.Random) -> Wild:
    n = rng.choice([10, 60, 64, 65, 100, 5000, 50_000])
    start, inner, end = rng.choice(
        [
            ("(", "I(i)", ")"), ("-", "I(i)", ""), ("!", "I(i)", ""), ("exp(", "I(i)", ")"),
            ("I(i) + (", "1", ")"), ("i > 0 ? I(i) : ", "1", ""), ("I(", "i", ")"), ("[", "i", "]"),
            ("min(I(i), ", "2", ")"), ("", "i", "/2"), ("", "i", " % 3"), ("", "I(i)", " + I(i)"),
        ]
    )  # fmt: skip
    return Wild("O(i) = " + start * n + inner + end * rng.choice([n, n, n - 1]))


def _long_line(rng: random.Random) -> Wild:
    n = rng.choice([1000, 20_000, 300_000])
    return Wild(
        rng.choice(
            [
                "O(i) = I(i) # " + "comment " * n,
                "O(i) = I(i)" + " " * n + "+",
                "O(i) = I(i) + " + "9" * n,
                "O(i) = I(i) + a" + "b" * n,
                "O(" + ",".join(f"i{k}" for k in range(min(n, 2000))) + ") = 3",
                "O(i) += " + "I(i) * " * min(n, 20_000) + "2",
                "def f(" + ", ".join(f"float(N{k}) A{k}" for k in range(min(n, 3000))) + ") -> (B",
            ]
        )
    )


def _two_texts(rng: random.Random) -> Wild:
    one, two = rng.choices(list(CORPUS.values()), k=2)
    return Wild(one.text[: rng.randrange(len(one.text))] + two.text[rng.randrange(len(two.text)) :])


def _repeated(rng: random.Random) -> Wild:
    """A statement many times: all alike, a chain, a chain through halves; rarely 10,000."""
    n = rng.choice([5, 20, 50, 100, 100, 100, 300])
    if rng.random() < 0.01:
        n = rng.choice([9_999, 10_001])
    statement = rng.choice(
        ["T(i) = I(i)", "T{1}(i) = T{0}(i) + 1", "T{1}(i) += T{0}(i+j) * W(j)", "O(i) += I(i+{0})",
         "O(i) = T{0}(i); T{1}(i) = O(i)", "T({1}) = T({0}) + 1", "T(2*i+{0}%2) += I(i)"]
    )  # fmt: skip
    return Wild("\n".join(statement.replace("{0}", str(k)).replace("{1}", str(k + 1))
                          for k in range(n)))  # fmt: skip
