"""The parser of grammar.lark. Its tables are kept in the disk cache: 10 ms instead of 45."""

from __future__ import annotations

import io
import pickle
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

import lark

from polyc.cache import get, put
from polyc.cache_file import Entry
from polyc.options import resolve


@cache
def parser() -> lark.Lark:
    """The parser, with the starts `program` and `bracket`; made once per process."""
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    key = {
        "kind": "grammar",
        "sha256": sha256(grammar.encode()).hexdigest(),
        "lark": lark.__version__,
        "python": list(sys.version_info),
    }
    keep = resolve().cache
    entry = get(key) if keep else None
    if entry is not None:
        # The entry is whole and the user's own, as machine code from this cache must be.
        try:
            return lark.Lark.load(io.BytesIO(entry.object))
        except (pickle.UnpicklingError, AttributeError, LookupError, TypeError, ValueError):
            pass  # of a lark that calls itself the same and is another
    made = _made(grammar)
    if keep:
        tables = io.BytesIO()
        made.save(tables)
        put(key, Entry({}, tables.getvalue()))
    return made


def _made(grammar: str) -> lark.Lark:
    return lark.Lark(
        grammar,
        parser="lalr",
        start=["program", "bracket"],
        maybe_placeholders=True,
        keep_all_tokens=False,
    )
