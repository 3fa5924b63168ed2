"""Integer expressions: whatever way they are made, one normal form with the right value."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from polyc.frontend.integers import Int, maximum, minimum

NAMES = ("a", "b", "c", "d")
Made = tuple[Int, Callable[[dict[str, int]], int]]  # an expression, and its value by plain Python


def drawn(random: Random, depth: int) -> Made:
    if depth == 0:
        n, name = random.randint(-3, 3), random.choice(NAMES)
        if random.random() < 0.4:
            return Int.of(n), lambda _: n
        return Int.of(name), lambda v: v[name]
    (x, f), (y, g) = drawn(random, depth - 1), drawn(random, depth - 1)
    n = random.randint(-2, 3)
    d = random.randint(1, 4)
    made: tuple[Made, ...] = (
        (x + y, lambda v: f(v) + g(v)),
        (x - y, lambda v: f(v) - g(v)),
        (x * y, lambda v: f(v) * g(v)),
        (x + n, lambda v: f(v) + n),
        (n - x, lambda v: n - f(v)),
        (x * n, lambda v: f(v) * n),
        (-x, lambda v: -f(v)),
        (x // d, lambda v: f(v) // d),
        (x % d, lambda v: f(v) % d),
        (minimum(x, y), lambda v: min(f(v), g(v))),
        (maximum(x, y), lambda v: max(f(v), g(v))),
        (x.subs({"a": y, "b": 2}), lambda v: f({**v, "a": g(v), "b": 2})),
    )
    return random.choice(made)


@pytest.mark.parametrize("seed", range(300))
def test_values_and_normal_form(seed: int) -> None:
    random = Random(seed)
    e, value = drawn(random, 3)
    for _ in range(4):
        table = {n: random.randint(-5, 9) for n in NAMES}
        assert e.eval(table) == value(table)
    again = Int(dict(reversed(e.terms)))
    assert again.terms == e.terms, "sorted, without zeros"
    assert hash(again) == hash(e)
    assert e.names == again.names
    assert all(c for _, c in e.terms)


def test_names_inside_quotients_and_extremes() -> None:
    e = (Int.of("a") + 1) // Int.of("b") + minimum("c", Int.of("d") * 2)
    assert e.names == {"a", "b", "c", "d"}
    assert e.subs({"d": 0}).names == {"a", "b", "c"}
