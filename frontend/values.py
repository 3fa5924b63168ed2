"""Syntax -> typed expressions: the right-hand sides, and the list of what they read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from polyc.errors import Span
from polyc.frontend import syntax as syn
from polyc.frontend.affine import Names, NotAffine, affine, expand, refuse, size_of
from polyc.frontend.conditions import condition, is_variable, truth
from polyc.frontend.dtypes import ALIASES, BOOL, DTYPES, FLOAT32, INT32, INT64, Dtype, compute_dtype
from polyc.frontend.findings import Stop, nearest, plural
from polyc.frontend.functions import FORMS, FUNCTIONS
from polyc.frontend.integers import Int
from polyc.frontend.program import (
    COMPARISONS,
    Binary,
    BinaryOp,
    Call,
    Cast,
    Const,
    Expr,
    Index,
    Load,
    Select,
    Subscript,
    Unary,
)  # fmt: skip
from polyc.frontend.promotion import Typed, coerce, common, constant, natural
from polyc.frontend.scope import Scope, TensorInfo


@dataclass(frozen=True, slots=True)
class Reading:
    """One access of a right-hand side, as range inference sees it.

    `subs` has None where the subscript depends on data. `binds` says which dimensions bound their
    variables: all of a plain read, the plain variables of a `pad`, none under an affine `?:`.
    """

    info: TensorInfo
    subs: tuple[Int | None, ...]
    extents: tuple[Int, ...]
    binds: tuple[bool, ...]
    span: Span
    spans: tuple[Span, ...]


@dataclass(slots=True)
class Values:
    """Lowers the values of one statement and collects its reads."""

    names: Names
    wide: bool = False  # int8 and uint8 compute in int32: the products of a reduction
    guarded: bool = False  # under an affine condition
    reads: list[Reading] = field(default_factory=list)

    @property
    def scope(self) -> Scope:
        return self.names.scope

    def value(self, e: syn.Exp) -> Typed:
        """The typed value of an expression; raises Stop after recording an error."""
        match e:
            case syn.Number(text, span):
                return self._number(text, span)
            case syn.Name():
                return self._name(e)
            case syn.SizeOf():
                return Typed(Index(size_of(e, self.scope), INT64), None, "index")
            case syn.Apply():
                return self._apply(e)
            case syn.Prefix(op, x):
                return self._prefix(op, self.value(x))
            case syn.Infix("&&" | "||" as op, x, y):
                return Typed(Binary(op, self._bool(x), self._bool(y), BOOL), BOOL)
            case syn.Infix(op, x, y, span) if op in COMPARISONS:
                return self._compare(op, self.value(x), self.value(y), span)
            case syn.Infix(op, x, y, span):
                return self._arithmetic(op, self.value(x), self.value(y), span)
            case syn.Conditional(c, a, b):
                return self._choose(c, a, b)
            case _:
                assert_never(e)

    # ---- leaves
    def _number(self, text: str, span: Span) -> Typed:
        if text.isdigit():
            if len(text) > 19 or int(text) >= 2**64:
                raise self.scope.findings.stop(
                    "E063",
                    "the integer does not fit 64 bits",
                    span,
                    "write a float: a number with a point",
                )
            return Typed(Const(int(text), INT32), None, "int")
        number = float(text)
        if number == float("inf"):
            raise self.scope.findings.stop(
                "E063", f"`{text[:40]}` is too large for a float", span, "float64 reaches 1.8e308"
            )
        return Typed(Const(number, FLOAT32), None, "float")

    def _name(self, e: syn.Name) -> Typed:
        names, scope = self.names, self.scope
        if e.id in names.lets:
            try:
                return expand(e.id, names, lambda x, _: self.value(x), e.span)
            except NotAffine as why:
                raise refuse(why, "value", scope) from None
        if e.id in scope.consts:
            return Typed(Const(scope.consts[e.id], INT32), None, "int")
        if e.id in scope.tensors:
            return self._load(scope.tensors[e.id], (), e.span, pad=False)
        try:
            return Typed(Index(affine(e, names), INT64), None, "index")
        except NotAffine as why:
            if e.id in FUNCTIONS or e.id in FORMS:
                raise scope.findings.stop("E013", f"`{e.id}` is a function and needs its arguments",
                                          e.span, f"write `{e.id}(...)`") from None  # fmt: skip
            raise refuse(why, "value", scope) from None

    # ---- accesses, calls, casts
    def _apply(self, e: syn.Apply) -> Typed:
        if e.id in self.scope.tensors:
            return self._load(self.scope.tensors[e.id], e.args, e.span, pad=False)
        dtype = ALIASES.get(e.id) or DTYPES.get(e.id)
        if dtype:
            self._arity(e, 1)
            return self._cast(self.value(e.args[0]), dtype, e.span)
        if e.id in FORMS:
            self._arity(e, FORMS[e.id])
            return self._pad(e) if e.id == "pad" else self._choose(*e.args)
        if e.id in FUNCTIONS:
            self._arity(e, FUNCTIONS[e.id].arity)
            return self._call(e)
        if e.id in self.scope.later:
            raise self._too_early(e.id, e.span)
        known = (*self.scope.tensors, *FUNCTIONS, *FORMS)
        raise self.scope.findings.stop(
            "E012",
            f"`{e.id}` is neither a tensor nor a function",
            e.name_span,
            nearest(e.id, known) or "a tensor of a definition is a parameter or written first",
        )

    def _arity(self, e: syn.Apply, count: int) -> None:
        if len(e.args) != count:
            raise self.scope.findings.stop(
                "E013",
                f"`{e.id}` takes {plural(count, 'argument')}, found {len(e.args)}",
                e.span,
                "give each argument once",
            )

    def _load(self, info: TensorInfo, args: tuple[syn.Exp, ...], span: Span, pad: bool) -> Typed:
        f = self.scope.findings
        if info.broken:
            raise Stop()
        if info.shape is None or info.dtype is None:
            raise self._too_early(info.user, span)
        if len(args) != len(info.shape):
            raise f.stop(
                "E020",
                f"`{info.user}` has {plural(len(info.shape), 'dimension')}, "
                f"found {plural(len(args), 'subscript')}",
                span,
                "a tensor has one subscript for each dimension",
            )
        subs = tuple(self._subscript(a) for a in args)
        exact = tuple(s if isinstance(s, Int) else None for s in subs)
        plain = tuple(s is not None and is_variable(s, self.names) for s in exact)
        binds = tuple(
            s is not None and not self.guarded and (p or not pad)
            for s, p in zip(exact, plain, strict=True)
        )
        extents = tuple(map(self.scope.resolve, info.shape))
        spans = tuple(a.span for a in args)
        self.reads.append(Reading(info, exact, extents, binds, span, spans))
        load = Load(info.name, subs, info.dtype)
        kind = INT32 if self.wide and info.dtype.bits == 8 and info.dtype.is_integer else info.dtype
        want = compute_dtype(kind)
        return Typed(load if want == info.dtype else Cast(load, want), kind)

    def _too_early(self, name: str, span: Span) -> Stop:
        return self.scope.findings.stop(
            "E053",
            f"`{name}` is read before anything wrote it",
            span,
            "write it first, or declare it: an input, or for a recurrence the output's type and "
            "shape, as in `-> (float(N) x)`",
        )

    def _subscript(self, e: syn.Exp) -> Subscript:
        try:
            return affine(e, self.names)
        except NotAffine as why:
            if why.why != "data":
                raise refuse(why, "subscript", self.scope) from None
        t = self.value(e)
        if not (natural(t).is_integer):
            raise self.scope.findings.stop(
                "E021",
                f"subscript is not an integer: it is {natural(t)}",
                e.span,
                "cast it: `int64(...)`",
            )
        return coerce(t, INT64)

    def _pad(self, e: syn.Apply) -> Typed:
        inner, fill = e.args
        f = self.scope.findings
        if not isinstance(inner, syn.Apply) or inner.id not in self.scope.tensors:
            raise f.stop(
                "E017",
                "the first argument of `pad` must be an access of a tensor",
                inner.span,
                "write `pad(X(i - 1), 0)`",
            )
        info = self.scope.tensors[inner.id]
        load = self._load(info, inner.args, inner.span, pad=True)
        reading = self.reads[-1]
        inside: Expr | None = None
        for s, n, binds in zip(reading.subs, reading.extents, reading.binds, strict=True):
            if s is None:
                raise f.stop(
                    "E022",
                    "a subscript inside `pad` cannot depend on data",
                    inner.span,
                    "the check of a gather happens at the call",
                )
            if not binds:
                at, low, high = Index(s, INT64), Const(0, INT64), Index(n, INT64)
                both = Binary("&&", Binary(">=", at, low, BOOL), Binary("<", at, high, BOOL), BOOL)
                inside = both if inside is None else Binary("&&", inside, both, BOOL)
        value = self.value(fill)
        dtype = common(load, value)
        if inside is None:
            return load
        return Typed(
            Select(inside, coerce(load, dtype), coerce(value, dtype), compute_dtype(dtype)), dtype
        )

    def _cast(self, t: Typed, dtype: Dtype, span: Span) -> Typed:
        if natural(t).is_complex and not dtype.is_complex:
            raise self.scope.findings.stop(
                "E060", f"a complex value cannot become {dtype}", span, "declare a complex output"
            )
        want = compute_dtype(dtype)
        if isinstance(t.expr, Const) and t.weak:
            made = constant(t.expr.value, dtype)
        else:
            made = Cast(coerce(t, natural(t)), dtype)
        return Typed(made if want == dtype else Cast(made, want), dtype)

    def _call(self, e: syn.Apply) -> Typed:
        fn, args = FUNCTIONS[e.id], [self.value(a) for a in e.args]
        dtype = natural(args[0])
        for k in range(1, len(args)):
            dtype = common(
                Typed(args[0].expr, dtype) if args[k - 1].type or k > 1 else args[0], args[k]
            )
        if any(natural(a).is_complex for a in args):
            raise self.scope.findings.stop(
                "E060",
                f"`{e.id}` is not defined for complex numbers",
                e.span,
                "complex numbers have `+ - * /`",
            )
        if fn.result == "float" and not dtype.is_float:
            dtype = FLOAT32
        if dtype == BOOL and fn.result == "same":
            dtype = INT32
        lowered = tuple(coerce(a, dtype) for a in args)
        if e.id in ("min", "max"):
            x, y = lowered
            which: BinaryOp = "min" if e.id == "min" else "max"
            return Typed(Binary(which, x, y, compute_dtype(dtype)), dtype)
        if fn.result == "bool":
            return Typed(Call(e.id, lowered, BOOL), BOOL)
        return Typed(Call(e.id, lowered, compute_dtype(dtype)), dtype)

    # ---- operators
    def _prefix(self, op: str, x: Typed) -> Typed:
        if op == "!":
            return Typed(Unary("!", truth(x), BOOL), BOOL)
        if x.type == BOOL:
            x = Typed(coerce(x, INT32), INT32)
        if op == "+":
            return x
        match x.expr:
            case Const(int() | float() as value) if x.weak:
                return Typed(Const(-value, x.expr.dtype), None, x.weak)
            case Index(expr) if x.weak:
                return Typed(Index(-expr, INT64), None, "index")
            case expr:
                return Typed(Unary("-", expr, expr.dtype), x.type)

    def _compare(self, op: str, x: Typed, y: Typed, span: Span) -> Typed:
        dtype = common(x, y)
        if x.weak in ("int", "index") and y.weak in ("int", "index"):
            dtype = INT64
        elif x.type == BOOL and y.type == BOOL:
            dtype = BOOL
        if dtype.is_complex and op not in ("==", "!="):
            raise self.scope.findings.stop(
                "E060", "complex numbers have no order", span, "compare real numbers"
            )
        return Typed(Binary(op, coerce(x, dtype), coerce(y, dtype), BOOL), BOOL)  # type: ignore[arg-type]

    def _arithmetic(self, op: str, x: Typed, y: Typed, span: Span) -> Typed:
        if x.weak and y.weak:
            folded = self._fold(op, x, y, span)
            if folded:
                return folded
        dtype = common(x, y)
        if op == "%" and dtype.is_complex:
            raise self.scope.findings.stop(
                "E060",
                "`%` is not defined for complex numbers",
                span,
                "complex numbers have `+ - * /`",
            )
        if op == "%" and dtype.is_float:
            return Typed(
                Call("fmod", (coerce(x, dtype), coerce(y, dtype)), compute_dtype(dtype)), dtype
            )
        out = Binary(op, coerce(x, dtype), coerce(y, dtype), compute_dtype(dtype))  # type: ignore[arg-type]
        return Typed(out, dtype)

    def _fold(self, op: str, x: Typed, y: Typed, span: Span) -> Typed | None:
        """Constants and indices combined at compile time, or None if the values decide."""
        a, b = _number_of(x), _number_of(y)
        if not (isinstance(a, Int) and isinstance(b, Int)):
            return _fold_floats(op, a, b)
        weak = "int" if x.weak == y.weak == "int" else "index"
        if op in ("/", "%"):
            return self._quotient(op, a, b, span)
        if op == "*" and not (a.is_const or b.is_const):
            return None
        made = a + b if op == "+" else a - b if op == "-" else a * b
        if weak == "int":
            return Typed(Const(made.value, INT32), None, "int")
        return Typed(Index(made, INT64), None, "index")

    def _quotient(self, op: str, a: Int, b: Int, span: Span) -> Typed | None:
        f = self.scope.findings
        if b.is_const and b.value == 0:
            raise f.stop("E062", "division by zero", span, "divide by a number other than 0")
        if a.is_const and a.value and op == "/" and (not b.is_const or abs(a.value) < abs(b.value)):
            shown = self.scope.show(a), self.scope.show(b)
            raise f.stop(
                "E061",
                f"the integer quotient {shown[0]}/{shown[1]} is always 0",
                span,
                f"write `{shown[0]}.0/{shown[1]}` for a float",
            )
        if not (a.is_const and b.is_const):
            return None
        q = abs(a.value) // abs(b.value) * (1 if (a.value < 0) == (b.value < 0) else -1)
        return Typed(Const(q if op == "/" else a.value - q * b.value, INT32), None, "int")

    # ---- choices
    def _choose(self, c: syn.Exp, a: syn.Exp, b: syn.Exp) -> Typed:
        cond = condition(c, self.names)
        if cond is None:
            test, before = self._bool(c), self.guarded
        else:
            test, before = cond, self.guarded
            self.guarded = True
        x, y = self.value(a), self.value(b)
        self.guarded = before
        dtype = BOOL if x.type == BOOL and y.type == BOOL else common(x, y)
        return Typed(Select(test, coerce(x, dtype), coerce(y, dtype), compute_dtype(dtype)), dtype)

    def _bool(self, e: syn.Exp) -> Expr:
        cond = condition(e, self.names)
        return truth(self.value(e)) if cond is None else cond


def _number_of(t: Typed) -> Int | float | None:
    match t.expr:
        case Const(int() as value):
            return Int.of(int(value))
        case Const(float() as value):
            return value
        case Index(expr):
            return expr
        case _:
            return None


def _fold_floats(op: str, a: Int | float | None, b: Int | float | None) -> Typed | None:
    if a is None or b is None or any(isinstance(v, Int) and not v.is_const for v in (a, b)):
        return None
    p, q = (v.value if isinstance(v, Int) else v for v in (a, b))
    if op == "%" or (op == "/" and q == 0):
        return None
    made = {"+": p + q, "-": p - q, "*": p * q}.get(op) if op != "/" else p / q
    return Typed(Const(float(made), FLOAT32), None, "float")  # type: ignore[arg-type]
