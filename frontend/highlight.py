"""Text -> its words with what they are, for whoever shows them in colour."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from polyc.frontend.functions import FORMS, FUNCTIONS
from polyc.frontend.parse import KEYWORDS

Kind = Literal["comment", "number", "keyword", "type", "function", "tensor", "operator", "plain"]

_TYPE = r"(bool|u?int(8|16|32|64)|int|b?float16|float(32|64)?|double|complex(64|128))"
_WORDS = re.compile(
    r"(?P<comment>#[^\n]*)|(?P<number>([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?)"
    rf"|(?P<type>{_TYPE}(?!\w))|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<operator>->|((arg)?(min|max)|and|or)=!?|[-+*/%<>=!?:&|]+)|(?P<plain>\s+|.)"
)
_ASSIGNS = re.compile(r"(argmin|argmax|min|max|and|or)(?=[ \t]*=)")


def words(text: str) -> Iterator[tuple[Kind, str]]:
    """Every character of the text once, in order, in words of one kind. Takes wrong texts too.

    >>> [(k, w) for k, w in words("O(i) max= exp(2)") if k != "plain"]
    [('tensor', 'O'), ('operator', 'max'), ('operator', '='), ('function', 'exp'), ('number', '2')]
    """
    for m in _WORDS.finditer(text):
        yield _kind(m, text), m.group()


def _kind(m: re.Match[str], text: str) -> Kind:
    match m.lastgroup:
        case "comment" | "number" | "type" | "operator" | "plain" as kind:
            return kind
        case _:
            return _named(m.group(), text[m.end() : m.end() + 40])


def _named(name: str, rest: str) -> Kind:
    if name in KEYWORDS:
        return "keyword"
    if _ASSIGNS.match(name + rest):
        return "operator"
    if not re.match(r"[ \t]*[(\[]", rest):
        return "plain"
    return "function" if name in FUNCTIONS or name in FORMS else "tensor"
