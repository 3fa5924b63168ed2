"""Signatures and interfaces survive JSON."""

from __future__ import annotations

import json

import pytest

from polyc import interface, signature
from polyc.frontend.integers import Int, maximum, minimum
from polyc.recipe import Recipe
from polyc.signature import Argument, Signature

N, M = Int.var("N"), Int.var("M")


@pytest.mark.parametrize(
    "e", [Int.of(0), Int.of(-7), N, 3 * N * M - 2, (N + 1) // 2, maximum(N, M) + minimum(N // M, 4)]
)
def test_integer_expressions(e: Int) -> None:
    text = json.dumps(signature.int_to_json(e))
    assert signature.int_from_json(json.loads(text)) == e


def test_signatures() -> None:
    s = Signature(
        "f",
        (Argument("x", "float32", (N, (N + 1) // 2), "input"), Argument("y", "int8", (), "output")),
        ("N",),
        ((0, 0), (0, 1)),
        64 * N,
        Int.of(128),
        True,
        ("an index leaves x",),
    )
    assert signature.from_json(json.loads(json.dumps(signature.to_json(s)))) == s


def test_interfaces() -> None:
    i = interface.read(Recipe("def f(float(N) x, int k, int st) -> (y) { y(i) = x(st*i + k) }"))
    assert i.constants == {"st"}
    assert i.keys == {"k"}
    assert [t.name for t in i.inputs] == ["x", "k", "st"]
    assert interface.from_json(json.loads(json.dumps(interface.to_json(i)))) == i
