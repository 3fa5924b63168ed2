"""Runs of letters become one letter only where every operand has them side by side."""

from __future__ import annotations

import numpy as np
import pytest

import polyc
from polyc.einsum_fusion import fuse
from polyc.errors import LanguageError


@pytest.mark.parametrize(
    ("text", "shapes", "fused"),
    [
        ("abcd,efcd->abef", ((2, 3, 4, 5), (6, 7, 4, 5)), "ab,cb->ac"),
        ("abc->", ((2, 3, 4),), "a->"),
        ("...ij,...jk", ((2, 3, 4, 5), (2, 3, 5, 6)), "abc,acd->abd"),
        ("xab,yab->xy", ((2, 1, 4), (3, 1, 4)), "ab,cb->ac"),
        ("xab,yab->xy", ((2, 1, 4), (3, 5, 4)), None),  # a broadcasts
        ("ab,ba->", ((2, 3), (3, 2)), None),
        ("abb,cab->c", ((2, 3, 3), (4, 2, 3)), None),  # a diagonal
        ("ab,ab->ba", ((2, 3), (2, 3)), None),
        ("ab,b->a", ((2, 3), (3,)), None),
        ("abc,c->ac", ((2, 3, 4), (4,)), None),
        (",->", ((), ()), None),
    ],
)
def test_runs(text: str, shapes: tuple[tuple[int, ...], ...], fused: str | None) -> None:
    found = fuse(text, shapes)
    assert (found and found.text) == fused
    if found:
        rng = np.random.default_rng(0)
        arrays = [rng.standard_normal(s) for s in shapes]
        flat = [a.reshape(s) for a, s in zip(arrays, found.shapes, strict=True)]
        expected = np.einsum(text, *arrays)
        assert found.result == np.shape(expected)
        np.testing.assert_allclose(
            np.einsum(found.text, *flat).reshape(found.result), expected, rtol=1e-12
        )
        np.testing.assert_allclose(polyc.einsum(text, *arrays), expected, rtol=1e-12)


def test_mistakes_are_shown_in_the_text_that_was_written() -> None:
    with pytest.raises(LanguageError, match="abcd,abed->"):
        polyc.einsum("abcd,abed->", np.zeros((2, 2, 2, 2)), np.zeros((2, 2, 2, 3)))
