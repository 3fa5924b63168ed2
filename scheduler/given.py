"""Schedules that come as text: read, given the homes that are still sound, and proved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import islpy as isl

from polyc.errors import ArgumentError, CompileError, InternalError, ResourceError
from polyc.frontend.program import Program
from polyc.scheduler.affine import operations, over_budget
from polyc.scheduler.dependences import Dependences
from polyc.scheduler.legality import Certificate, homes
from polyc.scheduler.readback import tree_of
from polyc.scheduler.tree import Decision, Schedule, Storage

BUDGET = 100_000_000  # operations of isl, in the order of a minute; 1 % of it is usual


@contextmanager
def bounded(what: str) -> Iterator[None]:
    """A given schedule may ask too much, or something that code generation does not know; neither
    is a bug of polyc. Raises ResourceError and CompileError."""
    try:
        with operations(BUDGET):
            yield
    except (InternalError, isl.Error) as e:
        if isinstance(e, isl.Error) and over_budget(e):
            raise ResourceError(
                f"schedule: {what} takes more than {BUDGET} operations of isl; "
                "fix: use fewer conditions in rows and filters"
            ) from None
        raise CompileError(f"schedule: {what} failed: {e}") from e


def read_back(text: str, program: Program, deps: Dependences, automatic: Schedule) -> Schedule:
    """The schedule of a text. Homes of temporaries are no part of it: those of the automatic
    schedule are kept where they are still sound.

    Raises ArgumentError, with the line, for what is not a schedule of this program. The result is
    not proved legal.
    """
    plain = Schedule(tree_of(text, program), (), (), automatic.reassociates)
    kept, decisions = _homes(program, deps, plain, automatic.storage)
    given = Decision("schedule", program.name, "given", "read from a text, not chosen")
    return replace(plain, storage=kept, decisions=(given, *decisions))


def demand_legal(proof: Certificate) -> None:
    """ArgumentError with the violated dependences and their counter-examples."""
    failed = [p for p in (*proof.edges, *proof.races, *proof.bounds) if not p.ok]
    if failed:
        found = "\n".join(f"  {p}" for p in failed[:5])
        more = f"\n  and {len(failed) - 5} more" if len(failed) > 5 else ""
        raise ArgumentError(
            f"schedule: it does not compute what the program says\n{found}{more}\n"
            "  fix: run the first instance of each pair before the second, and both in the same "
            "iteration of every marked loop"
        )


def _homes(
    program: Program, deps: Dependences, plain: Schedule, wanted: tuple[Storage, ...]
) -> tuple[tuple[Storage, ...], list[Decision]]:
    """The homes that the proof accepts in the new order. One that it refuses is given up for an
    array in memory, which is right in any order."""
    kept: list[Storage] = []
    decisions: list[Decision] = []
    for home in wanted:
        proofs = homes(program, deps, replace(plain, storage=(home,)))
        failed = next((p for p in proofs if not p.ok), None)
        if failed is None:
            kept.append(home)
            reason = "the home of the automatic schedule is sound in this one"
            decisions.append(Decision("storage", home.tensor, home.scope, reason))
        else:
            reason = f"the home of the automatic schedule fails: {failed.subject}, {failed.detail}"
            decisions.append(Decision("storage", home.tensor, "memory", reason))
    return tuple(kept), decisions
