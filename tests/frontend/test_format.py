"""`polyc fmt`: canonical, stable, and the same program; no comment is lost."""

from __future__ import annotations

import re

import pytest

from polyc.errors import LanguageError
from polyc.frontend import load
from polyc.frontend.findings import Findings
from polyc.frontend.format import WIDTH, format_text
from polyc.frontend.parse import parse
from polyc.frontend.text import is_einsum
from tests.constructs import ROWS
from tests.frontend.mutations import wild
from tests.programs import CORPUS
from tests.property.generator import draw

PLAIN = re.compile(r"Span\([^()]*\)|span=|lhs_|name_|fn_")


def shape(text: str) -> str:
    """The Syntax of a text without its places."""
    return PLAIN.sub("", repr(parse(text, Findings(text))))


def check(text: str) -> str:
    made = format_text(text)
    assert format_text(made) == made
    if not is_einsum(text):
        assert shape(made) == shape(text)
        assert sorted(re.findall(r"#.*?(?=\s*$)", text, re.MULTILINE)) == sorted(
            re.findall(r"#.*$", made, re.MULTILINE)
        )
    return made


@pytest.mark.parametrize("name", CORPUS)
def test_programs_stay_what_they_are(name: str) -> None:
    case = CORPUS[name]
    before = load(case.text, entry=case.entry, consts=case.consts)
    assert str(load(check(case.text), entry=case.entry, consts=case.consts)) == str(before)


@pytest.mark.parametrize("name", ROWS)
def test_constructs_stay_what_they_are(name: str) -> None:
    row = ROWS[name]
    before = load(row.text, consts=row.consts)
    assert str(load(check(row.text), consts=row.consts)) == str(before)


def test_random_programs_stay_what_they_are() -> None:
    for seed in range(60):
        text = draw(seed).text
        assert str(load(check(text))) == str(load(text))


def test_wild_texts_are_formatted_or_refused() -> None:
    count = 0
    for seed in range(600):
        text = wild(seed).text
        try:
            made = format_text(text)
        except LanguageError:
            continue
        count += 1
        assert format_text(made) == made
    assert count > 100


CASES = [
    ("mk , kn -> mn", "mk,kn->mn"),
    ("O [i]+=(A[i,j] *B [j])where j<=i ;", "O[i] += A[i,j] * B[j] where j <= i\n"),
    ("O(i) = exp( A(2*i + 1) );P( ) = 3 # three",
     "O[i] = exp(A[2*i+1])\nP = 3  # three\n"),
    ("O(i) = a(i) - (b(i) - c(i)) + (d(i) + (-e(i)))*2",
     "O[i] = a[i] - (b[i] - c[i]) + (d[i] + -e[i]) * 2\n"),
    ("O(i) = (a(i) > 0 ? (b(i)) : (c(i) > 0 ? 1 : 2))",
     "O[i] = a[i] > 0 ? b[i] : c[i] > 0 ? 1 : 2\n"),
    ("O(i) = ((a(i) > 0 ? 1 : 2) > 1 ? 1 : 2) + !(!(a(i) > 0))",
     "O[i] = ((a[i] > 0 ? 1 : 2) > 1 ? 1 : 2) + !!(a[i] > 0)\n"),
    ("O(i) argmax =! A(i,j) where j in (i>1?0:1):4, k=j+1", None),
    ("def f(float(N) X,int st)->(float(N+1) Y,Z){for t in 0:3{Y(i)=X(i)}Z=!Z}", None),
    ("# before\n\n\n#two\ndef f(float(N) X) -> (Y) { # open\n"
     "  # first\n  Y(i) = X(i) + # a\n 1 # b\n"
     "\n # last\n} # close\n# end",
     "# before\n\n#two\ndef f(float(N) X) -> (Y) {  # open\n"
     "  # first\n  # a\n  Y(i) = X(i) + 1  # b\n"
     "\n  # last\n}  # close\n# end\n"),
    ("def f(float(N) X) -> (Y) { Y(i) = X(i) }\ndef g(float(N) X) -> (Y) { (Y) = f( X ) }",
     "def f(float(N) X) -> (Y) {\n  Y(i) = X(i)\n}\n\n"
     "def g(float(N) X) -> (Y) {\n  (Y) = f(X)\n}\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "want"), CASES)
def test_the_canonical_text(text: str, want: str | None) -> None:
    assert check(text) == (want or format_text(text))


def test_long_lines_are_broken() -> None:
    value = " + ".join(f"alpha(i,k{k}) * beta(k{k},{k})" for k in range(12))
    ranges = ", ".join(f"k{k} in 0:4" for k in range(12))
    made = check(f"O(i) += {value} where {ranges}")
    assert all(len(line) <= WIDTH for line in made.splitlines())
    assert len(made.splitlines()) > 4
    assert "\n    where k0 in 0:4" in made


def test_errors_of_the_grammar_are_reported() -> None:
    with pytest.raises(LanguageError, match="E003"):
        format_text("O(i) = (a(i)]")
    assert format_text("O(i) = nobody(j)") == "O[i] = nobody[j]\n"
