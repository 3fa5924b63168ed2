"""One LLVM function under construction: text, names, and integer expressions hoisted to their loop.

Text is collected in nested lists. Each loop owns a `Level`, whose `head` list stands at the start
of the loop's body: an integer expression goes to the head of the innermost loop it depends on and
is remembered there, so invariant address arithmetic is computed once, where it belongs, without a
pass. Every step of a sum is remembered, outermost names first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Union

from polyc.codegen.llvm_types import memory_type
from polyc.codegen.loops import Buffer
from polyc.frontend.integers import Atom, Extreme, FloorDiv, Int, monomial_names
from polyc.target import Target

Text = list[Union[str, "Text"]]


@dataclass(slots=True)
class Level:
    """The body of a loop, or the whole function: its names, and what is computed at its head."""

    depth: int
    head: Text
    names: dict[str, str] = field(default_factory=dict)
    known: dict[object, str] = field(default_factory=dict)
    rows: bool = False  # a transposed block: many addresses, multiples of a size apart


@dataclass(slots=True)
class Module:
    """Functions in order, and the declarations they need. `region` runs a team of threads."""

    target: Target
    region: str = "polyc_parallel"
    functions: list[str] = field(default_factory=list)
    declared: dict[str, None] = field(default_factory=dict)
    nodes: dict[str, str] = field(default_factory=dict)  # metadata
    numbered: bool = False  # instructions end with the number of their statement, " ; 12"
    statements: int = 0  # numbered so far, in the order of the nest's text
    tag: str = ""

    @contextmanager
    def statement(self) -> Iterator[None]:
        """What is emitted inside is of the next statement, but for what is of those inside it."""
        around = self.tag
        if self.numbered:
            self.tag = f" ; {self.statements}"
        self.statements += 1
        yield
        self.tag = around

    def declare(self, text: str) -> None:
        self.declared[text] = None

    def metadata(self, text: str) -> str:
        """The name of a node of metadata."""
        return self.nodes.setdefault(text, f"!{len(self.nodes)}")

    def text(self, attributes: str) -> str:
        nodes = [f"{name} = {text}" for text, name in self.nodes.items()]
        parts = [*self.functions, "\n".join(self.declared), attributes, *nodes]
        return "\n\n".join(parts) + "\n"


class Function:
    """Names, text and levels. `capture` finds a name of an enclosing function and passes it in."""

    def __init__(self, module: Module, capture: Callable[[str], str | None] | None = None) -> None:
        self.module = module
        self.capture = capture
        self.entry: Text = []
        head: Text = []
        self.code: Text = [self.entry, head]
        self.levels = [Level(0, head)]
        self.label = "entry"
        self.streams = False  # some store goes past the caches
        self._fresh = 0

    # ---- text
    def fresh(self, stem: str = "v") -> str:
        self._fresh += 1
        return f"{stem}{self._fresh}"

    def line(self, text: str) -> None:
        self.code.append(f"  {text}{self.module.tag}")

    def op(self, text: str, into: Text | None = None) -> str:
        name = "%" + self.fresh()
        (self.code if into is None else into).append(f"  {name} = {text}{self.module.tag}")
        return name

    def start(self, label: str) -> None:
        self.code.append(f"{label}:")
        self.label = label

    def branch(self, label: str) -> None:
        self.line(f"br label %{label}")

    def fence(self) -> None:
        """What went past the caches is there for other threads from here on."""
        if self.streams:
            self.module.declare("declare void @llvm.x86.sse.sfence()")
            self.line("call void @llvm.x86.sse.sfence()")

    def body_text(self) -> str:
        out: list[str] = []
        _flatten(self.code, out)
        return "\n".join(out)

    # ---- levels
    def push_level(self) -> Level:
        head: Text = []
        self.code.append(head)
        self.levels.append(Level(len(self.levels), head))
        return self.levels[-1]

    def pop_level(self) -> None:
        self.levels.pop()

    def _level_of_name(self, name: str) -> Level:
        for level in reversed(self.levels):
            if name in level.names:
                return level
        found = self.capture(name) if self.capture else None
        if found is None:
            raise KeyError(name)
        self.levels[0].names[name] = found
        return self.levels[0]

    def level_of(self, e: Int) -> Level:
        """The innermost loop whose variable is in the expression."""
        return self._deepest(e.names)

    def _deepest(self, names: Iterable[str]) -> Level:
        found = [self._level_of_name(n) for n in names]
        return max(found, key=lambda level: level.depth, default=self.levels[0])

    def hoisted(self, level: Level, key: object, text: str) -> str:
        """An instruction at the head of a level, once."""
        found = level.known.get(key)
        if found is None:
            found = level.known[key] = self.op(text, level.head)
        return found

    def in_head(self, level: Level, build: Callable[[], str]) -> str:
        """What `build` emits goes to the head of a level."""
        here, self.code = self.code, level.head
        try:
            return build()
        finally:
            self.code = here

    # ---- integer expressions
    def integer(self, e: Int) -> str:
        """The expression as an i64: a constant or a name."""
        if e.is_const:
            return str(e.value)
        level = self.level_of(e)
        found = level.known.get(e)
        if found is None:
            found = level.known[e] = self._sum(e)
        return found

    def _sum(self, e: Int) -> str:
        total: str | None = None
        seen = Int({})
        for part in self.by_level(e):
            seen = seen + part
            for m, c in part.terms:
                term = self._term(m, c)
                if total is None:
                    total = term
                    continue
                level = self.level_of(seen)
                total = self.op(f"add nsw i64 {total}, {term}", level.head)
            assert total is not None
            self.level_of(seen).known.setdefault(seen, total)
        return total or "0"

    def by_level(self, e: Int) -> list[Int]:
        """The terms of an expression grouped by level, outermost first; constants come last."""
        groups: dict[int, dict[tuple[Atom, ...], int]] = {}
        for m, c in e.terms:
            depth = self._deepest(monomial_names(m)).depth if m else len(self.levels)
            groups.setdefault(depth, {})[m] = c
        return [Int(groups[d]) for d in sorted(groups)]

    def _term(self, monomial: tuple[Atom, ...], c: int) -> str:
        if not monomial:
            return str(c)
        out = self._product(monomial)
        if c == 1:
            return out
        level = self._deepest(monomial_names(monomial))
        return self.hoisted(level, ("*", out, c), f"mul nsw i64 {out}, {c}")

    def _product(self, monomial: tuple[Atom, ...]) -> str:
        # Outer atoms first, so that the invariant part of a product is hoisted too.
        atoms = sorted(monomial, key=lambda a: self._deepest(monomial_names((a,))).depth)
        out, seen = self._atom(atoms[0]), Int.atom(atoms[0])
        for a in atoms[1:]:
            other = self._atom(a)
            seen = seen * Int.atom(a)
            level = self.level_of(seen)
            out = self.hoisted(level, ("*", out, other), f"mul nsw i64 {out}, {other}")
        return out

    def _atom(self, atom: Atom) -> str:
        match atom:
            case str():
                return self._level_of_name(atom).names[atom]
            case FloorDiv(num, den):
                return self._floor_div(num, den, self.level_of(Int.atom(atom)))
            case Extreme(op, a, b):
                fn = f"@llvm.s{op}.i64"
                self.module.declare(f"declare i64 {fn}(i64, i64)")
                text = f"call i64 {fn}(i64 {self.integer(a)}, i64 {self.integer(b)})"
                return self.hoisted(self.level_of(Int.atom(atom)), atom, text)

    def _floor_div(self, num: Int, den: Int, level: Level) -> str:
        n = self.integer(num)
        if den.is_const and den.value & (den.value - 1) == 0:
            shift = den.value.bit_length() - 1
            return self.hoisted(level, ("ashr", n, shift), f"ashr i64 {n}, {shift}")
        d = self.integer(den)

        def op(text: str) -> str:
            return self.hoisted(level, text, text)

        if not den.is_const:
            # Hoisting may evaluate it where the divisor is not yet known to be positive.
            self.module.declare("declare i64 @llvm.smax.i64(i64, i64)")
            d = op(f"call i64 @llvm.smax.i64(i64 {d}, i64 1)")
        quotient, rest = op(f"sdiv i64 {n}, {d}"), op(f"srem i64 {n}, {d}")
        below = op(f"ashr i64 {rest}, 63")  # -1 where the remainder is negative
        return op(f"add nsw i64 {quotient}, {below}")

    # ---- addresses
    def address(self, b: Buffer, base: str, offset: Int) -> str:
        """The address of an element: one GEP per loop it depends on, the constant last.

        Rows of a block are added last too: so one pointer moves through the loop, where LLVM would
        move one for every row, more than there are registers.
        """
        pointer, seen = base, Int({})
        kind = memory_type(b.dtype)
        in_rows = self.level_of(offset).rows
        moving = offset - offset.constant
        if moving and (known := self.level_of(moving).known.get(("gep", base, moving))):
            pointer, seen, offset = known, moving, offset - moving  # elements of a tile share it
        parts = self.by_level(offset)
        if in_rows and parts and self.level_of(parts[0]).depth == 0:
            parts = [*parts[1:], parts[0]]
        for part in sorted(parts, key=lambda p: p.is_const):
            seen = seen + part
            if part.is_const:
                return self.op(f"getelementptr {kind}, ptr {pointer}, i64 {part.value}")
            level = self.level_of(seen)
            key = ("gep", base, seen)
            if key not in level.known:
                text = f"getelementptr {kind}, ptr {pointer}, i64 {self.integer(part)}"
                level.known[key] = self.op(text, level.head)
            pointer = level.known[key]
        return pointer


def _flatten(code: Text, out: list[str]) -> None:
    for item in code:
        if isinstance(item, str):
            out.append(item)
        else:
            _flatten(item, out)
