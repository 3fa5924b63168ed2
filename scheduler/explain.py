"""The table of a schedule's decisions."""

from __future__ import annotations

from dataclasses import dataclass

from polyc.scheduler.table import table

TITLES = ("decision", "of", "choice", "because")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Decisions in the order in which they were made; prints as columns of plain text.

    rows  (kind, subject, verdict, reason); the subject is a tensor, a statement, or statements
          joined by "+"
    """

    rows: tuple[tuple[str, str, str, str], ...]

    def __str__(self) -> str:
        return table([TITLES, *self.rows])
