"""How large machine code is."""

from __future__ import annotations

import llvmlite.binding as llvm


def code_bytes(data: bytes) -> int:
    """Bytes of the code sections of an object file or shared library."""
    file = llvm.ObjectFileRef.from_data(data)
    return sum(s.size() for s in file.sections() if s.is_text())
