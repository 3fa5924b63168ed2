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
_FIXED = """\
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!1}
!0 = distinct !DICompileUnit(language: DW_LANG_C11, file: !2, emissionKind: LineTablesOnly)
!1 = !{i32 2, !"Debug Info Version", i32 3}
!2 = !DIFile(filename: "loops", directory: "")
!3 = !DISubroutineType(types: !{})
"""
_FIRST = 4  # number of the first metadata after those above


def located(ir: str) -> str:
    """The module that `emit(..., numbered=True)` makes, with a location for every instruction."""
    extra: list[str] = []
    known: dict[tuple[str, int], str] = {}

    def new(text: str) -> str:
        extra.append(f"!{len(extra) + _FIRST} = {text}")
        return f"!{len(extra) + _FIRST - 1}"

    lines: list[str] = []
    scope = ""
    for line in ir.splitlines():
        if m := _DEFINED.match(line):
            spec = f'distinct !DISubprogram(name: "{m[2]}", file: !2, unit: !0, type: !3, '
            scope = new(f"{spec}spFlags: DISPFlagDefinition)")
            lines.append(f"{m[1]} !dbg {scope} {{")
            continue
        m = _TAGGED.match(line)
        if m is None and not line.startswith("  "):
            lines.append(line)
            continue
        text, number = (line, 0) if m is None else (m[1], int(m[2]) + 1)
        if (scope, number) not in known:
            known[scope, number] = new(f"!DILocation(line: {number}, scope: {scope})")
        lines.append(f"{text}, !dbg {known[scope, number]}")
    return "\n".join([*lines, _FIXED, *extra]) + "\n"
