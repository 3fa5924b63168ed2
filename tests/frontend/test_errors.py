"""Every error of the language: code, place, and the words of the message."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from polyc.errors import LanguageError
from polyc.frontend import Operand, load
from polyc.frontend.catalog import CATALOG
from polyc.frontend.dtypes import FLOAT32


@dataclass(frozen=True)
class Row:
    """A wrong text, and the error it must give: code, line, column, length, words."""

    code: str
    text: str
    place: tuple[int, int, int]
    message: str
    fix: str = ""
    shapes: tuple[tuple[int, ...], ...] | None = None
    entry: str | None = None


def _f(body: str, params: str = "float(M,K) A", result: str = "C") -> str:
    return f"def f({params}) -> ({result}) {{\n{body}\n}}"


ROWS = (
    Row("E001", "", (1, 1, 1), "the text is empty", "mk,kn->mn"),
    Row("E001", " \n ", (1, 1, 1), "the text is empty"),
    Row("E002", "O(i) = a(i) + é", (1, 15, 1), "unexpected character `é`", "plain ASCII"),
    Row("E002", "O(i) = a(i) \0", (1, 13, 1), "unexpected character `U+0000`", "remove it"),
    Row("E002", "O(i) = 3i + 4", (1, 8, 2), "`3i` is neither a number nor a name", "needs `*`"),
    Row("E003", "O(i) = a(i) where where", (1, 19, 5), "found `where`, expected", "another name"),
    Row("E003", "O(i) = (a(i)]", (1, 13, 1), "`]` closes no `[`", "balance"),
    Row("E003", "O(i) += a(i) where a(i) = 3", (1, 25, 1), "found `=`", "`==`"),
    Row("E003", "O(i) = a\n(i) + 3", (2, 5, 1), "found `+`, expected `=`"),
    Row("E003", _f("fro t in 0:M { C(t) = A(t,0) }"), (2, 5, 1), "found `t`, expected"),
    Row("E004", "O(i) = (I(i)", (1, 12, 1), "the text ends here, but `)` must follow", "finish"),
    Row("E004", "def f(", (1, 6, 1), "the text ends here"),
    Row("E006", "O(i) = " + "(" * 100 + "3" + ")" * 100, (1, 72, 1), "nested deeper than 64"),
    Row("E006", "O(i) = " + "-" * 200 + "3", (1, 137, 1), "more than 128 levels"),
    Row("E010", _f("C(m) += A(m,k) * alhpa", "float(M,K) A, float alpha"), (2, 18, 5),
        "unknown name `alhpa`", "did you mean `alpha`?"),
    Row("E010", _f("(C) = g(A)"), (2, 7, 1), "unknown definition `g`"),
    Row("E010", _f("C(m) += A(m,k) * Q.0"), (2, 18, 3), "unknown tensor `Q`"),
    Row("E011", "def f(float(N) N) -> (C) { C(i) = N(i) }", (1, 16, 1), "`N` is declared twice"),
    Row("E011", _f("C(m) += A(m,k) where A in 0:3"), (2, 22, 8), "`A` is already a tensor"),
    Row("E011", _f("for M in 0:3 { C(M) = A(M,0) }"), (2, 5, 1), "`M` is already used"),
    Row("E012", _f("C(m) += exq(A(m,k))"), (2, 9, 3), "neither a tensor nor a function",
        "did you mean `exp`?"),
    Row("E013", _f("C(m) += exp(A(m,k), 3)"), (2, 9, 14), "`exp` takes 1 argument, found 2"),
    Row("E013", _f("C(m) += A(m,k) * exp"), (2, 18, 3), "`exp` is a function", "exp(...)"),
    Row("E013", "def g(float(N) x) -> (y) { y(i) = x(i) }\n" + _f("(C) = g(A, A)"), (3, 2, 6),
        "`g` has 1 argument, found 2"),
    Row("E014", _f("C(m) += A(m,k) / A.2"), (2, 18, 3), "`A` has 2 dimensions, found dimension 2"),
    Row("E015", _f("C(m) += A(m,k)"), (1, 5, 1), "no definition is called `g`", entry="g"),
    Row("E016", _f("(C) = f(A)"), (2, 7, 1), "`f` calls itself", "recursive"),
    Row("E017", _f("C(m) += pad(3, A(m,k))"), (2, 13, 1), "must be an access of a tensor"),
    Row("E017", "def g(float(N) x) -> (y) { y(i) = x(i) }\n" + _f("(C) = g(3)"), (3, 9, 1),
        "`x` is a tensor"),
    Row("E018", _f("C(m) += A(m,k)", result="C, D"), (1, 28, 1), "output `D` is never written"),
    Row("E020", _f("C(m) += A(m)"), (2, 9, 4), "`A` has 2 dimensions, found 1 subscript"),
    Row("E020", _f("C(m) += A(m,k)\nC(m,n) = A(m,n)"), (3, 1, 6), "found 2 subscripts"),
    Row("E021", "O(i) = a(i + .5)", (1, 14, 2), "subscript is not an integer"),
    Row("E021", _f("C(m) = A(b(m), 0)", "float(M,K) A, float(M) b"), (2, 10, 4),
        "subscript is not an integer: it is float32"),
    Row("E022", _f("C(m) = A(m*m, 0)"), (2, 10, 3), "not affine: a product"),
    Row("E022", _f("C(m) = A(m/K, 0)"), (2, 10, 3), "divisor must be a positive constant"),
    Row("E022", _f("C(A(0,0)) = 3"), (2, 3, 6), "must be an affine expression"),
    Row("E023", "def f(float(N+1) A) -> (C) { C(i) = A(i) }", (1, 13, 1), "`N` is not a size"),
    Row("E024", _f("C(m,n) += A(m,k) * B(k,n)", "float(M,4) A, float(5,N) B"), (2, 22, 1),
        "`B` has extent 5 here, but `A` has 4"),
    Row("E030", "O(i,j) = 3", (1, 3, 1), "no range for i, j"),
    Row("E030", "O(i,j,k,l,m) = I(j,i,k,i,l)", (1, 11, 1), "m is unbound"),
    Row("E030", "O(i) += I(i) * pad(W(i+r),0)", (1, 24, 1), "r is unbound"),
    Row("E031", "O(i,j) = I(10+i-j, i+j)", (1, 12, 6), "ambiguous", "where i in 0:10"),
    Row("E032", "O(i) = I(i) where i in 8:4", (1, 19, 8), "range of `i` is always empty"),
    Row("E032", "O(i) += I(i,j) where j < i, i < j", (1, 1, 14), "no point meets its conditions"),
    Row("E033", "def f(float(N) b, float(K) a) -> (c) { c(i) += b(i+j) where j in 0:a }",
        (1, 68, 1), "a bound must be affine in sizes"),
    Row("E033", "O(i) += I(i) where i in 0:i", (1, 20, 8), "depends on itself"),
    Row("E034", "O(i) = I(i) where i in 0:4, i in 0:5", (1, 29, 8), "`i` has a range already"),
    Row("E040", _f("C(m,n) = A(m,k) * B(k,n)", "float(M,K) A, float(K,N) B"), (2, 14, 1),
        "k is on the right and not on the left", "`+=`"),
    Row("E041", _f("A(m,k) = 3"), (2, 1, 6), "`A` is an input"),
    Row("E041", _f("M = 3"), (2, 1, 1), "`M` is a size"),
    Row("E042", "Y(2*i+r) = X(i) * W(r)", (1, 1, 22), "an element of `Y` more than once", "`+=`"),
    Row("E043", "O(i) argmax= A(i,j,k)", (1, 1, 21), "exactly one variable, found 2"),
    Row("E043", "O(i) argmax= A(i,j); O(i) argmax= A(i,j)", (1, 22, 19), "cannot continue"),
    Row("E044", "O(i) += A(i,j) where j + i", (1, 22, 5), "compares affine expressions"),
    Row("E050", "def f(float(57) I) -> (O) { O(h) += I(h+r) where h in 0:56, r in 0:3 }",
        (1, 39, 3), "`I[57]` is outside `I` at h=55, r=2, but the extent is 57", "pad"),
    Row("E050", "def f(float(H) I) -> (O) { O(h) += I(h+r) where h in 0:H-1, r in 0:3 }",
        (1, 38, 3), "at h=6, r=2, but H = 8"),
    Row("E051", _f("C(m+1) = A(m,0)", result="float(M) C"), (2, 1, 15), "is outside `C`"),
    Row("E052", "O(i) = I(i-1)", (1, 1, 13), "`O(0)` is never written",
        "`O(i) = 0 where i in 0:I.0 + 1`"),
    Row("E053", "O(i) = T(i); T(i) = X(i); O(i) = T(i)", (1, 8, 4),
        "read before anything wrote it"),
    Row("E053", "def f(float(N) X) -> (float(N) S) { S(t) = S(t-1) + X(t) where t in 1:N }",
        (1, 44, 6), "`S` is read where nothing wrote it at t=1"),
    Row("E060", "def f(complex64(N) Z) -> (O) { O(i) = exp(Z(i)) }", (1, 39, 9), "complex"),
    Row("E060", "def f(complex64(N) Z) -> (O) { O max= Z(i) }", (1, 32, 1),
        "`max=` is not defined for complex"),
    Row("E061", _f("C(m) = 1/M"), (2, 8, 3), "the integer quotient 1/M is always 0", "`1.0/M`"),
    Row("E062", _f("C(m,k) = A(m,k) + 3/0"), (2, 19, 3), "division by zero"),
    Row("E063", _f("C(m,k) = A(m,k) + 1e400"), (2, 19, 5), "too large for a float"),
    Row("E063", _f("C(m,k) = A(m,k) + 99999999999999999999"), (2, 19, 20), "does not fit 64 bits"),
    Row("E070", "héllo", (1, 2, 1), "`é` cannot stand in an einsum string"),
    Row("E071", "ij->j->i", (1, 6, 2), "an einsum string has one `->`"),
    Row("E071", "i..j", (1, 2, 1), "found `.`", "three dots"),
    Row("E072", "ij,jk", (1, 1, 5), "the string has 2 operands, the call has 1", shapes=((2, 2),)),
    Row("E073", "ij,jk->ik", (1, 4, 2), "operand 1 has 1 dimension, its term `jk` has 2 letters",
        shapes=((2, 2), (2,))),
    Row("E074", "ij,jk->ik", (1, 4, 2), "`j` is 3 in operand 0 and 4 in operand 1",
        shapes=((2, 3), (4, 5))),
    Row("E075", "ij,jk->iq", (1, 9, 1), "the output letter `q` is in no operand"),
    Row("E075", "ij->ii", (1, 6, 1), "the output letter `i` appears twice"),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[f"{r.code}-{r.text[:30]!r}" for r in ROWS])
def test_error(row: Row) -> None:
    operands = None if row.shapes is None else [Operand(FLOAT32, s) for s in row.shapes]
    with pytest.raises(LanguageError) as caught:
        load(row.text, entry=row.entry, operands=operands)
    e = caught.value
    assert (e.code, (e.line, e.column, e.length)) == (row.code, row.place), str(e)
    assert row.message in e.diagnostics[0].message
    assert row.fix in e.diagnostics[0].fix
    assert "isl" not in str(e)


HOLES = (
    "O(i) = I(i-1)",
    "O(2*i) = I(i)",
    "O(i,2*j+1) = I(i,j)",
    "O(i) += I(i-1,j)",
    "def f(float(N) X) -> (float(N+1) O) {\nO(i) = X(i) }",
    "def f(float(N,M) X) -> (O) {\nO(i,j) = X(i,j) where i > j }",
    "def f(float(N) X, float(i) Y) -> (O) {\nO(k/3*3) += X(k) }",
)


@pytest.mark.parametrize("text", HOLES)
def test_the_fix_of_a_hole_mends_it(text: str) -> None:
    with pytest.raises(LanguageError) as caught:
        load(text)
    error = caught.value.diagnostics[0]
    assert error.code == "E052"
    fill = error.fix.split("`")[1]
    lines = text.split("\n")
    load("\n".join([*lines[: error.span.line - 1], fill, *lines[error.span.line - 1 :]]))


def test_every_code_has_a_row() -> None:
    limits = {"E005", "E054"}  # tested with their limits
    assert {r.code for r in ROWS} | limits == set(CATALOG)


def test_carets_stand_under_the_span() -> None:
    with pytest.raises(LanguageError) as caught:
        load("O(i) = I(i-1)\n")
    assert str(caught.value).splitlines()[1:3] == ["  1 | O(i) = I(i-1)", "    | ^^^^^^^^^^^^^"]


def test_one_text_reports_several_errors_in_order() -> None:
    text = _f("C(m) += A(m,k) * alhpa\nD(m) = A(m)\nA(m,k) = 3\nE(m) = D(m)")
    with pytest.raises(LanguageError) as caught:
        load(text)
    found = [(d.code, d.span.line) for d in caught.value.diagnostics]
    assert found == [("E010", 2), ("E020", 3), ("E041", 4)]


def test_sizes_that_disagree_show_a_table() -> None:
    with pytest.raises(LanguageError) as caught:
        load("ij,jk->ik", operands=[Operand(FLOAT32, (2, 3)), Operand(FLOAT32, (4, 5))])
    assert caught.value.diagnostics[0].notes == ("operand 0: (2, 3)", "operand 1: (4, 5)")
