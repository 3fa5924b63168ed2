"""The page of every error: its wrong text gives that message, its right text compiles.

`make golden` writes the messages of the pages anew.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from polyc.errors import LanguageError
from polyc.frontend import Operand, load
from polyc.frontend.catalog import CATALOG
from polyc.frontend.dtypes import FLOAT32

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "errors"
BLOCK = re.compile(r"^```(wrong|message|right)( [^\n]*)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _text(info: str, block: str) -> str:
    """The text of a block; `expression` marks those too long to print, given in Python."""
    return str(eval(block)) if "expression" in info else block.removesuffix("\n")


def _options(info: str) -> dict[str, Any]:
    """`entry=f` and `shapes=2x3,4` of a block, as arguments of `load`."""
    found: dict[str, Any] = dict(re.findall(r"(entry|shapes)=(\S+)", info))
    if shapes := found.pop("shapes", None):
        extents = [tuple(map(int, s.split("x"))) for s in shapes.split(",")]
        found["operands"] = [Operand(FLOAT32, s) for s in extents]
    return found


@pytest.mark.parametrize("code", CATALOG)
def test_a_page(code: str, request: pytest.FixtureRequest) -> None:
    path = FOLDER / f"{code}.md"
    page = path.read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: {CATALOG[code]}\n")
    blocks = BLOCK.findall(page)
    assert [kind for kind, _, _ in blocks] == ["wrong", "message", "right"]
    (_, info, wrong), (_, _, message), (_, right_info, right) = blocks
    with pytest.raises(LanguageError) as caught:
        load(_text(info, wrong), **_options(info))
    assert caught.value.code == code
    if request.config.getoption("--update-golden"):
        start, end = f"```message\n{message}```", f"```message\n{caught.value}\n```"
        path.write_text(page.replace(start, end), encoding="utf-8")
    else:
        assert f"{caught.value}\n" == message
    load(_text(right_info, right), **_options(right_info))


def test_the_index_has_every_page() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^- \[(E\d+)\]\((E\d+)\.md\): (.*)$", index, re.MULTILINE)
    assert [(code, title) for code, _, title in found] == list(CATALOG.items())
    assert all(code == page for code, page, _ in found)
    assert {p.stem for p in FOLDER.glob("E*.md")} == set(CATALOG)
