"""The names of one definition while it is lowered: sizes, scalars, tensors, constants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from polyc.errors import Span
from polyc.frontend.dtypes import Dtype
from polyc.frontend.findings import Findings
from polyc.frontend.integers import Int, maximum
from polyc.frontend.names import safe_name
from polyc.frontend.program import Size

Kind = Literal["input", "output", "temporary"]


@dataclass(slots=True)
class TensorInfo:
    """What is known about a tensor so far; `shape` of an undeclared one grows with its writes."""

    name: str  # in the Program
    user: str  # in the text
    kind: Kind
    dtype: Dtype | None
    shape: tuple[Int, ...] | None
    span: Span
    scalar: bool = False
    declared: bool = True  # the dtype
    fixed: bool = True  # the shape
    written: bool = False
    broken: bool = False  # its statement has an error: what depends on it is not reported


@dataclass(slots=True)
class Scope:
    """The mutable table of one definition. Nothing of it reaches the Program but its entries."""

    findings: Findings
    consts: Mapping[str, int]
    bracket: bool = False
    tensors: dict[str, TensorInfo] = field(default_factory=dict)
    sizes: dict[str, Size] = field(default_factory=dict)  # by the user's spelling
    required: set[str] = field(default_factory=set)  # scalars that must become constants
    equal: list[tuple[Int, Int, Span]] = field(default_factory=list)  # extents that must agree
    same: dict[str, Int] = field(default_factory=dict)  # a size -> its representative
    taken: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)  # tensors that some statement writes
    spelled: dict[str, str] = field(default_factory=dict)  # identifiers -> names isl can read

    def safe(self, name: str) -> str:
        """The Program's name of an identifier; one identifier always has the same."""
        if name not in self.spelled:
            self.spelled[name] = safe_name(name, self.taken)
        return self.spelled[name]

    def fresh(self, wanted: str) -> str:
        """A name that nothing else has."""
        return safe_name(wanted, self.taken)

    def size(self, display: str, wanted: str | None = None, scalar: bool = False) -> Int:
        """The size of that spelling, made if it is new."""
        if display not in self.sizes:
            name = self.fresh(wanted) if wanted else self.safe(display)
            self.sizes[display] = Size(name, display, scalar)
        return Int.var(self.sizes[display].name)

    def known(self) -> Iterable[str]:
        """Every name a text may use."""
        return (*self.tensors, *self.sizes, *self.consts)

    def resolve(self, e: Int) -> Int:
        """Sizes found equal replaced by their representative."""
        while not e.names.isdisjoint(self.same):
            e = e.subs(self.same)
        return e

    def show(self, e: Int) -> str:
        """An expression in the user's spelling."""
        return str(e.subs({s.name: Int.var(d) for d, s in self.sizes.items() if s.name != d}))

    def unify(self, a: Int, b: Int, span: Span) -> None:
        """Requires two extents to be equal: merged where undeclared, else checked at the call."""
        a, b = self.resolve(a), self.resolve(b)
        if a == b:
            return
        if self.bracket:
            for x, y in ((b, a), (a, b)):
                name = next(iter(x.names), "")
                if x == Int.var(name) and name not in y.names:
                    self.same[name] = y
                    return
        self.equal.append((a, b, span))

    def grow(self, info: TensorInfo, reach: tuple[Int, ...]) -> None:
        """Extends the shape of an undeclared tensor to the extents a write reaches."""
        if info.shape is None:
            info.shape = reach
        elif not info.fixed:
            old = (self.resolve(x) for x in info.shape)
            info.shape = tuple(
                _largest(x, self.resolve(y)) for x, y in zip(old, reach, strict=True)
            )


def _largest(a: Int, b: Int) -> Int:
    # 1 and T + 1, T a size: sizes are never negative, so a sum with a larger constant is larger.
    for x, y in ((a, b), (b, a)):
        gap = x - y
        if all(c >= 0 for _, c in gap.terms) and all(
            isinstance(n, str) for m, _ in gap.terms for n in m
        ):
            return x
    return maximum(a, b)
