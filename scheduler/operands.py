"""Questions about an operand of a sum: how often it is read, and does reading it in place hurt."""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from polyc.frontend.integers import Int
from polyc.frontend.program import Load, Program, Statement
from polyc.scheduler.facts import Access, points, stride
from polyc.target import Target

ENOUGH_USES = 16  # of an element, that pay for writing and reading it once more
PAGE, PAGES = 4096, 1024  # bytes of a page, pages the second-level translation buffer holds
SAMPLE = 4096  # rows that are looked at for conflicts


def split_by(load: Load, tile: dict[str, int]) -> tuple[str, bool] | None:
    """The one variable of the register tile that moves the load, and whether it is the vector."""
    moved = [v for v in tile if any(isinstance(x, Int) and v in x.names for x in load.subs)]
    if len(moved) != 1:
        return None
    return moved[0], moved[0] == list(tile)[-1]


def plain(load: Load, s: Statement) -> bool:
    """Every subscript is a variable of its own."""
    names = [str(x) for x in load.subs]
    return all(n in s.vars for n in names) and len(set(names)) == len(names) > 1


def uses(program: Program, s: Statement, load: Load, ranges: dict[str, int]) -> int:
    """How often each element is read."""
    elements = prod(n.value for n in program.tensor(load.tensor).shape)
    return points(s, ranges) // max(1, elements)


def pain(
    program: Program,
    s: Statement,
    load: Load,
    ranges: dict[str, int],
    tile: dict[str, int],
    vector: bool,
    target: Target,
) -> str | None:
    """Why reading the operand in place would miss the cache that its tile should stay in."""
    access = Access(load.tensor, load.subs, False)
    size = program.tensor(load.tensor).dtype.bytes
    variable = next(v for v in tile if (stride(access, v, program) or 0) != 0)
    step = stride(access, variable, program)
    if step is None or (vector and step != 1):
        return "its elements do not lie side by side along the vector"
    steps = [(stride(access, v, program) or 0) * size for v in s.reduced]
    rows = _first_rows(steps, [ranges[v] for v in s.reduced])
    pages = len({r // PAGE for r in rows})
    if pages > PAGES:
        return f"its rows touch {pages} pages, the translation buffer holds {PAGES}"
    # All the loops read stays in L2; what one iteration reads side by side stays in L1.
    across = [step * i * size for i in range(tile[variable])]
    sliver = (r + a for r in rows for a in across[:: max(1, len(across) // 4)])
    line = target.line_bytes
    if _crowded(sliver, line, target.l2_bytes, target.l2_ways):
        return f"its rows, {max(steps)} bytes apart, crowd the sets of L2"
    if _crowded(across, line, target.l1_bytes, target.l1_ways):
        return f"elements {step * size} bytes apart crowd the sets of L1"
    return None


def _first_rows(steps: list[int], counts: list[int]) -> list[int]:
    """Offsets of the first rows that nested loops of the given counts and steps visit."""
    rows = [0]
    for step, count in zip(reversed(steps), reversed(counts), strict=True):
        enough = min(count, max(1, SAMPLE // len(rows)))
        rows = [step * k + r for k in range(enough) for r in rows]
    return rows


def _crowded(addresses: Iterable[int], line: int, cache: int, ways: int) -> bool:
    """Some set of the cache would have to hold more than three quarters of its ways."""
    sets = max(1, cache // (line * ways))
    count: dict[int, int] = {}
    for number in {a // line for a in addresses}:
        count[number % sets] = count.get(number % sets, 0) + 1
    return max(count.values()) * 4 > ways * 3
