"""Text -> Syntax, for definitions and the bracket form."""

from __future__ import annotations

import re
from typing import Any

import lark

from polyc.errors import Span
from polyc.frontend import syntax as syn
from polyc.frontend.findings import Findings, nearest
from polyc.frontend.grammar import parser
from polyc.frontend.limits import DEPTH, STATEMENTS

KEYWORDS = ("def", "for", "in", "where")

# What a user calls the terminals that may come next.
SPELLED = {
    "NAME": "a name", "APPLY": "a name", "SIZEOF": "a size", "NUMBER": "a number",
    "TYPE": "a type", "ASSIGN": "`=` or `op=`", "OPEN": "`(`", "CLOSE": "`)`",
    "LBRACE": "`{`", "RBRACE": "`}`", "COMMA": "`,`", "COLON": "`:`",
    "SEMICOLON": "`;`", "QMARK": "`?`", "_DEF": "`def`", "_FOR": "`for`", "_IN": "`in`",
    "_WHERE": "`where`", "$END": "the end", "SIGN": "an operator", "MUL": "an operator",
    "RELOP": "an operator", "AND": "an operator", "OR": "an operator", "NOT": "an expression",
}  # fmt: skip
CLOSES = {")": "(", "]": "[", "}": "{"}
OPERATORS = ("an operator", "`where`", "`?`", "`;`")


def parse(text: str, findings: Findings) -> syn.Module:
    """Parses definitions (a text that starts with `def`) or the bracket form.

    Raises LanguageError for a text outside the grammar or its limits.
    """
    _limits(text, findings)
    start = "program" if re.match(r"(\s|#[^\n]*\n)*def(?!\w)", text) else "bracket"
    try:
        tree = parser().parse(text, start=start)
    except lark.exceptions.UnexpectedInput as e:
        _report(e, text, findings, start)
        raise findings.error() from None
    module = _Build(findings).visit(tree)
    findings.check()
    return module


def _limits(text: str, findings: Findings) -> None:
    stack: list[str] = []
    line, start = 1, 0
    for m in re.finditer(r"[(\[{]|[)\]}]|\n|#[^\n]*", text):
        c, at = m.group()[0], Span(line, m.start() - start + 1)
        if c == "\n":
            line, start = line + 1, m.end()
        elif c in CLOSES.values():
            stack.append(c)
            if len(stack) > DEPTH:
                findings.add(
                    "E006",
                    f"brackets are nested deeper than {DEPTH}",
                    at,
                    "write a part of it as a statement of its own",
                )
                findings.check()
        elif c in CLOSES and (not stack or stack.pop() != CLOSES[c]):
            findings.add("E003", f"`{c}` closes no `{CLOSES[c]}`", at, "balance the brackets")
            findings.check()


def _report(e: lark.exceptions.UnexpectedInput, text: str, findings: Findings, start: str) -> None:
    match e:
        case lark.exceptions.UnexpectedCharacters():
            _bad_character(text, _position(e), Span(e.line, e.column), findings)
        case lark.exceptions.UnexpectedToken() if e.token.type == "$END":
            lines = text.rstrip().split("\n")
            at = Span(len(lines), max(1, len(lines[-1])))
            findings.add(
                "E004",
                f"the text ends here, but {_expected(e, start)} must follow",
                at,
                "finish the statement",
            )
        case lark.exceptions.UnexpectedToken():
            word = str(e.token)
            at = Span(e.line, e.column, len(word))
            findings.add(
                "E003", f"found `{word}`, expected {_expected(e, start)}", at, _hint(word, e)
            )
        case _:
            findings.add("E004", "the text ends too early", Span(1, 1), "finish the statement")


def _position(e: lark.exceptions.UnexpectedInput) -> int:
    position: int | None = e.pos_in_stream  # lark's annotation knows only one of the two
    return position or 0


def _bad_character(text: str, position: int, at: Span, findings: Findings) -> None:
    c = text[position : position + 1]
    name = c if c.isprintable() else f"U+{ord(c):04X}" if c else "the end"
    if word := re.match(r"[0-9][0-9.]*[A-Za-z_0-9]+", text[position:]):
        at = Span(at.line, at.column, len(word.group()))
        findings.add(
            "E002",
            f"`{word.group()[:40]}` is neither a number nor a name",
            at,
            "a name starts with a letter; a product needs `*`",
        )
    else:
        ascii_only = "names and operators are plain ASCII" if ord(c or "a") > 127 else "remove it"
        findings.add("E002", f"unexpected character `{name}`", at, ascii_only)


def _expected(e: lark.exceptions.UnexpectedToken, start: str) -> str:
    # The table of the parser is shared: the bracket form has no blocks.
    terminals = sorted(
        e.expected - ({"RBRACE", "LBRACE", "_FOR", "_DEF"} if start == "bracket" else {"$END"})
    )
    words = list(dict.fromkeys(SPELLED.get(t, f"`{t}`") for t in terminals))
    if len(words) > 4:  # the certain ones say more than what could also go on an expression
        words = [w for w in words if w not in OPERATORS] or words
    if len(words) > 6:
        words = ["an expression"] if "a number" in words else words[:6]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def _hint(word: str, e: lark.exceptions.UnexpectedToken) -> str:
    if e.token.type == "APPLY" and nearest(word, KEYWORDS):
        return nearest(word, KEYWORDS)
    if e.token.type == "OPEN":
        return "the bracket of an access stands on the line of its name"
    if e.token.type == "ASSIGN" and "RELOP" in e.expected:
        return "a comparison is written `==`"
    if word == "for":
        return "a `for` block stands inside a `def`"
    if word in KEYWORDS or e.token.type == "TYPE":
        return f"`{word}` is a word of the language; use another name"
    return nearest(word, KEYWORDS)


def join(a: Span, b: Span) -> Span:
    """From the start of a to the end of b (of the line, if b is on a later one)."""
    same = a.line == b.line
    return Span(a.line, a.column, b.column + b.length - a.column if same else 1_000_000)


def _span(t: lark.Token) -> Span:
    return Span(t.line or 1, t.column or 1, len(t))


class _Build:
    """Turns lark's tree into Syntax; depth is bounded by `DEPTH` before it recurses."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.statements = 0

    def visit(self, tree: Any) -> syn.Module:
        if tree.data == "bracket":
            return syn.Bracket(tuple(self.item(t) for t in tree.children))
        return tuple(self.definition(t) for t in tree.children)

    def definition(self, tree: Any) -> syn.Def:
        name, *rest = tree.children
        token = name.children[0]
        parts = [t for t in rest if isinstance(t, lark.Tree)]
        params = tuple(self.declare(t) for t in parts if t.data.endswith("_param"))
        returns = tuple(self.declare(t) for t in parts if t.data.endswith("_ret"))
        body = tuple(self.item(t.children[0]) for t in parts if t.data == "item")
        return syn.Def(str(token), params, returns, body, _span(token))

    def declare(self, tree: Any) -> syn.Declare:
        name = tree.children[-1]
        kind = None if tree.data == "plain_ret" else str(tree.children[0])
        dims = self.dims(tree.children[1]) if tree.data.startswith("tensor") else None
        return syn.Declare(str(name), kind, dims, _span(name))

    def item(self, tree: Any) -> syn.Item:
        self.statements += 1
        first = _first(tree)
        if self.statements > STATEMENTS:
            raise self._limit("E005", f"the text has more than {STATEMENTS} statements", first)
        match tree.data:
            case "for_":
                var, lo, hi, *body = tree.children
                items = tuple(self.item(t.children[0]) for t in body)
                return syn.For(str(var), self.exp(lo), self.exp(hi), items, _span(var))
            case "assign":
                return self.assign(*tree.children)
            case _:
                return self.call(tree)

    def assign(self, lhs: Any, sign: lark.Token, value: Any, where: Any) -> syn.Assign:
        name = lhs.children[0]
        subs = self.dims(lhs.children[1]) if len(lhs.children) > 1 else ()
        op = str(sign).replace(" ", "").replace("\t", "")
        at = join(_span(name), _end(lhs))
        exp = self.exp(value)
        clauses = () if where is None else tuple(self.clause(c) for c in where.children)
        op, init = op.split("=")[0], op.endswith("!")
        return syn.Assign(str(name), subs, op, init, exp, clauses, join(at, exp.span), at)

    def call(self, tree: Any) -> syn.CallDef:
        parts = [t for t in tree.children if t is not None and not _is_bracket(t)]
        at = next(k for k, t in enumerate(parts) if getattr(t, "type", "") == "ASSIGN")
        targets = tuple(syn.Name(str(t), _span(t)) for t in parts[:at])
        if parts[at] != "=":
            self.findings.add(
                "E003",
                f"found `{parts[at]}`, expected `=`",
                _span(parts[at]),
                "a call of a definition is assigned with `=`",
            )
        fn, args = parts[at + 1], self.dims(parts[at + 2])
        return syn.CallDef(
            targets,
            str(fn),
            args,
            join(targets[0].span if targets else _span(fn), _span(fn)),
            _span(fn),
        )

    def clause(self, tree: Any) -> syn.Clause:
        parts = tree.children
        match tree.data:
            case "in_range":
                lo, hi = self.exp(parts[1]), self.exp(parts[2])
                return syn.InRange(str(parts[0]), lo, hi, join(_span(parts[0]), hi.span))
            case "let":
                if parts[1] != "=":
                    self.findings.add(
                        "E003",
                        f"found `{parts[1]}`, expected `=`",
                        _span(parts[1]),
                        "a name in `where` is given by `=`",
                    )
                value = self.exp(parts[2])
                return syn.Let(str(parts[0]), value, join(_span(parts[0]), value.span))
            case _:
                cond = self.exp(parts[0])
                return syn.Constraint(cond, cond.span)

    def dims(self, tree: Any) -> tuple[syn.Exp, ...]:
        return tuple(self.exp(t) for t in tree.children if t is not None and not _is_bracket(t))

    def exp(self, tree: Any, depth: int = 0) -> syn.Exp:
        if depth > 2 * DEPTH:
            first = _first(tree)
            raise self._limit("E006", f"the expression has more than {2 * DEPTH} levels", first)
        parts = tree.children
        match tree.data:
            case "number":
                return syn.Number(str(parts[0]), _span(parts[0]))
            case "variable":
                return syn.Name(str(parts[0]), _span(parts[0]))
            case "size_of":
                tensor, dim = parts[0].split(".")
                return syn.SizeOf(tensor, int(dim[:9]), _span(parts[0]))
            case "apply":
                args = tuple(
                    self.exp(t, depth + 1)
                    for t in parts[1].children
                    if t is not None and not _is_bracket(t)
                )
                at = _span(parts[0])
                return syn.Apply(str(parts[0]), args, join(at, _end(parts[1])), at)
            case "group":
                return self.exp(parts[1], depth + 1)
            case "unary":
                x = self.exp(parts[1], depth + 1)
                return syn.Prefix(str(parts[0]), x, join(_span(parts[0]), x.span))
            case "conditional":
                c, a, b = (self.exp(t, depth + 1) for t in parts)
                return syn.Conditional(c, a, b, join(c.span, b.span))
            case _:
                x, y = self.exp(parts[0], depth + 1), self.exp(parts[2], depth + 1)
                return syn.Infix(str(parts[1]), x, y, join(x.span, y.span))

    def _limit(self, code: str, message: str, at: lark.Token) -> Exception:
        self.findings.add(code, message, _span(at), "split the program into smaller statements")
        self.findings.check()
        return AssertionError("check() raises")


def _is_bracket(t: Any) -> bool:
    return isinstance(t, lark.Token) and t.type in ("OPEN", "CLOSE")


def _first(tree: Any) -> lark.Token:
    """The first token of a tree, however deep it is."""
    first = tree
    while isinstance(first, lark.Tree):
        first = next(t for t in first.children if t is not None)
    return first  # type: ignore[no-any-return]


def _end(tree: Any) -> Span:
    """The span of the last token of a tree."""
    last = tree
    while isinstance(last, lark.Tree):
        last = next(t for t in reversed(last.children) if t is not None)
    return _span(last)
