"""`polyc.einsum` is numpy.einsum: results, types, keyword arguments, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import polyc
from polyc.errors import ArgumentError, LanguageError

EXTENTS = dict(zip("abcdeijklxyz", [2, 3, 4, 5, 3, 3, 4, 5, 2, 1, 6, 7], strict=True))
# What single dtypes and every keyword are tried on; the corpus of texts is the frontend's.
TEXTS = [
    "ij,jk->ik",
    "ij->",
    "ij->ji",
    "jj->j",
    ",ij->ij",
    "...ij,...jk->...ik",
    "ij,jk,kl->il",
    "ba",
    "i,i,i->",
    "xi,ai->ax",
]
DTYPES = ["?", "i1", "u1", "i4", "u8", "f2", "f4", "f8", "c8", "c16"]
TOLERANCE = {"f2": 1e-2, "f4": 1e-5, "c8": 1e-5, "f8": 1e-12, "c16": 1e-12}


def operands(text: str, kind: str, seed: int = 0) -> list[Any]:
    rng = np.random.default_rng(seed)
    out = []
    for term in text.replace(" ", "").partition("->")[0].split(","):
        shape = [2, 3] * ("..." in term) + [EXTENTS[c] for c in term.replace(".", "")]
        values = rng.integers(-3, 4, shape) * (1 + 2j if kind[0] == "c" else 1)
        out.append(np.asarray(values).astype(kind))
    return out


def same(found: Any, expected: Any, tolerance: float = 0.0) -> None:
    assert type(found) is type(expected)
    assert found.dtype == expected.dtype
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=10 * tolerance)


@pytest.mark.parametrize("kind", DTYPES)
@pytest.mark.parametrize("text", TEXTS)
def test_results_are_numpys(text: str, kind: str) -> None:
    inputs = operands(text, kind)
    same(polyc.einsum(text, *inputs), np.einsum(text, *inputs), TOLERANCE.get(kind, 0.0))


@pytest.mark.parametrize(
    ("first", "second"),
    [("f4", "f8"), ("i4", "f4"), ("i1", "u1"), ("f4", "c8"), ("?", "i2"), ("i8", "f4")],
)
def test_mixed_types_promote_as_numpy_does(first: str, second: str) -> None:
    a, b = operands("ij", first)[0], operands("jk", second)[0]
    same(polyc.einsum("ij,jk->ik", a, b), np.einsum("ij,jk->ik", a, b), 1e-5)


A = np.arange(12, dtype=np.float32).reshape(3, 4)
B = np.arange(20, dtype=np.float32).reshape(4, 5)


@pytest.mark.parametrize(
    "call",
    [
        (A, [0, 1], B, [1, 2], [0, 2]),
        (A, [0, 1], B, [1, 2]),
        (A, [30, 2], [2, 30]),
        (A, [1, 0]),
        (A, [Ellipsis, 0], [Ellipsis]),
        (A, (0, 1), B, (1, 2), ()),
        (A, np.array([0, 1]), []),
    ],
)
def test_sublists(call: tuple[Any, ...]) -> None:
    same(polyc.einsum(*call), np.einsum(*call))


@pytest.mark.parametrize("order", ["K", "A", "C", "F"])
@pytest.mark.parametrize("inputs", [(A, B), (np.asfortranarray(A), np.asfortranarray(B))])
def test_order(order: Any, inputs: tuple[Any, Any]) -> None:
    found = polyc.einsum("ij,jk->ik", *inputs, order=order)
    expected = np.einsum("ij,jk->ik", *inputs, order=order)
    same(found, expected)
    if order != "K":
        assert found.flags.c_contiguous == expected.flags.c_contiguous
        assert found.flags.f_contiguous == expected.flags.f_contiguous


@pytest.mark.parametrize("dtype", [None, "f8", np.float64, "c8", np.dtype("f4")])
def test_dtype(dtype: Any) -> None:
    same(polyc.einsum("ij,jk->ik", A, B, dtype=dtype), np.einsum("ij,jk->ik", A, B, dtype=dtype))


def test_casting() -> None:
    a, b = A.astype("f8"), B
    found = polyc.einsum("ij,jk->ik", a, b, dtype="f4", casting="same_kind")
    same(found, np.einsum("ij,jk->ik", a, b, dtype="f4", casting="same_kind"))
    found = polyc.einsum("ij->i", A + 0.5, dtype="i4", casting="unsafe")
    same(found, np.einsum("ij->i", A + 0.5, dtype="i4", casting="unsafe"))


@pytest.mark.parametrize("kind", ["f4", "f8", "c16"])
@pytest.mark.parametrize("layout", ["C", "F", "strided"])
def test_out(kind: str, layout: Any) -> None:
    out = (
        np.zeros((6, 10), kind)[::2, ::2] if layout == "strided" else np.zeros((3, 5), kind, layout)
    )
    assert polyc.einsum("ij,jk->ik", A, B, out=out) is out
    np.testing.assert_array_equal(out, (A @ B).astype(kind))


def test_out_of_rank_zero_is_returned_itself() -> None:
    out = np.zeros((), np.float32)
    assert polyc.einsum("ij->", A, out=out) is out
    assert out == 66


def test_out_may_overlap_an_operand() -> None:
    a = np.arange(16.0).reshape(4, 4)
    expected = a @ a
    assert polyc.einsum("ij,jk->ik", a, a, out=a) is a
    np.testing.assert_array_equal(a, expected)
    b = np.arange(9.0).reshape(3, 3)
    np.testing.assert_array_equal(polyc.einsum("ij->ji", b, out=b), np.arange(9.0).reshape(3, 3).T)


@pytest.mark.parametrize("optimize", [True, False, "greedy", "optimal", ["einsum_path", (0, 1)]])
def test_optimize_is_accepted(optimize: Any) -> None:
    same(polyc.einsum("ij,jk->ik", A, B, optimize=optimize), A @ B)


def test_lists_and_numbers_are_arrays() -> None:
    same(polyc.einsum("i,i->", [1, 2, 3], [4, 5, 6]), np.einsum("i,i->", [1, 2, 3], [4, 5, 6]))
    same(polyc.einsum(",i->i", 2.5, [1, 2]), np.einsum(",i->i", 2.5, [1, 2]))
    same(polyc.einsum("", 3.0), np.einsum("", 3.0))
    same(polyc.einsum(" ", np.float32(3)), np.einsum(" ", np.float32(3)))


def test_other_array_likes_are_arrays() -> None:
    theirs: Any = np
    same(polyc.einsum("i,i->i", memoryview(A[0]), range(4)), A[0] * np.arange(4))
    same(polyc.einsum(b"ij->j", A), theirs.einsum(b"ij->j", A))
    same(polyc.einsum("ij,jk->ik", np.ma.masked_array(A), B), A @ B)
    same(polyc.einsum("i,->i", A[0], np.float16(2)), np.einsum("i,->i", A[0], np.float16(2)))
    same(polyc.einsum("i,->i", A[0], 2j), np.einsum("i,->i", A[0], 2j))
    same(polyc.einsum("i,->i", A[0], True), A[0])


@pytest.mark.parametrize("text", ["ij->ji", "ii->i", "iji->ji", "...i->i...", "i...->...i"])
def test_a_part_of_one_operand_is_a_view_of_it(text: str) -> None:
    a, b = np.zeros((2, 3, 3, 3, 2)), np.zeros((2, 3, 3, 3, 2))
    operands: list[Any] = [
        x[0, :, :, :, 0][tuple([slice(None)] * min(3, _rank(text)))] for x in (a, b)
    ]
    operands = [x if x.ndim == _rank(text) else x[0] for x in operands]
    polyc.einsum(text, operands[0])[...] = 1
    theirs: Any = np
    theirs.einsum(text, operands[1])[...] = 1
    np.testing.assert_array_equal(a, b)
    assert a.sum() > 0


def _rank(text: str) -> int:
    return 3 if "." in text else len(text.partition("->")[0])


def test_an_empty_sum_is_zero_beside_a_nan() -> None:
    found = polyc.einsum("ij,k,k->j", np.ones((0, 2)), np.array([np.nan, 1]), np.ones(2))
    np.testing.assert_array_equal(found, [0, 0])


def test_a_view_of_a_read_only_operand_is_read_only() -> None:
    a = np.eye(3)
    a.flags.writeable = False
    assert not polyc.einsum("ii->i", a).flags.writeable


def test_a_view_is_copied_where_the_order_asks_for_it() -> None:
    assert polyc.einsum("ij->ji", A, order="C").flags.c_contiguous
    assert polyc.einsum("ij->ij", A, order="F").flags.f_contiguous


@pytest.mark.parametrize(
    "view",
    [
        lambda a: a.T,
        lambda a: a[::-1, ::-1],
        lambda a: a[::2, 1::3],
        lambda a: np.broadcast_to(a[0], (7, a.shape[1])),
        lambda a: a[:, :1],
        lambda a: a[:0],
        lambda a: a[:, :0],
        lambda a: a.astype(a.dtype.newbyteorder()),
        lambda a: np.lib.stride_tricks.sliding_window_view(a[0], 3),
    ],
)
@pytest.mark.parametrize("text", ["ij,ij->ij", "ij,ij->", "ij,kj->ik"])
def test_any_strides(view: Any, text: str) -> None:
    x = view(np.arange(48.0).reshape(6, 8))
    x.flags.writeable = False
    same(polyc.einsum(text, x, x), np.einsum(text, x, x))


def test_the_bracket_form_by_position_and_by_name() -> None:
    text = "C[i,j] += A[i,k] * B[k,j]"
    np.testing.assert_array_equal(polyc.einsum(text, A, B), A @ B)
    np.testing.assert_array_equal(polyc.einsum(text, B=B, A=A), A @ B)
    np.testing.assert_array_equal(polyc.einsum(text, A, B=B), A @ B)
    out = np.zeros((3, 5), np.float32)
    assert polyc.einsum(text, A, B, out=out) is out
    np.testing.assert_array_equal(out, A @ B)


REFUSED: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    (("ij,jk->ik", A, A), {}),  # extents
    (("ij", A[0]), {}),  # rank
    (("i", A), {}),
    (("ij,jk->ik", A), {}),  # number of operands
    (("ij->ik", A), {}),
    (("ij->ijj", A), {}),
    (("i$,->", A, A), {}),
    (("ij->ji->ij", A), {}),
    (("", A), {}),
    (("ij,jk->ik", A, B), {"dtype": "i4"}),
    (("ij,jk->ik", A, B.astype("f8")), {"dtype": "f4"}),
    (("ij,jk->ik", A, B), {"out": np.zeros((3, 5), "f2")}),
    (("ij,jk->ik", A, B), {"out": np.zeros((3, 4), "f4")}),
    (("ij,jk->ik", A, B), {"out": np.zeros(3, "f4")}),
    (("ij,jk->ik", A, B), {"out": [[1, 2]]}),
    (("ij,jk->ik", A, B), {"order": "Z"}),
    (("ij,jk->ik", A, B), {"casting": "bad"}),
    (("ij,jk->ik", A, B), {"unknown": 3}),
    ((A, [0, 99]), {}),
    ((A, [0, "a"]), {}),
    ((A, [0, 1], [1, 1]), {}),
    ((A, 3), {}),
    ((A, [0, True]), {}),
    (("ij,\tjk->ik", A, B), {}),
    (("ij,jk->ik", A, B), {"out": np.float32(3)}),
    (("ij,jk->ik", A, B), {"out": 3}),
    (("ij,jk->ik", A, B), {"dtype": "no such type"}),
    (("ij,jk->ik", A, B), {"optimize": 1}),
    (("ij,jk->ik", A, B), {"optimize": ()}),
    (("ij,jk->ik", A, B), {"optimize": [(0, 1)]}),
    (("ij,jk->ik", A, B), {"optimize": ["einsum_path", 1]}),
    (("ij,jk->ik", A, B), {"optimize": ["einsum_path", (0, 2)]}),
    (("i,i,i->", A[0], A[0], A[0]), {"optimize": "fast"}),
    (("ij->i",), {}),
    ((), {}),
]


@pytest.mark.parametrize(("args", "named"), REFUSED)
def test_what_numpy_refuses_is_refused(args: tuple[Any, ...], named: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, IndexError)):
        np.einsum(*args, **named)
    with pytest.raises((LanguageError, ArgumentError)) as e:
        polyc.einsum(*args, **named)
    assert "internal" not in str(e.value).lower()


@pytest.mark.parametrize("x", [np.array([object()]), np.array(["text"]), np.zeros(2, "M8[s]")])
def test_types_that_are_no_numbers_are_refused(x: Any) -> None:
    with pytest.raises(ArgumentError, match=r"operand 0: found element type .*, expected one of"):
        polyc.einsum("i->i", x)


def test_a_read_only_out_is_refused() -> None:
    out = np.zeros((3, 5), np.float32)
    out.flags.writeable = False
    with pytest.raises(ArgumentError, match="read-only"):
        polyc.einsum("ij,jk->ik", A, B, out=out)


def test_a_refused_call_leaves_out_untouched() -> None:
    out = np.full((3, 5), 7, np.float32)
    with pytest.raises(LanguageError):
        polyc.einsum("ij,jk->iq", A, B, out=out)
    with pytest.raises((LanguageError, ArgumentError)):
        polyc.einsum("ij,jk->ik", A, A, out=out)
    assert (out == 7).all()
