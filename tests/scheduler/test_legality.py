"""The checker of schedules: what the scheduler makes is proved, what breaks a program is found.

Every illegal edit is refused for the reason named beside it, and the interpreter confirms that its
loops are wrong; every legal edit is accepted, and its loops are right.
"""

from __future__ import annotations

import re

import pytest

from tests.programs import CORPUS
from tests.programs import Case as Text
from tests.scheduler.edits import ILLEGAL, LEGAL, Edit
from tests.scheduler.support import Array, Case, case, inputs, is_right
from tests.scheduler.trees import TEXTS, program


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


def _telling(c: Case) -> dict[str, Array]:
    """Inputs that show in what order floats are added: the large ones cancel first."""
    given = inputs(c.program)
    for t in c.program.inputs:
        if t.dtype.is_float:
            given[t.name][:2] = [2**15, 2**15 if t.name == "X" else -(2**15)]
    return given


def test_there_are_enough_edits() -> None:
    assert len({e.program for e in ILLEGAL}) >= 8
    assert len(ILLEGAL) >= 30
