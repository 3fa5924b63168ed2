"""Random affine programs as text, right by construction.

Values are small integers and every tensor carries a bound of its magnitude that stays exact in
float32, so all orders of evaluation give the same bits: a difference is always a bug. Every
subscript is fitted to its tensor for the sizes drawn; sizes are the extents of the first input.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np

EXACT = 2**22  # magnitudes below are exact in every type drawn
POINTS = 20_000  # of one statement at most
LARGE = 1000
INPUT = 3  # magnitude of inputs
TYPES = {"float": "float32", "double": "float64", "int32": "int32", "int64": "int64"}


@dataclass(frozen=True, slots=True)
class Extent:
    """A length: a sum of multiples of sizes and a constant.

    It has a value for the sizes drawn and one for sizes `LARGE` times theirs. Subscripts fit in
    both, so that no program holds for a few small sizes only.
    """

    terms: tuple[tuple[str, int], ...]
    constant: int
    value: int
    large: int

    @staticmethod
    def of(n: int) -> Extent:
        return Extent((), n, n, n)

    def __add__(self, other: Extent) -> Extent:
        total = dict(self.terms)
        for name, n in other.terms:
            total[name] = total.get(name, 0) + n
        terms = tuple(sorted((name, n) for name, n in total.items() if n))
        constant = self.constant + other.constant
        return Extent(terms, constant, self.value + other.value, self.large + other.large)

    def __mul__(self, factor: int) -> Extent:
        terms = tuple((name, n * factor) for name, n in self.terms)
        return Extent(terms, self.constant * factor, self.value * factor, self.large * factor)

    def holds(self, needed: Extent) -> bool:
        return self.value >= needed.value and self.large >= needed.large

    def __str__(self) -> str:
        parts = [name if n == 1 else f"{n}*{name}" for name, n in self.terms]
        if self.constant or not parts:
            parts.append(str(self.constant))
        return "+".join(parts).replace("+-", "-")


@dataclass(slots=True)
class Tensor:
    """`bound`: no element is larger in magnitude. An index holds places below `below`."""

    name: str
    shape: tuple[Extent, ...]
    bound: int
    type: str = ""  # of an input
    read: bool = False
    declared: bool = False  # its shape stands in the output list
    below: int | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """Integers from `low` to below `high`, stored as `type`."""

    name: str
    type: str
    shape: tuple[int, ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Program:
    """A program, and the sizes and inputs it was drawn for."""

    text: str
    inputs: tuple[Input, ...]
    sizes: dict[str, int]

    def arguments(self, seed: int) -> dict[str, Any]:
        rng = np.random.default_rng(seed)
        return {
            i.name: rng.integers(i.low, i.high, i.shape).astype(TYPES[i.type]) for i in self.inputs
        }


@dataclass(slots=True)
class _Statement:
    """Variables in use; those whose range only a `where` gives; what the expression may reach."""

    vars: dict[str, Extent]
    plain: set[str] = field(default_factory=set)  # a plain read gives the range
    given: set[str] = field(default_factory=set)  # the range must be written
    where: list[str] = field(default_factory=list)
    hidden: Tensor | None = None  # being rewritten: other elements of it are not read

    def clauses(self) -> str:
        missing = [v for v in self.vars if v in self.given or v not in self.plain]
        ranges = [f"{v} in 0:{self.vars[v]}" for v in missing]
        found = ranges + self.where
        return f" where {', '.join(found)}" if found else ""


class Generator:
    """Draws one program. Every choice comes from the seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        values = self.random.choices(
            [1, 2, 3, 4, 5, 7, 8, 17, 33, 70], k=3
        )  # less, more than a tile
        self.sizes = dict(zip("NMK", values, strict=True))
        self.inputs: list[Tensor] = []
        self.written: list[Tensor] = []
        self.lines: list[str] = []
        self._input(tuple(map(self._size, self.sizes)))

    def program(self) -> Program:
        kinds = (
            *(self.define, self.reduce, self.reduce, self.update, self.accumulate),
            *(self.again, self.scan, self.join, self.scatter, self.steps),
        )
        for _ in range(self.random.randint(1, 5)):
            self.random.choice(kinds)()
        outputs = [t for t in self.written if not t.read or self.chance(0.3)] or self.written[-1:]
        header = ", ".join(f"{t.type}({_list(map(str, t.shape))}) {t.name}" for t in self.inputs)
        body = "\n".join(f"  {line}" for line in self.lines)
        returned = _list(self._returned(t) for t in outputs)
        return Program(
            f"def f({header}) -> ({returned}) {{\n{body}\n}}",
            tuple(map(_input, self.inputs)),
            self.sizes,
        )

    def _returned(self, t: Tensor) -> str:
        return f"double({_list(map(str, t.shape))}) {t.name}" if t.declared else t.name

    # ---- statements
    def define(self) -> None:
        """T(i,j) = e"""
        s = self._statement(self.random.randint(1, 3))
        left = list(s.vars)
        value, bound = self.expression(s)
        self._write(left, s, "=", value, bound)

    def reduce(self) -> None:
        """T(i) op= e"""
        s = self._statement(self.random.randint(1, 4))
        left = list(s.vars)[: self.random.randint(0, len(s.vars) - 1)]
        inner = [v for v in s.vars if v not in left]
        value, bound = self.expression(s)
        terms = math.prod(s.vars[v].value for v in inner)
        value = f"{value} + 0 * ({' + '.join(inner)})"  # every reduced variable is used
        op, bound = self._operator(bound, terms)
        if left and self.chance(0.4):
            s.where.append(f"{inner[0]} <= {left[0]}")
        self._write(left, s, op, value, bound)

    def update(self) -> None:
        """T(i,j) = T(i,j) op e"""
        t = self._old()
        if not t.shape:
            return self.define()
        s, left = self._over(t)
        value, bound = self.expression(s)
        form = self.random.choice(["{0} + {1}", "{0} - {1}", "max({0}, {1})", "min({1}, {0})"])
        self._line(t, left, "=", form.format(_access(t, left), value), s)
        t.bound += bound
        return None

    def accumulate(self) -> None:
        """T(i,j) op= e, with reduced variables and constraints on those of the left"""
        t = self._old()
        s, left = self._over(t)
        extra = self._statement(1, start=len(left)).vars if self.chance(0.6) else {}
        if math.prod(e.value for e in (*s.vars.values(), *extra.values())) > POINTS:
            extra = {}
        s.vars.update(extra)
        value, bound = self.expression(s)
        terms = math.prod(e.value for e in extra.values())
        if extra:
            value = f"{value} + 0 * {next(iter(extra))}"
        if len(left) > 1 and self.chance(0.5):
            s.where.append(f"{left[1]} {self.random.choice(['<=', '>='])} {left[0]}")
        if t.bound + bound * terms > EXACT or self.chance(0.3):
            op, t.bound = self.random.choice(["max=", "min="]), max(t.bound, bound)
        else:
            op, t.bound = "+=", t.bound + bound * terms
        self._line(t, left, op, value, s)

    def again(self) -> None:
        """T(i,j) op=! e: a second initialisation"""
        t = self._old()
        s, left = self._over(t)
        extra = self._statement(1, start=len(left)).vars
        s.vars.update(extra)
        value, bound = self.expression(s)
        op, bound = self._operator(bound, math.prod(e.value for e in extra.values()))
        self._line(t, left, f"{op}!", f"{value} + 0 * {next(iter(extra))}", s)
        t.bound = bound

    def scan(self) -> None:
        """T(i,j) = T(i-1,j) + T(i,j): a recurrence in place"""
        t = self._old()
        if not t.shape or t.bound * t.shape[0].value > EXACT or t.shape[0].value < 2:
            return self.define()
        s, left = self._over(t)
        first = left[0]
        before = _list([f"{first}-1", *left[1:]])
        rows = f"{first} in 1:{s.vars.pop(first)}"
        s.where.append(rows)
        self._line(t, left, "=", f"{t.name}({before}) + {t.name}({_list(left)})", s)
        t.bound *= t.shape[0].value
        return None

    def join(self) -> None:
        """Two tensors side by side in one declared output"""
        a, b = self._extent(), self._extent()
        t = self._tensor((a + b,), 0, declared=True)
        for offset, e in (("", a), (f"{a}+", b)):
            s = _Statement({"i": e})
            value, bound = self.expression(s)
            self._line(t, [f"{offset}i"], "=", value, s)
            t.bound = max(t.bound, bound)
        self.written.append(t)

    def scatter(self) -> None:
        """T(2*i+r) += e: a left side that strides"""
        e = self._extent()
        s = _Statement({"i": e, "r": Extent.of(2)}, given={"r"})
        value, bound = self.expression(s)
        t = self._tensor((e * 2,), bound, declared=True)
        self._line(t, ["2*i+r"], "+=", value, s)
        self.written.append(t)

    def steps(self) -> None:
        """for t in 0:2 { T(i,j) = T(i-1,j) + T(i+1,j) ... }: a stencil in time"""
        t = self._old()
        if not t.shape or t.shape[0].value < 3 or t.bound * t.shape[0].value ** 2 > EXACT:
            return self.define()
        s, left = self._over(t)
        first, rest = left[0], left[1:]
        s.where.append(f"{first} in 1:{s.vars.pop(first)}-1")
        moved = [f"{t.name}({_list([f'{first}{d}', *rest])})" for d in ("-1", "", "+1")]
        self.lines.append("for t in 0:2 {")
        self._line(t, left, "=", " + ".join(self.random.sample(moved, 2)), s)
        self.lines.append("}")
        t.bound *= t.shape[0].value ** 2  # in place: a step may sum the whole column
        return None

    # ---- expressions: (text, bound)
    def expression(self, s: _Statement, depth: int = 2) -> tuple[str, int]:
        if depth == 0 or self.chance(0.3):
            return self.atom(s)
        form = self.random.choice(["*", "*", "+", "-", "max", "min", "data", "affine", "one"])
        if form == "one":
            x, a = self.expression(s, depth - 1)
            return self.random.choice([f"relu({x})", f"-{x}"]), a
        plain = set(s.plain)
        x, a = self.expression(s, depth - 1)
        y, b = self.expression(s, depth - 1)
        if form == "affine":  # its branches are guarded: reads in them bound nothing
            s.plain = plain
            return f"({self.condition(s)} ? {x} : {y})", max(a, b)
        if form == "data":
            return f"({x} < {y} ? {x} : {y})", max(a, b)
        if form == "*" and a * b * 64 < EXACT:
            return f"{x} * {y}", a * b
        if form in "+-" and (a + b) * 8 < EXACT:
            return f"({x} {form} {y})", a + b
        return f"{'min' if form == 'min' else 'max'}({x}, {y})", max(a, b)

    def condition(self, s: _Statement) -> str:
        """An affine condition on the statement's variables."""
        v = self.random.choice(list(s.vars))
        w = self.random.choice([*s.vars, "1", self.random.choice("NMK")])
        return f"{v} {self.random.choice(['<', '<=', '>', '>=', '=='])} {w}"

    def atom(self, s: _Statement) -> tuple[str, int]:
        draw = self.random.random()
        if draw < 0.08:
            n = self.random.randint(0, 3)
            return str(n), n
        if draw < 0.14:
            v = self.random.choice(list(s.vars))
            return v, s.vars[v].value
        if draw < 0.24:
            return self.padded(s)
        known = [t for t in (*self.inputs, *self.written) if t is not s.hidden]
        small = [t for t in known if t.bound * 64 < EXACT]
        if draw < 0.8 and small:
            return self.access(self.random.choice(small), s)
        return self.fresh(s)

    def access(self, t: Tensor, s: _Statement) -> tuple[str, int]:
        """A read of a tensor there is, every subscript fitted to its dimension."""
        t.read = True
        subs = [self.subscript(e, s) for e in t.shape]
        return _access(t, subs), t.bound

    def subscript(self, e: Extent, s: _Statement) -> str:
        same = [v for v, x in s.vars.items() if x == e]
        if same and self.chance(0.7):
            v = self.random.choice(same)
            s.plain.add(v)
            return v
        if self.chance(0.05):
            return self.gathered(e, s)
        one = Extent.of(1)
        forms: list[tuple[str, Extent, tuple[str, ...]]] = [("0", one, ()), ("1", one + one, ())]
        for v, x in s.vars.items():
            forms += [
                (v, x, (v,)),
                (f"{e}-1-{v}", x, (v,)),
                (f"{v}+1", x + one, (v,)),
                (f"2*{v}", x * 2, (v,)),
                (f"{v}%2", one + one, (v,)),
                *((f"{v}+{w}", x + y, (v, w)) for w, y in s.vars.items() if w != v),
            ]
            if (e * 2).holds(x):
                forms.append((f"{v}/2", one, (v,)))
        text, _, used = self.random.choice([f for f in forms if e.holds(f[1])])
        s.given.update(used)
        return text

    def gathered(self, e: Extent, s: _Statement) -> str:
        """A place that an index tensor holds."""
        v = self.random.choice(list(s.vars))
        t = self._input((s.vars[v],))
        t.read, t.type, t.below, t.bound = True, "int32", e.value, e.value
        s.plain.add(v)
        return f"{t.name}({v})"

    def padded(self, s: _Statement) -> tuple[str, int]:
        """A read that may leave its tensor."""
        t = self.random.choice(self.inputs)
        t.read = True
        moved = []
        for _ in t.shape:
            v = self.random.choice(list(s.vars))
            s.given.add(v)
            moved.append(f"{v}{self.random.choice(['-1', '+1', '-2', '+3'])}")
        return f"pad({t.name}({_list(moved)}), {self.random.randint(0, 2)})", max(t.bound, 2)

    def fresh(self, s: _Statement) -> tuple[str, int]:
        """A read of a new input, its shape fitted to the subscripts: shifts, strides, windows."""
        names = list(s.vars)
        subs, shape = [], []
        for v in self.random.sample(names, self.random.randint(1, len(names))):
            e, w = s.vars[v], self.random.choice(names)
            f = s.vars[w]
            form = self.random.choice(["v", "v", "v", "2*v", "v+1", "v+w", "2*v+w"])
            if "w" in form and w == v:
                form = "v"
            length = e * 2 if "2" in form else e
            shape.append(length + f if "w" in form else length + Extent.of(int("1" in form)))
            subs.append(form.replace("v", v).replace("w", w))
            if form == "v":
                s.plain.add(v)
            else:
                s.given.update({v, w} if "w" in form else {v})
        t = self._input(tuple(shape))
        t.read = True
        return f"{t.name}({_list(subs)})", t.bound

    # ---- pieces
    def chance(self, p: float) -> bool:
        return self.random.random() < p

    def _extent(self) -> Extent:
        if self.chance(0.15):
            n = self.random.randint(1, 4)
            return Extent.of(n)
        return self._size(self.random.choice(list(self.sizes)))

    def _size(self, name: str) -> Extent:
        return Extent(((name, 1),), 0, self.sizes[name], LARGE * self.sizes[name])

    def _statement(self, n: int, start: int = 0) -> _Statement:
        """Variables with extents, few enough points."""
        names = "ijklmnop"[start : start + n]
        drawn: dict[str, Extent] = {}
        for v in names:
            e = self._extent()
            if math.prod(x.value for x in drawn.values()) * e.value <= POINTS:
                drawn[v] = e
        s = _Statement(drawn)
        s.given.update(v for v, e in drawn.items() if not e.terms)
        return s

    def _over(self, t: Tensor) -> tuple[_Statement, list[str]]:
        """A statement over all elements of a tensor; its ranges are written."""
        left = list("ijkl"[: len(t.shape)])
        s = _Statement(dict(zip(left, t.shape, strict=True)), given=set(left), hidden=t)
        if not left:  # a scalar: expressions still need a variable
            s.vars["z"] = Extent.of(1)
        return s, left

    def _operator(self, bound: int, terms: int) -> tuple[str, int]:
        if bound**terms * 8 < EXACT and self.chance(0.3):
            return "*=", bound**terms
        if bound * terms * 8 < EXACT and self.chance(0.7):
            return "+=", bound * terms
        return self.random.choice(["max=", "min="]), bound

    def _old(self) -> Tensor:
        """A tensor some statement wrote."""
        usable = [t for t in self.written if t.bound * 8 < EXACT and not t.declared]
        if not usable:
            self.define()
            usable = self.written[-1:]
        return self.random.choice(usable)

    def _input(self, shape: tuple[Extent, ...]) -> Tensor:
        t = Tensor(f"A{len(self.inputs)}", shape, INPUT, self.random.choice(list(TYPES)))
        self.inputs.append(t)
        return t

    def _tensor(self, shape: tuple[Extent, ...], bound: int, declared: bool = False) -> Tensor:
        return Tensor(f"T{len(self.written)}", shape, bound, declared=declared)

    def _write(self, left: Sequence[str], s: _Statement, op: str, value: str, bound: int) -> None:
        order = self.random.sample(list(left), len(left))
        shape = tuple(s.vars[v] for v in order)
        t = self._tensor(shape, bound)
        self._line(t, order, op, value, s)
        self.written.append(t)

    def _line(self, t: Tensor, left: Sequence[str], op: str, value: str, s: _Statement) -> None:
        self.lines.append(f"{_access(t, left)} {op} {value}{s.clauses()}")


def _input(t: Tensor) -> Input:
    low, high = (-INPUT, INPUT + 1) if t.below is None else (0, t.below)
    return Input(t.name, t.type, tuple(e.value for e in t.shape), low, high)


def _access(t: Tensor, subs: Sequence[str]) -> str:
    return f"{t.name}({_list(subs)})" if subs else t.name


def _list(parts: Any) -> str:
    return ", ".join(parts)


def draw(seed: int) -> Program:
    """The program of a seed."""
    return Generator(seed).program()
