"""Numbered LLVM IR with debug locations, so that assembly says which statement it is of.

    %v7 = fadd float %v5, %v6 ; 12   ->   %v7 = fadd float %v5, %v6, !dbg !8
                                          !8 = !DILocation(line: 13, scope: !4)

The line of a location is the number of the statement and one, as lines count from 1; line 0 is
what is of no statement. Locations never change the code that LLVM makes.
"""

from __future__ import annotations

import re

_TAGGED = re.compile(r"^(  .*?) ; (\d+)$")
_DEFINED = re.compile(r"^(define .*@([\w.]+)\(.*) \{$")
_NODE = re.compile(r"^!(\d+) = ", re.MULTILINE)
_UNIT = "distinct !DICompileUnit(language: DW_LANG_C11, file: {}, emissionKind: LineTablesOnly)"


class _Nodes:
    """Metadata after what a module has already."""

    def __init__(self, ir: str) -> None:
        self._first = max(map(int, _NODE.findall(ir)), default=-1) + 1
        self.lines: list[str] = []

    def __call__(self, text: str) -> str:
        """The name of a new node."""
        name = f"!{self._first + len(self.lines)}"
        self.lines.append(f"{name} = {text}")
        return name


def located(ir: str) -> str:
    """The module that `emit(..., numbered=True)` makes, with a location for every instruction."""
    node = _Nodes(ir)
    file = node('!DIFile(filename: "loops", directory: "")')
    unit, signature = node(_UNIT.format(file)), node("!DISubroutineType(types: !{})")
    version = node('!{i32 2, !"Debug Info Version", i32 3}')
    named = [f"!llvm.dbg.cu = !{{{unit}}}", f"!llvm.module.flags = !{{{version}}}"]
    known: dict[tuple[str, int], str] = {}
    lines: list[str] = []
    scope = ""
    for line in ir.splitlines():
        if m := _DEFINED.match(line):
            of = f'name: "{m[2]}", file: {file}, unit: {unit}, type: {signature}'
            scope = node(f"distinct !DISubprogram({of}, spFlags: DISPFlagDefinition)")
            lines.append(f"{m[1]} !dbg {scope} {{")
            continue
        m = _TAGGED.match(line)
        if m is None and not line.startswith("  "):
            lines.append(line)
            continue
        text, number = (line, 0) if m is None else (m[1], int(m[2]) + 1)
        if (scope, number) not in known:
            known[scope, number] = node(f"!DILocation(line: {number}, scope: {scope})")
        lines.append(f"{text}, !dbg {known[scope, number]}")
    return "\n".join([*lines, *named, *node.lines]) + "\n"
