"""The page of errors: every code, under its title, with examples that do what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import polyc
from polyc.frontend.catalog import CATALOG

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "errors.md").read_text(encoding="utf-8")
SECTIONS = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]
EXAMPLES = [
    (section[:4], *example)
    for section in SECTIONS
    for example in re.findall(r"^(wrong|right):(.*)$", section, flags=re.MULTILINE)
]


def test_every_code_has_its_title() -> None:
    assert dict(s.splitlines()[0].split(" ", 1) for s in SECTIONS) == CATALOG


@pytest.mark.parametrize(("code", "kind", "text"), EXAMPLES)
def test_an_example(code: str, kind: str, text: str) -> None:
    if kind == "right":
        polyc.compile(text.strip())
        return
    with pytest.raises(polyc.LanguageError) as caught:
        polyc.compile(text.strip())
    assert caught.value.code == code, str(caught.value)
