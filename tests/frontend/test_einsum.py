"""Einsum strings against `numpy.einsum`: values, types, and what is rejected."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from polyc.errors import LanguageError
from polyc.frontend import Operand, load
from polyc.frontend.bind import bind
from polyc.frontend.dtypes import DTYPES
from polyc.frontend.einsum import sublists_to_string
from polyc.frontend.reference import run

Array = Any
TYPES = ("float32", "float64", "float16", "int8", "int32", "int64", "uint8", "bool",
         "complex64", "complex128")  # fmt: skip


def einsum(text: str, *arrays: Array) -> tuple[Array, str]:
    """The oracle's result and the declared type of the output."""
    program = load(text, operands=[Operand(DTYPES[a.dtype.name], a.shape) for a in arrays])
    inputs = {f"x{k}": a for k, a in enumerate(arrays)}
    sizes = bind(program, {n: a.shape for n, a in inputs.items()}, {})
    return run(program, inputs, sizes)["y"], program.outputs[0].dtype.name


def _random_call(rng: random.Random) -> tuple[str, list[tuple[int, ...]]]:
    """A string and shapes: mostly right, sometimes wrong in one place."""
    letters = rng.sample("abcdeFGxyZ", rng.randint(1, 5))
    extent = {n: rng.choice([1, 2, 3, 4]) for n in letters}
    dots = [rng.choice([1, 2, 3]) for _ in range(rng.randint(0, 2))]
    terms, shapes = [], []
    for _ in range(rng.randint(1, 5)):
        term = [rng.choice(letters) for _ in range(rng.randint(0, 3))]
        shape = [extent[n] if rng.random() < 0.93 else rng.choice([1, 5]) for n in term]
        if dots and rng.random() < 0.3:
            at, k = rng.randint(0, len(term)), rng.randint(0, len(dots))
            shape[at:at] = [d if rng.random() < 0.8 else 1 for d in dots[len(dots) - k :]]
            term.insert(at, "...")
        terms.append("".join(term))
        shapes.append(tuple(shape))
    text = rng.choice([",", " , "]).join(terms)
    if rng.random() < 0.7:
        used = [n for n in letters if n in text]
        out = rng.sample(used, rng.randint(0, len(used)))
        if "..." in text and rng.random() < 0.9:
            out.insert(rng.randint(0, len(out)), "...")
        if rng.random() < 0.05:
            out.append(rng.choice(letters))
        text += "->" + "".join(out)
    return text, shapes


def _random_array(shape: tuple[int, ...], dtype: str, rng: np.random.Generator) -> Array:
    if np.dtype(dtype).kind in "biu":
        return rng.integers(0, 3, shape).astype(dtype)
    return rng.standard_normal(shape).astype(dtype)


@pytest.mark.parametrize("seed", range(10))
def test_random_calls_agree_with_numpy(seed: int) -> None:
    rng, numbers = random.Random(seed), np.random.default_rng(seed)
    for _ in range(60):
        text, shapes = _random_call(rng)
        types = [rng.choice(TYPES) if rng.random() < 0.4 else "float64" for _ in shapes]
        arrays = [_random_array(s, t, numbers) for s, t in zip(shapes, types, strict=True)]
        try:
            want = np.asarray(np.einsum(text, *arrays))
        except ValueError:
            with pytest.raises(LanguageError):
                einsum(text, *arrays)
            continue
        got, dtype = einsum(text, *arrays)
        assert (got.shape, dtype) == (want.shape, want.dtype.name), (text, shapes, types)
        rounding = 3e-2 if "float16" in types else 1e-4
        assert np.allclose(got, want, rtol=rounding, atol=rounding), (text, shapes, types)


CALLS: list[tuple[str, tuple[tuple[int, ...], ...]]] = [
    ("ij->", ((3, 4),)), (",ij->ij", ((), (3, 4))), ("ii", ((3, 3),)), ("ii->i", ((3, 3),)),
    ("ba", ((3, 4),)), ("i...,i...", ((3, 4), (3, 1))), ("...ij,...jk", ((2, 3, 4), (4, 5))),
    ("ij,jk,kl,lm->im", ((3, 4), (4, 5), (5, 6), (6, 2))), ("i,i,i->i", ((4,), (4,), (4,))),
    ("bij,bjk->bik", ((2, 3, 4), (1, 4, 5))), ("a,b,c,d", ((2,), (3,), (2,), (3,))),
    ("ij,ij,ij->", ((3, 4),) * 3), ("iij,jkk->ik", ((3, 3, 4), (4, 5, 5))),
    ("mod,or->and", ((2, 3, 4), (3, 5))), ("ij", ((0, 3),)), ("ij->j", ((0, 3),)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shapes"), CALLS)
def test_calls(text: str, shapes: tuple[tuple[int, ...], ...]) -> None:
    numbers = np.random.default_rng(3)
    arrays = [numbers.standard_normal(s) for s in shapes]
    try:
        want = np.asarray(np.einsum(text, *arrays))
    except ValueError:
        with pytest.raises(LanguageError):
            einsum(text, *arrays)
        return
    np.testing.assert_allclose(einsum(text, *arrays)[0], want, rtol=1e-12, atol=1e-12)


def test_three_operands_become_two_contractions() -> None:
    program = load("ij,jk,kl->il")
    assert [t.kind for t in program.tensors].count("temporary") == 1
    assert len(program.statements) == 4


def test_a_product_without_a_sum_stays_one_statement() -> None:
    assert len(load("i,i,i->i").statements) == 1


@pytest.mark.parametrize(
    ("inputs", "output", "text"),
    [
        ([[0, 1], [1, 2]], [0, 2], "AB,BC->AC"),
        ([[..., 0], [0]], None, "...A,A"),
        ([[26, 51]], [], "az->"),
    ],
)
def test_sublists(inputs: list[list[object]], output: list[object] | None, text: str) -> None:
    assert sublists_to_string(inputs, output) == text


@pytest.mark.parametrize("entry", [52, -1, "i", True, None])
def test_wrong_entries_of_sublists(entry: object) -> None:
    with pytest.raises(ValueError, match="integer from 0 to 51"):
        sublists_to_string([[entry]], None)


def test_letters_are_the_sizes() -> None:
    assert [s.display for s in load("mk,kn->mn").sizes] == ["m", "k", "n"]
