"""Words of a text and their kinds."""

from __future__ import annotations

import pytest

from polyc.frontend.highlight import words
from tests.frontend.mutations import wild
from tests.programs import CORPUS


@pytest.mark.parametrize("name", CORPUS)
def test_no_character_is_lost(name: str) -> None:
    assert "".join(w for _, w in words(CORPUS[name].text)) == CORPUS[name].text


def test_wrong_texts_have_words_too() -> None:
    for seed in range(0, 300, 3):
        text = wild(seed).text[:10_000]
        assert "".join(w for _, w in words(text)) == text


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("def f(float32(N) X, int st) -> (Y) {}", "keyword", ["def"]),
        ("def f(float32(N) X, int st) -> (Y) {}", "type", ["float32", "int"]),
        ("O(i) argmin=! exp(I[i]) * max (2, i)", "function", ["exp", "max"]),
        ("O(i) argmin=! exp(I[i]) * max (2, i)", "operator", ["argmin", "=!", "*"]),
        ("O(i) argmin=! exp(I[i]) * max (2, i)", "tensor", ["O", "I"]),
        ("O(i) = 1.5e-3 + .5 # half", "number", ["1.5e-3", ".5"]),
        ("O(i) = 1.5e-3 + .5 # half", "comment", ["# half"]),
        ("floats(i) = information(i) where i in 0:3", "keyword", ["where", "in"]),
    ],
)
def test_kinds(text: str, kind: str, found: list[str]) -> None:
    assert [w for k, w in words(text) if k == kind] == found
