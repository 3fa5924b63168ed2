"""The page in a real browser: its script runs without an error and links lines of all panes."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.report.support import report

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)

# Points at an instruction of the hot loop, then clicks it; the answers go into the title.
PROBE = """<script>
const line = document.querySelector(".asm .l[data-s]");
const marked = () => [...document.querySelectorAll(".l.on")];
const panes = () => new Set(marked().map(x => x.closest("pre"))).size;
line.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
const over = panes();
line.click();
document.querySelector(".panes").dispatchEvent(new MouseEvent("mouseleave"));
const kept = panes();
line.click();
line.click();
line.click();
document.querySelector(".panes").dispatchEvent(new MouseEvent("mouseleave"));
const svgs = [...document.querySelectorAll("main svg")].filter(x => !x.closest("details"));
const seen = svgs.every(x => x.getBoundingClientRect().width > 40 && x.children.length > 2);
const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
document.title = `over ${over} kept ${kept} left ${panes()} seen ${seen} wide ${wide}`;
</script>"""


@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium on this machine")
@pytest.mark.parametrize("width", [500, 1400])
def test_lines_are_linked(tmp_path: Path, width: int) -> None:
    page = tmp_path / "page.html"
    page.write_text(report("matmul").html().replace("</body>", f"{PROBE}</body>"), encoding="utf-8")
    command = [
        *(str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"),
        *(f"--user-data-dir={tmp_path}/profile", f"--window-size={width},900", "--dump-dom"),
    ]
    done = subprocess.run(
        [*command, page.as_uri()], capture_output=True, text=True, check=True, timeout=120
    )
    assert "CONSOLE" not in done.stderr
    title = re.search(r"<title>(over .*?)</title>", done.stdout)
    assert title is not None
    assert title[1] == "over 3 kept 3 left 0 seen true wide 0"
