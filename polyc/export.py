"""`Kernel.export`: a kernel as files that need no polyc: C, header, object, library, JSON."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from polyc import __version__, description
from polyc.codegen import c_contract, c_export, link, llvm_export, native
from polyc.codegen.exported import Exported, exported
from polyc.codegen.workspace import layout
from polyc.description import Description, Parameter
from polyc.driver import Lowered, is_parallel
from polyc.errors import CompileError
from polyc.files import Export, place
from polyc.frontend.program import Program
from polyc.target import Target
from polyc.threads import LOCK


@dataclass(frozen=True, slots=True)
class Package:
    """What the files will hold. Each is made when it is asked for."""

    made_from: Exported
    target: Target

    @property
    def name(self) -> str:
        """Of the C function, and of the files."""
        return self.made_from.symbol

    @property
    def c(self) -> str:
        """The source: C11 with vector extensions, for gcc and clang."""
        return c_export.source(self.made_from, self.target)

    @property
    def h(self) -> str:
        """The header, for C and C++."""
        return c_contract.header(self.made_from)

    @property
    def o(self) -> bytes:
        """The object, position-independent."""
        return native.object_from_ir(llvm_export.emit(self.made_from, self.target), self.target)

    def so(self, o: bytes) -> bytes:
        """The library of the object. CompileError where no linker makes one."""
        return link.shared_library(o, self.made_from.symbol, self.target, self.made_from.parallel)

    def json(self, so: bytes | None) -> str:
        """The description; with a library, its digest."""
        found = self._description()
        if so is not None:
            found = replace(found, sha256=hashlib.sha256(so).hexdigest())
        return json.dumps(description.to_json(found), indent=2) + "\n"

    def _description(self) -> Description:
        x = self.made_from
        places = layout(x.nest)
        scratch = x.in_text(places.slices + places.slice_bytes)
        by_text = sorted(x.parameters, key=lambda p: -1 if p.argument is None else p.argument)
        return Description(
            x.symbol,
            tuple(Parameter(p.name, p.kind, p.dtype.name, p.shape) for p in x.parameters),
            x.sizes,
            scratch.value if scratch.is_const else str(scratch),
            self.target.name,
            __version__,
            tuple(p.name for p in by_text if p.kind in ("input", "scalar")),
            x.errors,
        )


def package(
    text: Program, low: Lowered, sizes: Mapping[str, int | None], name: str | None
) -> Package:
    """A kernel's files; `text` is its program before any rewriting, `sizes` what its sizes are."""
    with LOCK:
        made = exported(text, low.nest, name, is_parallel(low.nest.body), sizes)
        return Package(made, low.target)


def write(folder: str | os.PathLike[str], p: Package) -> Export:
    """All files of a package, none of them where one cannot be made or written."""
    name = p.name
    with LOCK:
        o = p.o
        reason, so = "", None
        try:
            so = p.so(o)
        except CompileError as e:
            reason = str(e)
        data = {"c": p.c.encode(), "h": p.h.encode(), "o": o}
        if so is not None:
            data["so"] = so
        data["json"] = p.json(so).encode()
    paths = {e: Path(folder, f"{name}.{e}") for e in ("c", "h", "o", "so", "json")}
    place({paths[ending]: content for ending, content in data.items()})
    if so is None:
        paths["so"].unlink(missing_ok=True)  # of another kernel, which this description is not of
    made = paths["so"] if so is not None else None
    return Export(paths["c"], paths["h"], paths["o"], made, paths["json"], reason)
