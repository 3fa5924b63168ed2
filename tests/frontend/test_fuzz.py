"""Whatever the text, the frontend gives a Program or a LanguageError, soon.

`make fuzz` tries 100,000 texts; these are its first few hundred, and texts made to be hard.
"""

from __future__ import annotations

import random
import time

import pytest

from tests.frontend.fuzz import FINE
from tests.frontend.mutations import mutated, outcome, wild


@pytest.mark.parametrize("share", range(4))
def test_wild_texts(share: int) -> None:
    for seed in range(share * 100, share * 100 + 100):
        w = wild(seed)
        assert outcome(w.text, **w.options) in FINE, f"seed {seed}: {w.text}"


def test_changes_reach_every_stage_of_the_frontend() -> None:
    rng = random.Random(1)
    cases = [mutated(rng) for _ in range(300)]
    codes = {outcome(w.text, **w.options) for w in cases}
    assert {"ok", "E003", "E012", "E022", "E051", "E052", "E053"} <= codes


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
    ("O(i) = I(i) + " + "x" * 10_000, {"ok"}),
    ("O(i) = I(i) + " + "x" * 100_000, {"E005"}),
    ("O(i) = I(i/" + "9" * 500 + ")", {"E063"}),
    ("O(i) = I(i" + "/2" * 100 + ")", {"ok"}),
    ("O(i) += J(i,k) + I(i) where i in 0:" + _tree(7), {"ok", "E032", "E052", "E050", "E054"}),
    ("O(i) = a0 + I(i) where " + LETS + ", a40 = 1", {"E005"}),
    ("x" * 3_000_000, {"E005"}),
    (_chain(300), {"ok"}),
    (_chain(2_500), {"ok"}),
    (_chain(10_001), {"E005"}),
    (_doubling(30), {"E005"}),
    ("\n" * 100_000, {"E001"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "codes"), HARD, ids=[repr(t[:24]) for t, _ in HARD])
def test_hard_texts_end_soon(text: str, codes: set[str]) -> None:
    start = time.process_time()
    assert outcome(text) in codes
    assert time.process_time() - start < 10
