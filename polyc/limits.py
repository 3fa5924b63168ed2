"""How much one compilation may cost: statements, operations of isl, generated code.

Numbers, not clocks: the same program is compiled or refused on every machine. The limits of the
text itself are in `polyc.frontend.limits`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import islpy as isl

from polyc.errors import ResourceError
from polyc.frontend.program import Program
from polyc.options import Options
from polyc.scheduler.affine import operations, over_budget

STATEMENTS = 1_000  # of a program that is compiled; a minute
OPERATIONS = 200_000_000  # of isl between two phases with a budget of their own; some 10 s
TIMES = 100  # budgets, where `Options.budget` asks for more than that
CHARACTERS = 32_000_000  # of LLVM IR or C


@contextmanager
def limited(options: Options) -> Iterator[None]:
    """ResourceError where isl does too much inside, in what has no cheaper way to go on."""
    most = max(OPERATIONS, TIMES * options.budget)
    try:
        with operations(most):
            yield
    except isl.Error as e:
        if not over_budget(e):
            raise
        raise ResourceError(
            f"compiling this takes more than {most} operations of isl; use fewer nested loops, "
            "conditions and remainders, or raise the option budget"
        ) from None


def demand_few(program: Program) -> None:
    """ResourceError for a program of very many statements."""
    if (found := len(program.statements)) > STATEMENTS:
        raise ResourceError(
            f"{program.name} has {found} statements after its calls are expanded, at most "
            f"{STATEMENTS} are compiled; split it into several operators"
        )


def demand_short(source: str) -> None:
    """ResourceError for code that a compiler would take minutes or gigabytes for."""
    if len(source) > CHARACTERS:
        raise ResourceError(
            f"the generated code has {len(source)} characters, the limit is {CHARACTERS}; use "
            "smaller constant ranges, or split the program"
        )
