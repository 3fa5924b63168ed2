"""Calls of definitions, replaced by the statements of the definition.

def f(float(N) X) -> (Y) { T(i) = X(i)      (Z) = f(A)   becomes   f_T(i) = A(i)
                           Y(i) = T(i) }                           Z(i) = f_T(i)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from polyc.errors import Span
from polyc.frontend import syntax as syn
from polyc.frontend.findings import Findings, Stop, nearest, plural
from polyc.frontend.limits import STATEMENTS


@dataclass(slots=True)
class _Inliner:
    defs: Mapping[str, syn.Def]
    findings: Findings
    taken: set[str]
    statements: int = 0

    def items(
        self, items: tuple[syn.Item, ...], depth: int, callers: tuple[str, ...]
    ) -> tuple[syn.Item, ...]:
        """The items with calls expanded; `depth` counts the enclosing `for` blocks."""
        out: list[syn.Item] = []
        for item in items:
            self.statements += 1
            if self.statements > STATEMENTS:
                self.findings.add(
                    "E005",
                    f"with its calls inlined the text has more than {STATEMENTS} statements",
                    item.span,
                    "call fewer definitions",
                )
                self.findings.check()
            match item:
                case syn.For():
                    out.append(replace(item, body=self.items(item.body, depth + 1, callers)))
                case syn.CallDef():
                    try:
                        out += self.call(item, depth, callers)
                    except Stop:
                        continue
                case _:
                    out.append(item)
        return tuple(out)

    def call(self, c: syn.CallDef, depth: int, callers: tuple[str, ...]) -> tuple[syn.Item, ...]:
        """The statements of one call."""
        d = self.callee(c, callers)
        renamed: dict[str, syn.Exp] = {}
        checks: list[syn.Item] = []
        for p, a in zip(d.params, c.args, strict=True):
            self.argument(p, a, renamed, checks)
        for r, t in zip(d.returns, c.targets, strict=True):
            renamed[r.name] = t
        local = {a.tensor for a in syn.assigns(d.body)} | {
            t.id for i in d.body if isinstance(i, syn.CallDef) for t in i.targets
        }
        for name in sorted(local - renamed.keys()):
            renamed[name] = syn.Name(self.fresh(f"{d.name}_{name}"), c.span)
        sub = _Substitute(renamed, depth)
        for r in d.returns:
            if r.type is not None:
                dims = None if r.dims is None else tuple(sub.exp(e) for e in r.dims)
                target = renamed[r.name]
                assert isinstance(target, syn.Name)
                checks.append(syn.Declare(target.id, r.type, dims, c.span))
        first: set[str] = set()
        body = tuple(sub.item(i, first) for i in d.body)
        return (*checks, *self.items(body, depth, (*callers, d.name)))

    def callee(self, c: syn.CallDef, callers: tuple[str, ...]) -> syn.Def:
        f, d = self.findings, self.defs.get(c.fn)
        if d is None:
            raise f.stop(
                "E010",
                f"unknown definition `{c.fn}`",
                c.fn_span,
                nearest(c.fn, self.defs) or "define it above",
            )
        if c.fn in callers:
            raise f.stop(
                "E016", f"`{c.fn}` calls itself", c.fn_span, "definitions cannot be recursive"
            )
        for what, found, wanted in (
            ("argument", len(c.args), len(d.params)),
            ("result", len(c.targets), len(d.returns)),
        ):
            if found != wanted:
                raise f.stop(
                    "E013",
                    f"`{c.fn}` has {plural(wanted, what)}, found {found}",
                    c.span,
                    f"it is `({_names(d.returns)}) = {c.fn}({_names(d.params)})`",
                )
        return d

    def argument(
        self, p: syn.Declare, a: syn.Exp, renamed: dict[str, syn.Exp], checks: list[syn.Item]
    ) -> None:
        """Binds one parameter; the sizes it introduces become the extents of the argument."""
        if p.dims is None:
            same = isinstance(a, (syn.Name, syn.Number)) or p.type is None
            renamed[p.name] = a if same else syn.Apply(p.type or "", (a,), a.span, a.span)
            return
        if not isinstance(a, syn.Name):
            raise self.findings.stop(
                "E017",
                f"`{p.name}` is a tensor: its argument must be the name of one",
                a.span,
                "write the expression as a statement of its own",
            )
        renamed[p.name] = a
        checks.append(syn.ExpectTensor(a.id, p, a.span))
        for k, e in enumerate(p.dims):
            extent = syn.SizeOf(a.id, k, a.span)
            if isinstance(e, syn.Name) and e.id not in renamed:
                renamed[e.id] = extent
            else:
                checks.append(syn.Expect(extent, _Substitute(renamed, 0).exp(e), a.span))

    def fresh(self, wanted: str) -> str:
        name, k = wanted, 1
        while name in self.taken:
            k += 1
            name = f"{wanted}_{k}"
        self.taken.add(name)
        return name


@dataclass(slots=True)
class _Substitute:
    """Renames the parameters, results and temporaries of a definition in its body."""

    table: Mapping[str, syn.Exp]
    depth: int

    def exp(self, e: syn.Exp) -> syn.Exp:
        match e:
            case syn.Name(name) if name in self.table:
                return self.table[name]
            case syn.SizeOf(tensor, dim, span):
                return syn.SizeOf(self.tensor(tensor), dim, span)
            case syn.Apply(name, args, span, at):
                return syn.Apply(self.tensor(name), tuple(map(self.exp, args)), span, at)
            case syn.Prefix(op, x, span):
                return syn.Prefix(op, self.exp(x), span)
            case syn.Infix(op, x, y, span):
                return syn.Infix(op, self.exp(x), self.exp(y), span)
            case syn.Conditional(c, a, b, span):
                return syn.Conditional(self.exp(c), self.exp(a), self.exp(b), span)
            case _:
                return e

    def tensor(self, name: str) -> str:
        new = self.table.get(name)
        return new.id if isinstance(new, syn.Name) else name

    def item(self, item: syn.Item, first: set[str]) -> syn.Item:
        match item:
            case syn.Assign():
                fresh = item.tensor not in first
                first.add(item.tensor)
                return replace(
                    item,
                    tensor=self.tensor(item.tensor),
                    subs=tuple(map(self.exp, item.subs)),
                    value=self.exp(item.value),
                    where=tuple(map(self.clause, item.where)),
                    depth=max(item.depth, self.depth),
                    fresh=fresh or item.fresh,
                )
            case syn.For():
                body = tuple(self.item(i, first) for i in item.body)
                return replace(item, lo=self.exp(item.lo), hi=self.exp(item.hi), body=body)
            case syn.CallDef():
                targets = tuple(syn.Name(self.tensor(t.id), t.span) for t in item.targets)
                first.update(t.id for t in item.targets)
                return replace(item, targets=targets, args=tuple(map(self.exp, item.args)))
            case _:
                return item

    def clause(self, c: syn.Clause) -> syn.Clause:
        match c:
            case syn.InRange(name, lo, hi, span):
                return syn.InRange(name, self.exp(lo), self.exp(hi), span)
            case syn.Let(name, value, span):
                return syn.Let(name, self.exp(value), span)
            case syn.Constraint(cond, span):
                return syn.Constraint(self.exp(cond), span)


def inline(d: syn.Def, defs: Mapping[str, syn.Def], findings: Findings) -> syn.Def:
    """The definition with every call expanded; errors are left in the findings."""
    if not _calls(d.body):
        return d
    taken = {p.name for p in (*d.params, *d.returns)} | {a.tensor for a in syn.assigns(d.body)}
    inliner = _Inliner(defs, findings, taken)
    return replace(d, body=inliner.items(d.body, 0, (d.name,)))


def _calls(items: tuple[syn.Item, ...]) -> bool:
    return any(
        isinstance(i, syn.CallDef) or (isinstance(i, syn.For) and _calls(i.body)) for i in items
    )


__all__ = ["Span", "inline"]


def _names(declared: tuple[syn.Declare, ...]) -> str:
    return ", ".join(x.name for x in declared)
