"""The small inline functions at the top of generated C, each written only where it is used.

A helper is asked for by name: what it does, then the types it does it on, `select_f32x16`. A table
(`codegen.c_helpers`) maps the first part to a function that writes the C.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from polyc.codegen.c_types import vector_typedefs


class T(NamedTuple):
    """A C type: f32x16, or f32 for the scalar."""

    scalar: str  # f32
    lanes: int

    @property
    def name(self) -> str:
        return f"{self.scalar}x{self.lanes}" if self.lanes > 1 else self.c

    @property
    def tag(self) -> str:
        return f"{self.scalar}x{self.lanes}" if self.lanes > 1 else self.scalar

    @property
    def c(self) -> str:
        if self.scalar[0] == "f":
            return "float" if self.scalar == "f32" else "double"
        return f"{'u' if self.scalar[0] == 'u' else ''}int{self.scalar[1:]}_t"

    @property
    def bits(self) -> int:
        return int(self.scalar[1:])

    @property
    def mask(self) -> T:
        return T(f"i{self.bits}", self.lanes)

    @property
    def unsigned(self) -> T:
        return T(f"u{self.bits}", self.lanes)

    @property
    def is_float(self) -> bool:
        return self.scalar[0] == "f"


@dataclass(slots=True)
class Helpers:
    """Those asked for so far, in an order in which C can read them."""

    writers: Mapping[str, Callable[..., str]]
    types: dict[str, None] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)

    def type(self, t: T) -> str:
        if t.lanes > 1:
            self.types[t.name] = None
        return t.name

    def __call__(self, what: str, *types: T) -> str:
        """The name of a helper, which is written if it is new."""
        name = "_".join([what, *(t.tag for t in types)])
        if name not in self.functions:
            for t in types:
                self.type(t)
            text = self.writers[what](self, name, *types)
            self.functions[name] = text
        return name

    def add(self, name: str, text: Callable[[], str]) -> str:
        if name not in self.functions:
            self.functions[name] = text()
        return name

    def text(self) -> str:
        return "\n".join([*vector_typedefs(list(self.types)), *self.functions.values()])


def define(result: str, name: str, parameters: str, *lines: str) -> str:
    body = "\n".join(line if line.startswith("#") else f"    {line}" for line in lines)
    return f"INLINE {result} {name}({parameters}) {{\n{body}\n}}"


def lanes(t: T, expression: str, more: str = "") -> tuple[str, ...]:
    """A vector computed lane by lane."""
    loop = f"for (int l = 0; l < {t.lanes}; l++) out[l] = {expression};"
    return (f"{t.name} out{more};", loop, "return out;")
