"""The innermost loops of a kernel's machine code: what they do an iteration, line by line.

A loop is what lies between a label and the last branch back to it; it is innermost where no other
loop lies inside. Its instructions know their statements by their debug locations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from polyc.codegen import llvm, native
from polyc.codegen.llvm_lines import located
from polyc.codegen.loops import LoopNest
from polyc.report.instructions import Kinds, kinds_of
from polyc.report.listing import Line
from polyc.target import Target

_LOCATION = re.compile(r"\s*\.loc\s+\d+\s+(\d+)")
_LABEL = re.compile(r"^([.\w$]+):")
_JUMP = re.compile(r"\t(?:j\w+|b[.\w]*|cbn?z|tbn?z)\s+(?:.*,\s*)?([.\w$]+)\s*$")


@dataclass(frozen=True, slots=True)
class Loop:
    """One innermost loop of the assembly.

    spills      moves between registers and the stack that the register allocator added
    statements  of the nest that its instructions are of
    runs        how often its body runs, as far as the bounds of the nest say; None: sizes decide
    """

    label: str
    function: str
    lines: tuple[Line, ...]
    instructions: int
    fused: int
    loads: int
    stores: int
    spills: int
    statements: tuple[int, ...]
    runs: int | None = None

    @property
    def weight(self) -> int:
        return self.instructions * (1 if self.runs is None else self.runs)


def assembly_loops(nest: LoopNest, target: Target, runs: Mapping[int, int]) -> tuple[Loop, ...]:
    """Every innermost loop of the LLVM backend's code. `runs` says how often each statement of the
    nest runs, where that is known."""
    ir = located(llvm.emit(nest, target, numbered=True))
    return loops_in(native.assembly(ir, target), runs, kinds_of(target.triple))


def loops_in(text: str, runs: Mapping[int, int], kinds: Kinds) -> tuple[Loop, ...]:
    """The innermost loops of an assembly text, the one that runs most instructions first."""
    loops = [x for name, lines in _functions(text) for x in _innermost(name, lines, runs, kinds)]
    return tuple(sorted(loops, key=lambda x: -x.weight))


def _functions(text: str) -> Iterator[tuple[str, list[Line]]]:
    """The code of each function: labels and instructions."""
    name, lines, number = "", list[Line](), None
    for raw in text.splitlines():
        if "-- Begin function" in raw:
            name, lines, number = raw.split("-- Begin function", 1)[1].strip(), [], None
        elif "-- End function" in raw:
            yield name, lines
            name, lines = "", []
        elif m := _LOCATION.match(raw):
            number = int(m[1]) - 1 if int(m[1]) else None
        elif name and raw.startswith("\t") and not raw.startswith("\t."):
            lines.append(Line(raw.replace("#APP", "").rstrip(), number))
        elif name and (m := _LABEL.match(raw)) and not m[1].startswith((".Ltmp", ".Lfunc")):
            lines.append(Line(f"{m[1]}:", None))


def _innermost(
    name: str, lines: list[Line], runs: Mapping[int, int], kinds: Kinds
) -> Iterator[Loop]:
    places = {x.text[:-1]: k for k, x in enumerate(lines) if x.text.endswith(":")}
    ends: dict[int, int] = {}
    for k, x in enumerate(lines):
        m = _JUMP.match(_code(x.text))
        if m and m[1] in places and places[m[1]] < k:
            ends[places[m[1]]] = k
    for first, last in ends.items():
        if not any(first < other < last for other in ends):
            yield _loop(name, lines[first : last + 1], runs, kinds)


def _code(text: str) -> str:
    """The instruction without LLVM's comment."""
    return text.split("#", 1)[0].split("//", 1)[0].rstrip()


def _loop(name: str, lines: list[Line], runs: Mapping[int, int], kinds: Kinds) -> Loop:
    body = [x for x in lines if x.text.startswith("\t")]
    codes = [_code(x.text).strip() for x in body]
    found = sorted({x.statement for x in body if x.statement is not None})
    known = [runs[n] for n in found if n in runs]
    return Loop(
        lines[0].text.rstrip(":"),
        name,
        tuple(lines),
        len(codes),
        sum(map(kinds.fused, codes)),
        sum(map(kinds.loads, codes)),
        sum(map(kinds.stores, codes)),
        sum("Spill" in x.text or "Reload" in x.text for x in body),
        tuple(found),
        max(known, default=None),
    )
