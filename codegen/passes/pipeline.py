"""The passes in order, with the reason for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from polyc.codegen.bounds import Ranges
from polyc.codegen.loops import Alloc, Buffer, LoopNest, Stmt
from polyc.codegen.math import expand
from polyc.codegen.passes.contract import contract
from polyc.codegen.passes.dead import drop_overwritten
from polyc.codegen.passes.dots import dots
from polyc.codegen.passes.forward import forward
from polyc.codegen.passes.measure import measure
from polyc.codegen.passes.promote import promote
from polyc.codegen.passes.ragged import ragged
from polyc.codegen.passes.scatter import scatter
from polyc.codegen.passes.split import split
from polyc.codegen.passes.stream import stream
from polyc.codegen.passes.tidy import tidy
from polyc.codegen.passes.transpose import transpose
from polyc.codegen.passes.unread import drop_unread
from polyc.codegen.passes.unroll import unroll
from polyc.codegen.passes.vectorise import vectorise
from polyc.codegen.passes.windows import windows
from polyc.codegen.walk import statements
from polyc.options import Options
from polyc.target import Target

Pass = Callable[[tuple[Stmt, ...]], tuple[Stmt, ...]]


def passes(
    target: Target, options: Options, signed: tuple[str, ...], buffers: Mapping[str, Buffer]
) -> list[tuple[str, Pass]]:
    """Named passes in order.

    `tidy` first, so that later passes see decided bounds; `measure` while every statement still
    stands in one place; `ragged` before `split`, which then has fewer ends to look at; that before
    anything is copied, so that full tiles have constant trip
    counts; `transpose` before `vectorise`, which knows one variable only and gets the blocks that
    the former leaves; vectors before unrolling, which copies them; `dots` when the terms it joins
    stand side by side; all before `promote`, which needs the places of a register tile side by
    side; `forward` after it, where a register is loaded from what was just stored, and `dead` for
    the stores that leaves; `scatter` for those that are left; `contract` then, because they bring
    sums and products together; `windows` where loads stand as they will be; `expand` last, because
    the arithmetic inside a function is rounded exactly as it is written.
    """
    out: list[tuple[str, Pass]] = [
        ("tidy", lambda b: tidy(b, Ranges.around(signed))),
        ("measure", measure),
        ("ragged", lambda b: ragged(b, buffers, Ranges.around(signed))),
        ("split", lambda b: split(b, Ranges.around(signed))),
        ("tidy", lambda b: tidy(b, Ranges.around(signed))),
        ("transpose", lambda b: transpose(b, target, buffers, Ranges.around(signed))),
        ("vectorise", lambda b: vectorise(b, target, Ranges.around(signed))),
        ("unroll", unroll),
        ("tidy", lambda b: tidy(b, Ranges.around(signed))),
        ("dots", lambda b: dots(b, target)),
        ("promote", lambda b: promote(b, Ranges.around(signed))),
        ("forward", forward),
        ("dead", drop_overwritten),
        ("scatter", lambda b: scatter(b, buffers)),
    ]
    if options.math == "fast":
        out.append(("contract", contract))
    out.append(("windows", windows))
    out.append(("expand", lambda b: expand(b, target)))
    return out


def run_passes(nest: LoopNest, target: Target, options: Options) -> LoopNest:
    """The nest after all passes, and after those that look at the whole of it: which temporaries
    are read, and which results are `stream`ed, shows when every load and store stands."""
    body = nest.body
    for _, step in passes(target, options, nest.signed, _buffers(nest)):
        body = step(body)
    return stream(drop_unread(replace(nest, body=body)), target)


def _buffers(nest: LoopNest) -> dict[str, Buffer]:
    """Every buffer of the nest by its name."""
    found = [a for a in nest.arguments if isinstance(a, Buffer)]
    found += nest.workspace
    found += [s.buffer for s in statements(nest.body) if isinstance(s, Alloc)]
    return {b.name: b for b in found}
