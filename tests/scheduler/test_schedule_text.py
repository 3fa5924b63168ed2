"""Mistakes in the text of a schedule: each is named with its line, what was found, and a fix."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from textwrap import indent

import pytest

from polyc.errors import ArgumentError
from polyc.scheduler.given import read_back
from polyc.scheduler.tree import Schedule
from tests.scheduler.support import Case, case

MATMUL = "def f(float(M,K) A, float(K,N) B) -> (C) { C(m,n) += A(m,k) * B(k,n) }"
TEXT = """\
domain: "[M, K, N] -> { S0[m, n] : 0 <= m < M and 0 <= n < N and K >= 0; S1[m, n, k] : 0 <= m < M and 0 <= n < N and 0 <= k < K }"
# first the zeros

child:
  sequence:
  - filter: "[M, K, N] -> { S0[m, n] }"
    child:
      mark: "parallel"
      child:
        schedule: "[M, K, N] -> [{ S0[m, n] -> [(m)] }]"
        permutable: 1
        coincident: [ 1 ]  # no dependence crosses it
        child:
          mark: "vector"
          child:
            schedule: "[M, K, N] -> [{ S0[m, n] -> [(n)] }]"
  - filter: "[M, K, N] -> { S1[m, n, k] }"
    child:
      schedule: "[M, K, N] -> [{ S1[m, n, k] -> [(m)] }]"
      child:
        schedule: "[M, K, N] -> [{ S1[m, n, k] -> [(k)] }]"
        child:
          mark: "vector"
          child:
            schedule: "[M, K, N] -> [{ S1[m, n, k] -> [(n)] }]"
"""  # noqa: E501


@cache
def matmul() -> tuple[Case, Schedule]:
    c = case(MATMUL)
    return c, c.schedule()


def read(text: str) -> Schedule:
    c, automatic = matmul()
    return read_back(text, c.program, c.deps, automatic)


def test_the_text_is_right() -> None:
    """Comments, blank lines, flags that are left out, and a domain in another form."""
    c, _ = matmul()
    s = read(TEXT)
    assert c.verify(s).ok
    assert str(read(str(s))) == str(s)
    assert str(read(f"\ufeff{TEXT}".replace("\n", "\r\n"))) == str(s)


def old_new(old: str, new: str, count: int = 1) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, count)

    return change


S0M, S1M, S1K = (f"{{ {s} }}]" for s in (
    "S0[m, n] -> [(m)]", "S1[m, n, k] -> [(m)]", "S1[m, n, k] -> [(k)]"))  # fmt: skip
DEEP = "child:\n".join(" " * k for k in range(2000)) + "child:\n"

WRONG: dict[str, tuple[Callable[[str], str], str]] = {
    # -- lines
    "nothing": (lambda _: "", "line 1: a schedule starts with its domain"),
    "no domain": (lambda t: t.split("\n", 1)[1], "line 3: a schedule starts with its domain"),
    "domain is a number": (lambda _: "domain: 3\n", "line 1: the value of domain is 3"),
    "isl's flow style": (lambda _: '{ domain: "{ S0[m, n] }" }', "line 1: expected a key"),
    "a tab": (old_new("  permutable", "\tpermutable"), "line 11: a tab"),
    "no colon": (old_new("permutable:", "permutable"), "line 11: expected a key with a colon"),
    "unknown key": (old_new("permutable", "permutabel"), "line 11: unknown key permutabel"),
    "isl's other keys": (old_new("permutable: 1", 'options: "{ }"'),
                         "line 11: unknown key options"),
    "flag": (old_new("permutable: 1", "permutable: 2"), "line 11: .* is 2.*expected 0 or 1"),
    "two flags": (old_new("[ 1 ]", "[ 1, 1 ]"), r"line 12: .* is \[ 1, 1 \].*for the one row"),
    "no quotes": (old_new('"parallel"', "parallel"), "line 8: the value of mark is parallel"),
    "a dash too many": (old_new("  mark", "- mark"), "line 8: mark after a dash"),
    # -- nodes
    "twice": (old_new("        coincident: [ 1 ]", "        permutable: 0"), "line 12: .* twice"),
    "indentation": (old_new("  permutable", " permutable"), "line 11: permutable in column 8"),
    "empty child": (lambda t: f"{t}            child:\n", "line 26: a child without a node"),
    "empty sequence": (lambda t: t[: t.index("  - ")], "line 5: a sequence without children"),
    "flag of a mark": (old_new('"parallel"', '"parallel"\n      permutable: 1'),
                       "line 9: permutable beside a mark"),
    "a second root": (lambda t: f'{t}domain: "{{ }}"\n', "line 26: domain stands twice"),
    "nothing to order": (old_new('      mark: "parallel"\n', ""), "line 8: a node with child"),
    "very deep": (lambda t: t[: t.index("child")] + DEEP, "line .*: more than 200 nodes"),
    # -- sets and rows
    "rubbish": (old_new(S0M, "$]"), "line 10: unexpected '\\$'"),
    "open bracket": (old_new("(m)] }]", "(m)] }"), "line 10: a bracket is open, ] is missing"),
    "wrong bracket": (old_new("[(m)]", "[(m]]"), "line 10: a ] that closes nothing"),
    "after the end": (old_new(S0M, f"{S0M} S0"), "line 10: no set or row"),
    "a set for a row": (old_new(S0M, "{ S0[m, n] }]"), "line 10: isl cannot read this"),
    "a row for a set": (old_new("{ S1[m, n, k] }", "[{ S1[m, n, k] -> [(m)] }]"),
                        "line 17: no set or row"),
    "two rows": (old_new(S0M, "{ S0[m, n] -> [(m)] }, { S0[m, n] -> [(n)] }]"),
                 "line 10: a band without exactly one row"),
    "no rows": (old_new(f"[{S0M}", "[]"), "line 10: a band without exactly one row"),
    "syntax of isl": (old_new("(m)] }]", "(m +)] }]"), "line 10: isl cannot read this"),
    "unknown size": (old_new("[M, K, N] -> [", "[M, Q, N] -> ["), "line 10: unknown size Q"),
    "unknown name": (old_new("(m)", "(m + q)"), "line 10: unknown name q.*names here are"),
    "not a number": (old_new("(m)", "NaN"), "line 10: unknown name NaN"),
    "large number": (old_new("(m)", "(m + 9999999999999)"), "line 10: the number 9999999999999"),
    "steep row": (old_new("(m)", "(70000m)"), "line 10: the coefficient 70000 in a row"),
    "fraction": (old_new("(m)", "(m)/2"), "line 10: a row with fractions.*floor"),
    "two values": (old_new(S0M, "{ S0[m, n] -> [(m)]; S0[m, n] -> [(1 + m)] }]"),
                   "line 10: a statement has two values in one row"),
    "one value twice": (old_new(S0M, "{ S0[m, n] -> [(m)]; S0[m, n] -> [(m)] }]"),
                        "line 10: a statement has two values in one row"),
    "too long": (old_new("(m)", f"(m{' + 0' * 2500})"), "line 10: an expression that is too long"),
    "too deep": (old_new("(m)", "(" * 50 + "m" + ")" * 50), "line 10: brackets more than 40"),
    # -- statements and instances
    "unknown statement": (old_new("S0[m, n] -> [(n)]", "Pack0[m, n] -> [(n)]"),
                          "line 16: found Pack0, expected a statement.*statements of this kernel "
                          "are S0, S1; other sizes, types or another target may have other ones"),
    "variables": (old_new("{ S1[m, n, k] }", "{ S1[m, n] }"), "line 17: .*expected 3 variables"),
    "pair": (old_new("S0[m, n] -> [(m)]", "S0[[m] -> [n]] -> [(m)]"), "line 10: .* 2 variables"),
    "statement of another branch": (old_new(S0M, f"{S0M[:-3]}; S1[m, n, k] -> [(m)] }}]"),
                                    "line 10: S1 does not run here"),
    "part of a row": (old_new("(k)] }", "(k)] : k > 0 }"),
                      r"line 21: the row has no value for .*S1\[.* 0\]"),
    "smaller domain": (old_new("0 <= k < K", "0 < k < K"), "line 1: an instance .* is missing"),
    "larger domain": (old_new("0 <= k < K", "0 <= k <= K"), "line 1: an instance .* not have"),
    "dropped filter": (lambda t: t[: t.index("  - ")] + t[t.rindex("  - ") :],
                       r"line 5: no filter has .*S0\["),
    "smaller filter": (old_new("{ S1[m, n, k] }", "{ S1[m, n, k] : k > 0 }"),
                       r"line 5: no filter has .*S1\[.* 0\]"),
    "filters overlap": (old_new("{ S1[m, n, k] }", "{ S1[m, n, k]; S0[m, n] : m = 3 }"),
                        r"line 17: an earlier filter has it too: .*S0\[3, "),
    # -- marks
    "unknown mark": (old_new('"parallel"', '"paralel"'), "line 8: unknown mark 'paralel'"),
    "mark above a sequence": (lambda t: t.split("  seq")[0] + '  mark: "vector"\n  child:\n'
                              + indent(t[t.index("  seq") :], "  "),
                              "line 5: the mark vector above no loop"),
    "mark above nothing": (lambda t: f'{t}            child:\n              mark: "unroll"\n',
                           "line 27: the mark unroll above no loop"),
    "parallel in parallel": (old_new('"vector"', '"parallel"'),
                             "line 14: a parallel loop inside a loop marked parallel"),
    "parallel in unroll": (lambda t: t.replace("parallel", "unroll").replace("vector", "parallel"),
                           "line 14: a parallel loop inside a loop marked unroll"),
    "vector around a loop": (lambda t: t.replace("vector", "unroll").replace("parallel", "vector"),
                             "line 8: a vector loop around other loops.*mark the innermost loop"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_mistakes(name: str) -> None:
    change, message = WRONG[name]
    with pytest.raises(ArgumentError, match=f"(?s)^schedule, {message}") as caught:
        read(change(TEXT))
    shown = str(caught.value).split("\n")
    assert len(shown) == 3, shown
    assert shown[1].startswith(f"  {shown[0].split(':')[0].removeprefix('schedule, line ')} |")
    assert shown[2].startswith("  fix: ")
    assert max(map(len, shown[:2])) < 170
