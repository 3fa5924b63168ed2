"""Texts of schedules that were edited by hand: the verdict, and a run that confirms it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

import pytest

from polyc.codegen.build import build
from polyc.errors import ArgumentError, CompileError, InternalError, ResourceError
from polyc.options import Options
from polyc.scheduler import given
from polyc.scheduler.given import bounded, demand_legal, read_back
from polyc.scheduler.tree import Schedule
from tests.programs import CORPUS
from tests.scheduler.hand_texts import TEXTS
from tests.scheduler.support import V3, Case, case, inputs, is_right
from tests.scheduler.test_mutants import SIZES, program
from tests.scheduler.text_edits import (
    bare,
    drop_row,
    exchange,
    mark,
    marks,
    negate,
    rename,
    retile,
    swap_children,
    unmark,
)
from tests.scheduler.texts import mutated, verdict


def line(text: str, part: str, which: int = 0) -> int:
    """The number of a line that holds this part."""
    return [n for n, x in enumerate(text.split("\n")) if part in x][which]


def read(c: Case, text: str) -> Schedule:
    return read_back(text, c.program, c.deps, c.schedule())


@dataclass(frozen=True, slots=True)
class Edit:
    """`refused`: a part of the failed proof, "" for a legal edit. `runs`: running it shows that."""

    name: str
    program: str
    change: Callable[[str], str]
    refused: str = ""
    runs: bool = True


K = "S1[m, n, k] -> [(k)]"
EDITS = [
    Edit("the sum backwards", "matmul", lambda t: negate(t, line(t, K))),
    Edit("tiles of two columns", "matmul", lambda t: retile(t, line(t, "(n)/16"), 2)),
    Edit("sum outside of the tiles", "matmul", lambda t: exchange(t, line(t, K), line(t, "(m)/3"))),
    Edit("no marks", "matmul", bare),
    Edit("threads on rows", "matmul", lambda t: mark(t, line(t, "(m)/3"), "parallel")),
    Edit("two unrolled loops", "matmul",
         lambda t: rename(t, marks(t)[-1], "unroll")),
    Edit("one tile loop less", "matmul", lambda t: drop_row(t, line(t, "(n)/16"))),
    Edit("sum first, then zero", "matmul", lambda t: swap_children(t, line(t, "filter", 0)),
         "S0 -> S1 on C"),
    Edit("threads add to one element", "matmul", lambda t: mark(t, line(t, K), "parallel"),
         "crosses iterations", runs=False),
    Edit("time backwards", "prefix_sum", lambda t: negate(t, line(t, "(t)")), "runs backward"),
    Edit("time and space exchanged", "prefix_sum",
         lambda t: exchange(bare(t), line(bare(t), "(t)"), line(bare(t), "S1[t, d] -> [(d)]"))),
    Edit("space backwards", "prefix_sum",
         lambda t: negate(t, line(t, "S1[t, d] -> [(d)]"))),
    Edit("lanes along time", "prefix_sum",
         lambda t: mark(exchange(bare(t), line(bare(t), "(t)"), line(bare(t), "S1[t, d] -> [(d)]")),
                        line(bare(t), "S1[t, d] -> [(d)]"), "vector"), "crosses iterations"),
    Edit("threads on time", "prefix_sum", lambda t: mark(t, line(t, "(t)"), "parallel"),
         "crosses iterations"),
    Edit("later step first", "jacobi2d", lambda t: swap_children(t, line(t, "filter", 3)),
         "runs backward"),
    Edit("steps backwards", "jacobi2d", lambda t: negate(t, line(t, "S3[t, i, j] -> [(t)]")),
         "runs backward", runs=False),  # both steps compute the same
    Edit("rows and columns exchanged", "jacobi2d",
         lambda t: exchange(bare(t), line(bare(t), "S2[t, i, j] -> [(i)]"),
                            line(bare(t), "S2[t, i, j] -> [(j)]"))),
    Edit("threads inside a step", "jacobi2d",
         lambda t: mark(t, line(t, "S3[t, i, j] -> [(i)]"), "parallel")),
    Edit("copies in another order", "jacobi2d", lambda t: swap_children(t, line(t, "filter", 0))),
    Edit("used before it is summed", "atax", lambda t: swap_children(t, line(t, "filter", 0)),
         "on t"),
]  # fmt: skip


@pytest.mark.parametrize("edit", EDITS, ids=lambda e: e.name)
def test_hand_edits(edit: Edit) -> None:
    c, before = program(edit.program), TEXTS[edit.program]
    after = edit.change(before)
    assert after != before
    s = read(c, after)
    if edit.refused:
        with pytest.raises(ArgumentError, match="does not compute") as caught:
            demand_legal(c.verify(s))
        assert edit.refused in str(caught.value)
        assert "[" in str(caught.value).split(edit.refused)[1], "no counter-example"
        assert not (edit.runs and is_right(c, s)), "refused, but computes the right values"
    else:
        demand_legal(c.verify(s))
        assert is_right(c, s)
    assert str(read(c, str(s))) == str(s), "an edited schedule does not read back"


def test_instances_may_be_split() -> None:
    """Index set splitting: the last rows in a loop of their own."""
    c = program("matmul")
    text = bare(TEXTS["matmul"])
    first, _, rest = text.partition('  - filter: "{ S1[m, n, k] }"\n')
    cut = "\n".join(
        f'  - filter: "{{ S1[m, n, k] : m {op} 2 }}"\n{rest}'.rstrip("\n") for op in ("<", ">=")
    )
    s = read(c, f"{first}{cut}\n")
    demand_legal(c.verify(s))
    assert is_right(c, s)


def test_what_the_checker_accepts_is_right_for_random_edits() -> None:
    """A few hundred texts with slips, edits and nonsense in them, all in this process: isl must not
    end it. `python -m tests.scheduler.texts 20000` runs more."""
    count, found = int(os.environ.get("POLYC_TEST_TEXTS", "300")), set()
    random = Random(1)
    cases = {name: program(name) for name in list(SIZES)[:8]}
    plans = {name: c.schedule() for name, c in cases.items()}
    for _ in range(count):
        name = random.choice(list(cases))
        found.add(verdict(cases[name], plans[name], mutated(str(plans[name]), random)))
    assert {"not read", "not legal", "legal"} <= found


# ---- homes
CHAIN = "def f(float(N,D) X) -> (Y) { T(n,d) = X(n,d) * 2\n Y(n,d) = T(n,d) + X(n,d) }"


def chain() -> tuple[Case, Schedule, str]:
    c = case(CHAIN)
    s = c.schedule(fusion="max")
    assert [h.scope for h in s.storage] == ["tile"], s.storage
    return c, s, str(s)


def test_homes_are_kept_where_they_are_sound() -> None:
    c, automatic, text = chain()
    s = read_back(text, c.program, c.deps, automatic)
    assert s.storage == automatic.storage
    without = read_back(
        unmark(text, line(text, '"parallel"')), c.program, c.deps, automatic
    )  # the array of a thread becomes one for all
    assert without.storage == automatic.storage
    demand_legal(c.verify(without))


def test_a_home_that_does_not_hold_becomes_an_array_in_memory() -> None:
    c, automatic, text = chain()
    rows = [f"[N, D] -> [{{ {s}[n, d] -> [({v})] }}]" for s in ("S0", "S1") for v in "nd"]
    own = "\n".join(
        f"""  - filter: "[N, D] -> {{ S{k}[n, d] }}"
    child:
      schedule: "{rows[2 * k]}"
      permutable: 1
      child:
        schedule: "{rows[2 * k + 1]}"
        permutable: 1"""
        for k in (0, 1)
    )
    # No tile loops around: T is written whole before it is read.
    first = text.split("\n", 1)[0]
    apart = f"{first}\nchild:\n  sequence:\n{own}\n"
    s = read_back(apart, c.program, c.deps, automatic)
    assert s.storage == ()
    (why,) = [d for d in s.decisions if d.kind == "storage"]
    assert (why.subject, why.verdict) == ("T", "memory")
    assert "another tile" in why.reason
    demand_legal(c.verify(s))
    wrong = replace(s, storage=automatic.storage)
    assert not c.verify(wrong).ok


def test_instances_of_equal_time_keep_no_home_for_each_other() -> None:
    """Without loops, S0's instances may run in any order: all of T before any reader."""
    c, automatic, text = chain()
    filters = "".join(f'  - filter: "[N, D] -> {{ S{k}[n, d] }}"\n' for k in (0, 1))
    bare = f"{text.split(chr(10), 1)[0]}\nchild:\n  sequence:\n{filters}"
    s = read_back(bare, c.program, c.deps, automatic)
    assert s.storage == ()
    assert not c.verify(replace(s, storage=automatic.storage)).ok


# ---- limits
def test_a_text_that_asks_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    c = program("matmul")
    s = read(c, str(c.schedule()))
    monkeypatch.setattr(given, "BUDGET", 500)
    too_much = pytest.raises(ResourceError, match="proving it takes more than 500 operations")
    with too_much, bounded("proving it"):
        c.verify(s)


def test_what_code_generation_does_not_know_is_no_internal_error() -> None:
    failed = pytest.raises(CompileError, match="making loops of it failed: unknown kind")
    with failed, bounded("making loops of it"):
        raise InternalError("unknown kind")


def test_unrolled_copies_have_a_limit() -> None:
    c = case("def f(float(64,64) X) -> (Y) { Y(i,j) = X(i,j) }")
    text = bare(str(c.schedule()))
    outer, inner = "S0[i, j] -> [(i)]", "S0[i, j] -> [(j)]"
    once = mark(text, line(text, inner), "unroll")
    build(c.program, read(c, once), V3, Options())
    with pytest.raises(ArgumentError, match="unrolled loops make 4096 copies, limit 1024"):
        read(c, mark(once, line(once, outer), "unroll"))


@pytest.mark.parametrize("name", ["softmax", "transpose4", "prefix_sum"])
def test_the_text_does_not_change_with_a_proof(name: str) -> None:
    c = case(CORPUS[name].text)
    s = c.schedule()
    before = str(s)
    c.verify(s)
    assert str(s) == before


def test_running_confirms() -> None:
    """The comparison itself can fail."""
    c = program("prefix_sum")
    text = TEXTS["prefix_sum"]
    assert is_right(c, read(c, text), inputs(c.program))
    assert not is_right(c, read(c, negate(text, line(text, "(t)"))), inputs(c.program))
