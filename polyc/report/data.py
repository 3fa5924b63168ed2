"""`Report`: all that can be said about a kernel, from the compiler's own data."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from polyc.driver import Lowered
from polyc.files import place
from polyc.frontend.program import Program
from polyc.report.assembly import Loop, assembly_loops
from polyc.report.groups import Group, groups_of
from polyc.report.homes import Home, homes_of
from polyc.report.levels import Level, levels_of
from polyc.report.listing import runs_of
from polyc.report.nodes import Node, nodes_of
from polyc.report.roofline import Roofline, roofline_of
from polyc.scheduler.cost import Cost
from polyc.scheduler.legality import Certificate
from polyc.threads import LOCK
from polyc.timing import Timing


@dataclass(frozen=True, slots=True)
class Report:
    """What is made of a text, and why: print it, show it in a notebook, or save it as a page.

    source       the text as it was written
    text         the program it means, before operands are copied and sums split
    lowered      the stages of the kernel
    cost         None, as roofline and levels () are, where sizes are open
    tree         the schedule; groups: what shares loops; homes: where arrays live
    levels       what each loop touches, and the cache that holds it
    loops        the innermost loops of the machine code, the one with most work first
    threads      that a call may use
    timing       of calls on arrays, where they were given
    """

    source: str
    text: Program
    lowered: Lowered
    certificate: Certificate
    cost: Cost | None
    threads: int
    timing: Timing | None
    tree: Node
    groups: tuple[Group, ...]
    homes: tuple[Home, ...]
    levels: tuple[Level, ...]
    roofline: Roofline | None
    loops: tuple[Loop, ...]

    def __str__(self) -> str:
        """Tables for a terminal."""
        from polyc.report.terminal import report_text

        return report_text(self)

    def html(self) -> str:
        """A page that needs nothing but itself: no network, no other file.

        Raises CompileError where jinja2 is missing: pip install 'polyc[report]'.
        """
        from polyc.report.html import page

        with LOCK:
            return page(self)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes `html()` to a file, whole or not at all.

        Raises CompileError as `html()` does, ArgumentError where the file cannot be written.
        """
        place({Path(path): self.html().encode()})

    def _repr_html_(self) -> str:
        """For notebooks: the page in a frame of its own, so that neither's style meets the other's;
        without jinja2 the tables."""
        from polyc.report.html import frame

        return frame(self)


def report(
    source: str,
    text: Program,
    low: Lowered,
    certificate: Certificate,
    cost: Cost | None,
    threads: int,
    timing: Timing | None = None,
) -> Report:
    """Gathers the data of a kernel; nothing of it runs here."""
    with LOCK:
        program, schedule, nest, machine = low.program, low.schedule, low.nest, low.target
        tree = nodes_of(program, schedule)
        return Report(
            *(source, text, low, certificate, cost, threads, timing, tree),
            groups_of(tree),
            homes_of(program, schedule, nest),
            () if cost is None else levels_of(program, schedule, tree, machine),
            None if cost is None else roofline_of(text, cost, machine),
            assembly_loops(nest, machine, runs_of(nest)),
        )
