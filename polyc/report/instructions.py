"""What an instruction does to memory, and whether it multiplies and adds, by architecture."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

# x86: an operand in memory that is not written is read; moves and stores only read their sources.
_FUSED = re.compile(r"vfn?m(add|sub)|vpdp|vdpbf16")
_MOVES = re.compile(r"v?p?k?mov|vcompress|vscatter|vpmovd|vcvtps2ph|vextract|v?pextr")
_ADDRESSES = re.compile(r"lea|nop|prefetch")  # name memory and do not touch it
_COMPARES = re.compile(r"cmp|test|bt|v?u?comis")  # the last operand is a source too


@dataclass(frozen=True, slots=True)
class Kinds:
    """Tests of an instruction's text."""

    fused: Callable[[str], bool]
    loads: Callable[[str], bool]
    stores: Callable[[str], bool]


def _operands(code: str) -> tuple[str, list[str]]:
    """AT&T's spelling: sources first, the destination last; commas in brackets do not count."""
    word, _, rest = code.replace("\t", " ").partition(" ")
    return word, [x.strip() for x in re.split(r",(?![^()]*\))", rest)] if rest else []


def _x86_loads(code: str) -> bool:
    word, operands = _operands(code)
    if _ADDRESSES.match(word):
        return False
    sources = operands[:-1] if _MOVES.match(word) else operands
    return any("(" in x for x in sources)


def _x86_stores(code: str) -> bool:
    word, operands = _operands(code)
    if _ADDRESSES.match(word) or _COMPARES.match(word) or len(operands) < 2:
        return False
    return "(" in operands[-1]


def _by_name(fused: str, loads: str, stores: str) -> Kinds:
    """Where only loads and stores touch memory, their names say it."""

    def named(pattern: str) -> Callable[[str], bool]:
        found = re.compile(rf"(?:{pattern})\b")
        return lambda code: bool(found.match(code))

    return Kinds(named(fused), named(loads), named(stores))


_X86 = Kinds(lambda code: bool(_FUSED.match(code)), _x86_loads, _x86_stores)
_KINDS = {
    "aarch64": _by_name(r"fml[as]|fn?m(add|sub)|[su]dot|bf\w*dot", r"ld\w*", r"st\w*"),
    "riscv64": _by_name(
        r"fn?m(add|sub)\.\w|vfn?m(acc|add|sac|sub)\.\w+",
        r"f?l[bhwd]u?|vl\w+\.v",
        r"f?s[bhwd]|vs\w+\.v",
    ),
}


def kinds_of(triple: str) -> Kinds:
    """For the architecture that a target triple names; x86's where it is not known."""
    return _KINDS.get(triple.partition("-")[0], _X86)
