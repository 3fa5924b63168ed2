"""A report as one page of HTML: style, script and pictures inside, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

from polyc.errors import CompileError
from polyc.report import charts, figures, words
from polyc.report.data import Report
from polyc.report.groups import fusion_decisions
from polyc.report.listing import Line, c_lines, loops_lines
from polyc.report.roofpicture import roofline_picture
from polyc.scheduler.explain import TITLES

if TYPE_CHECKING:
    from jinja2 import Template

MOST_LINES = 3000  # of a listing; browsers and readers end sooner
_HOT = 2  # loops of the assembly that are open


def page(r: Report) -> str:
    """The whole page. Raises CompileError where jinja2 is missing."""
    from polyc import __version__

    low = r.lowered
    nest = low.nest
    tree, cut = charts.tree_picture(r.tree)
    loops = loops_lines(nest)
    statements = sum(x.statement is not None for x in loops)
    return _template().render(
        r=r,
        version=__version__,
        program=low.program,
        sizes=[z.display for z in low.program.sizes],
        facts=_facts(r),
        glance=words.glance(r),
        figures=figures.figures(r),
        tree=tree,
        tree_cut=cut,
        titles=TITLES,
        decisions=low.schedule.decisions,
        fusion=fusion_decisions(low.schedule.decisions),
        refused=words.refused,
        short=words.short,
        workspace=charts.workspace_picture(r.homes, statements),
        loops=_listing(loops),
        c=_listing(_kernel_only(c_lines(nest, low.target))),
        assembly=[(x, words.loop_words(x), _listing(x.lines)) for x in r.loops],
        hot=_HOT,
        proof=words.proof_words(r.certificate),
        roofs=words.roof_rows(r),
        roofline=_roofline(r),
        timing=_timing(r),
        edges=low.dependences.edges,
    )


def _template() -> Template:
    try:
        import jinja2
    except ModuleNotFoundError:
        raise CompileError(
            "the page of a report needs jinja2, which is not installed: "
            "pip install 'polyc[report]'; print(report) needs nothing"
        ) from None
    loader = jinja2.PackageLoader("polyc.report")
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def frame(r: Report) -> str:
    """For a notebook: the page in a frame, or the tables where there is no jinja2."""
    try:
        inside = page(r)
    except CompileError:
        return f"<pre>{escape(str(r))}</pre>"
    style = "width:100%;height:80vh;border:1px solid #8888"
    return f'<iframe style="{style}" srcdoc="{escape(inside)}"></iframe>'


def _facts(r: Report) -> list[tuple[str, Any]]:
    """What the kernel was made for."""
    low = r.lowered
    t, o = low.target, low.options
    caches = f"L1 {t.l1_bytes >> 10} KiB, L2 {t.l2_bytes >> 10} KiB, L3 {t.l3_bytes >> 10} KiB"
    return [
        ("target", f"{t.name} ({t.cpu})"),
        ("vectors", f"{t.vector_registers} registers of {t.vector_bytes} bytes"),
        ("caches", caches),
        ("options", f"backend {o.backend}, math {o.math}, fusion {o.fusion}"),
        ("threads of a call", r.threads),
    ]


def _listing(lines: Iterable[Line]) -> tuple[list[Line], int]:
    """The lines that are shown, and how many are not."""
    found = list(lines)
    return found[:MOST_LINES], max(0, len(found) - MOST_LINES)


def _kernel_only(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The function that holds the nest: what stands before it are helpers."""
    own = [k for k, x in enumerate(lines) if x.statement is not None]
    if not own:
        return lines
    first = max((k for k in range(own[0]) if lines[k].text.startswith("static int32_t")), default=0)
    return lines[first : own[-1] + 1]


def _operations_a_cycle(r: Report) -> float | None:
    """Of timed calls on one core, where the clock is known."""
    if r.timing is None or r.roofline is None or not (hertz := clock()):
        return None
    return r.roofline.flops / (r.timing.median_s * hertz * max(1, r.threads))


def clock() -> float:
    """Cycles a second of the first core as the system says now, 0 where it does not."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            found = [x.partition(":")[2] for x in file if x.startswith("cpu MHz")]
        return float(found[0]) * 1e6 if found else 0.0
    except (OSError, ValueError):
        return 0.0


def _roofline(r: Report) -> str | None:
    if r.roofline is None or not r.roofline.flops or not r.roofline.limit.amount:
        return None
    return roofline_picture(r.roofline, _operations_a_cycle(r))


def _timing(r: Report) -> list[tuple[str, str]]:
    """Measured beside predicted."""
    if r.timing is None:
        return []
    rows = [("measured", str(r.timing))]
    hertz = clock()
    if r.roofline is not None and hertz:
        cycles = r.timing.median_s * hertz
        predicted = r.roofline.predicted_cycles(r.threads)
        words = (
            f"{cycles:,.0f} cycles with {r.threads} threads at {hertz / 1e9:.2f} GHz; "
            f"at least {predicted:,.0f} were predicted: {predicted / cycles:.0%} of the limit"
        )
        rows.append(("beside the prediction", words))
    return rows
