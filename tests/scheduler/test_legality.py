"""The checker of schedules: what the scheduler makes is proved, what breaks a program is found.

Every illegal edit is refused for the reason named beside it, and the interpreter confirms that its
loops are wrong; every legal edit is accepted, and its loops are right.
"""

from __future__ import annotations

import re

import pytest

from polyc.scheduler.tree import Schedule
from tests.programs import CORPUS
from tests.programs import Case as Text
from tests.scheduler.edits import ILLEGAL, LEGAL, Edit
from tests.scheduler.support import Array, Case, by_hand, case, inputs, is_right, loop, nest
from tests.scheduler.trees import SKEWED, TEXTS, first, i, program, t


# ---- what the scheduler makes
@pytest.mark.parametrize("text", CORPUS.values(), ids=list(CORPUS))
def test_the_corpus_is_proved_at_smoke_sizes(text: Text) -> None:
    c = case(text.text, {**text.smoke, **text.consts}, consts=text.consts, entry=text.entry)
    assert c.verify(c.schedule()).failures == ()


@pytest.mark.parametrize("text", CORPUS.values(), ids=list(CORPUS))
@pytest.mark.parametrize("math", ["fast", "strict"])
def test_the_corpus_is_proved_for_all_sizes(text: Text, math: str) -> None:
    c = case(text.text, consts=text.consts, entry=text.entry)
    assert c.program.sizes
    assert c.verify(c.schedule(math=math)).failures == ()


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("math", ["fast", "strict"])
def test_the_programs_below_are_scheduled_right(name: str, math: str) -> None:
    c = program(name)
    s = c.schedule(math=math)
    assert c.verify(s).failures == ()
    assert is_right(c, s, math=math)


def _names(edits: list[Edit]) -> list[str]:
    return [f"{e.program}: {e.name}" for e in edits]


@pytest.mark.parametrize("edit", ILLEGAL, ids=_names(ILLEGAL))
def test_an_illegal_edit_is_refused(edit: Edit) -> None:
    c = program(edit.program)
    s = edit.make(c)
    failures = [str(f) for f in c.verify(s).failures]
    assert any(re.search(edit.refused, f) for f in failures), failures
    if edit.runs:
        given = _telling(c)
        assert not is_right(c, s, given, math="fast" if s.reassociates else "strict")


@pytest.mark.parametrize("edit", LEGAL, ids=_names(LEGAL))
def test_a_legal_edit_is_accepted(edit: Edit) -> None:
    c = program(edit.program)
    s = edit.make(c)
    assert c.verify(s).failures == ()
    assert is_right(c, s)


def _edges(c: Case, s: Schedule) -> list[str]:
    return [str(p) for p in c.verify(s).edges]


def test_an_edge_says_which_loop_satisfies_it_and_how_far() -> None:
    c = program("heat")
    skewed = first("heat", loop({"S3": t}, loop(SKEWED, nest("S3", t, i + t), tile=8), tile=2))
    *_, last = _edges(c, by_hand(c, skewed))
    assert last == (
        "holds  flow S3 -> S3 on A: satisfied at loop at depth 2 [floor((t)/2)], "
        "distance 0 <= d <= 1, then loop at depth 3 [floor((t + i)/8)], distance 0 <= d <= 1, "
        "then loop at depth 4 [t], distance 1"
    )
    assert (
        "holds  flow S0 -> S3 on A: satisfied at sequence at depth 1 (S0 in place 1, S3 in place "
        "4), textual order inside one iteration" in _edges(c, by_hand(c, skewed))
    )


def test_an_edge_that_fails_shows_both_instances_and_the_loop() -> None:
    c = program("scan")
    *_, last = _edges(c, by_hand(c, first("scan", nest("S1", -i, "j"))))
    found = re.fullmatch(
        r"FAILS  flow S1 -> S1 on S: runs backward at loop at depth 2 \[-i\], distance -1: "
        r"S1\[(\d+), (\d+)\] -> S1\[(\d+), (\d+)\]",
        last,
    )
    assert found, last
    i0, j0, i1, j1 = map(int, found.groups())
    assert (i1, j1) == (i0 + 1, j0)


def test_a_reduction_says_where_partial_results_are_kept() -> None:
    c = program("dot")
    lanes = by_hand(c, first("dot", loop({"S1": i}, mark="vector")))
    assert (
        "holds  flow S1 -> S1 on s: terms of one reduction (+), free to be reordered; partial "
        "results of vector loop at depth 2 [i] are combined after it" in _edges(c, lanes)
    )


def _telling(c: Case) -> dict[str, Array]:
    """Inputs that show in what order floats are added: the large ones cancel first."""
    given = inputs(c.program)
    for x in c.program.inputs:
        if x.dtype.is_float:
            given[x.name][:2] = [2**15, 2**15 if x.name == "X" else -(2**15)]
    return given


def test_there_are_enough_edits() -> None:
    assert len({e.program for e in ILLEGAL}) >= 8
    assert len(ILLEGAL) >= 30
