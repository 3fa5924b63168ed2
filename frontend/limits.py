"""What a text may ask for. Whatever it says, reading it ends soon, in bounded memory.

Later stages have limits of their own: isl works under a number of operations, `polyc.driver` takes
so many statements and so much generated code.
"""

from __future__ import annotations

import re
from collections.abc import Sized

from polyc.errors import Span
from polyc.frontend.findings import Findings

CHARACTERS = 2_000_000
TOKENS = 300_000
STATEMENTS = 10_000  # after calls of definitions are expanded
DEPTH = 64  # brackets around one place; half the levels of one expression
RANK = 64  # dimensions of a tensor, as NumPy's; iterators of a statement
SIZES = 512  # names of extents; isl's work grows with their square
NAME = 10_000  # characters of one name

_TOKEN = re.compile(r"\w+|[^\w\s]")
_ASSIGN = re.compile(r"(?<![=<>!])=(?!=)")


def check_text(text: str, findings: Findings) -> None:
    """LanguageError for a text that is too large to be parsed."""
    if len(text) > CHARACTERS:
        _too_large(f"the text has {len(text)} characters, the limit is {CHARACTERS}", findings)


def check_tokens(text: str, findings: Findings) -> None:
    """LanguageError for a text whose parse would take more memory and time than it is worth."""
    bare = re.sub(r"#[^\n]*", "", text)
    count = 0
    for count, m in enumerate(_TOKEN.finditer(bare), 1):
        if m.end() - m.start() > NAME:
            _too_large(f"a name has more than {NAME} characters", findings)
        if count > TOKENS:
            break
    # A statement has one sign of assignment; clauses of `where` have some too.
    assigned = sum(1 for _ in _ASSIGN.finditer(bare)) if count > STATEMENTS else 0
    if count > TOKENS or assigned > 2 * STATEMENTS:
        _too_large(
            f"the text has more than {TOKENS} words and signs, or than {2 * STATEMENTS} `=`",
            findings,
        )


def check_count(found: Sized, most: int, what: str, span: Span, findings: Findings) -> None:
    """Stops at more than `most` of something; `what` is the sentence up to the number."""
    if len(found) > most:
        raise findings.stop(
            "E005", f"{what} {len(found)}, the limit is {most}", span, "split the program"
        )


def check_sizes(sizes: Sized, findings: Findings) -> None:
    """LanguageError for more sizes than proofs about them can take."""
    if len(sizes) > SIZES:
        _too_large(f"the text has {len(sizes)} sizes, the limit is {SIZES}", findings)


def _too_large(message: str, findings: Findings) -> None:
    findings.add("E005", message, Span(1, 1), "split the program")
    findings.check()
