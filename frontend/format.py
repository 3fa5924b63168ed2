"""Text -> its canonical text: one spacing, no needless brackets, comments at their statements.

def f ( float(N) X )->(Y){Y(i)=(X(i)*2)}  # twice     becomes     def f(float(N) X) -> (Y) {
                                                                    Y(i) = X(i) * 2
                                                                  }  # twice
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import assert_never

from polyc.frontend import syntax as syn
from polyc.frontend.einsum_spec import parse_spec
from polyc.frontend.findings import Findings
from polyc.frontend.parse import parse
from polyc.frontend.spell import brackets, clause, declare, expression
from polyc.frontend.text import is_einsum

WIDTH = 100
INDENT = "  "
Place = tuple[int, int]  # line and column, from 1


def format_text(text: str) -> str:
    """The canonical text, which means the same. Ends with a line break, but an einsum string.

    Names, the order of statements, comments and single empty lines stay; `;` becomes a line break.
    Raises LanguageError for a text outside the grammar; what its names mean is not looked at.

    >>> print(format_text("O [i]+=(A[i,j] *B [j])where j<=i ;"), end="")
    O[i] += A[i,j] * B[j] where j <= i
    """
    findings = Findings(text)
    if not re.sub(r"#[^\n]*", "", text).strip():
        return text
    if is_einsum(text):
        parse_spec(text, None, findings)
        return re.sub(r"\s", "", text)
    lines = _lines(parse(text, findings), text)
    return "".join(f"{line}\n" for line in _printed(_with_comments(lines, text)))


@dataclass(frozen=True, slots=True)
class _Line:
    """A header, a statement or a `}`. Its no-break spaces are no places for a line break."""

    text: str
    level: int
    at: Place
    apart: bool = False  # an empty line stands before it
    comment: str = ""


@dataclass(slots=True)
class _Writer:
    """Lists the lines of a module in their order."""

    style: str  # brackets of accesses: "()" or "[]"
    closers: Iterator[Place]
    lines: list[_Line] = field(default_factory=list)

    def put(self, text: str, level: int, line: int, column: int) -> None:
        self.lines.append(_Line(text, level, (line, column)))

    def definition(self, d: syn.Def) -> None:
        params = ", ".join(declare(p) for p in d.params)
        returns = ", ".join(declare(r) for r in d.returns)
        self.put(f"def\xa0{d.name}({params}) -> ({returns})\xa0{{", 0, d.span.line, d.span.column)
        self.lines[-1] = replace(self.lines[-1], apart=len(self.lines) > 1)
        self.block(d.body, 1)

    def block(self, body: tuple[syn.Item, ...], level: int) -> None:
        for item in body:
            self.item(item, level)
        self.put("}", level - 1, *next(self.closers))

    def item(self, item: syn.Item, level: int) -> None:
        line, column = item.span.line, item.span.column
        match item:
            case syn.Assign():
                self.put(self.assign(item), level, line, column)
            case syn.CallDef(targets, fn, args):
                left = ", ".join(t.id for t in targets)
                right = ", ".join(expression(a, self.style) for a in args)
                self.put(f"({left}) = {fn}({right})", level, line, column)
            case syn.For(var, lo, hi, body):
                header = clause(syn.InRange(var, lo, hi, item.span), self.style)
                self.put(f"for\xa0{header}\xa0{{", level, line, column)
                self.block(body, level + 1)
            case syn.Expect() | syn.ExpectTensor() | syn.Declare():
                raise AssertionError("made by inlining only")
            case _:
                assert_never(item)

    def assign(self, a: syn.Assign) -> str:
        left = a.tensor + (brackets(a.subs, self.style) if a.subs else "")
        value = expression(a.value, self.style)
        where = ", ".join(clause(c, self.style) for c in a.where)
        text = f"{left} {a.op}={'!' * a.init} {value}"
        return f"{text} where {where}" if where else text


def _lines(module: syn.Module, text: str) -> list[_Line]:
    ends = [(m.group(), place) for m, place in _matches(r"#[^\n]*|\}", text)]
    closers = iter([place for found, place in ends if found == "}"])
    if isinstance(module, syn.Bracket):
        writer = _Writer("[]", closers)
        for item in module.body:
            writer.item(item, 0)
    else:
        writer = _Writer("()", closers)
        for d in module:
            writer.definition(d)
    return writer.lines


def _matches(pattern: str, text: str) -> Iterator[tuple[re.Match[str], Place]]:
    line, start = 1, 0
    for m in re.finditer(rf"{pattern}|\n", text):
        if m.group() == "\n":
            line, start = line + 1, m.end()
        else:
            yield m, (line, m.start() - start + 1)


def _with_comments(lines: list[_Line], text: str) -> list[_Line]:
    """The lines with every comment of the text beside or before its statement."""
    source = text.split("\n")
    out = [_apart(x, source) for x in lines]
    for m, (line, column) in _matches(r"#[^\n]*", text):
        comment = m.group().rstrip()
        alone = not source[line - 1][: column - 1].strip()
        after = bisect_right(out, (line, column), key=lambda x: x.at)
        own = _own_line(comment, out, after, (line, column))
        if alone or not after:
            out.insert(after, _apart(own, source))
        elif not out[after - 1].comment and not out[after - 1].text.startswith("#"):
            out[after - 1] = replace(out[after - 1], comment=comment)
        else:  # of a statement over several lines, each with a comment
            before = out[after - 1]
            out.insert(
                after - 1, replace(own, text=before.comment, at=before.at, level=before.level)
            )
            out[after] = replace(before, comment=comment)
    return out


def _own_line(comment: str, out: list[_Line], after: int, at: Place) -> _Line:
    below = out[after] if after < len(out) else None
    level = 0 if below is None else below.level + (below.text == "}")
    return _Line(comment, level, at)


def _apart(x: _Line, source: list[str]) -> _Line:
    empty = x.at[0] > 1 and not source[x.at[0] - 2].strip()
    return replace(x, apart=x.apart or empty)


def _printed(lines: list[_Line]) -> Iterator[str]:
    previous = None
    for x in lines:
        opened = previous is not None and previous.text.endswith("{")
        if x.apart and previous is not None and not opened and x.text != "}":
            yield ""
        *first, last = _wrapped(x)
        yield from first
        yield f"{last}  {x.comment}" if x.comment else last
        previous = x


def _wrapped(x: _Line) -> list[str]:
    """The line within WIDTH columns: broken before `where`, else at any space."""
    start = INDENT * x.level
    whole = start + x.text
    if len(whole) <= WIDTH or x.text.startswith("#"):
        return [whole.replace("\xa0", " ")]
    head, where, clauses = x.text.partition(" where ")
    parts = [head, f"where\xa0{clauses}"] if where else [head]
    lines: list[str] = []
    for part in parts:
        line = start + INDENT * 2 * bool(lines)
        empty = True
        for word in part.split(" "):
            if not empty and len(line) + len(word) >= WIDTH:
                lines.append(line)
                line, empty = start + INDENT * 2, True
            line += word if empty else f" {word}"
            empty = False
        lines.append(line)
    return [line.replace("\xa0", " ") for line in lines]
