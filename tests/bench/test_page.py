"""The page: everything in one file, every link leads somewhere, and it stays narrow on a phone."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from polyc.bench.model import accuracy, rank_correlation
from polyc.bench.report import home, page
from polyc.bench.results import Absent, Run
from tests.bench.support import made, row

MOVED = {"L1": 8e6, "L2": 4e6, "L3": 2e6, "DRAM": 1e6}
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)


def a_run() -> Run:
    rows = []
    for k, op in enumerate(("first", "second", "third")):
        about = {
            "explanation": f"why <{op}>",
            "bytes_moved": {a: n * 4**k for a, n in MOVED.items()},
        }
        rows.append(row(op, "polyc-llvm", [1e-3 * 4**k] * 4, about))
        rows.append(row(op, "numpy", [2e-3 * 4**k] * 4))
    run = made(rows, {"numpy": {"numpy": "2.0"}, "polyc-llvm": {"polyc": "0.1"}})
    run.absent.append(Absent("first", "torch", 1, "wrong: differs by 1", wrong=True))
    run.missing["jax"] = "needs jax: pip install jax"
    return run


class Reader(HTMLParser):
    """Ids, links and how often each tag opens."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.ids.add(found.get("id") or "")
        self.links += [v for k, v in attrs if k in ("href", "src") and v]


def test_links_lead_somewhere_and_nothing_is_loaded() -> None:
    text = page(a_run())
    read = Reader(text)
    assert all(x[0] == "#" and x[1:] in read.ids for x in read.links if x != "data:,")
    assert len([x for x in read.links if x[0] == "#"]) >= 8
    assert "script" not in read.tags
    assert "http" not in text


def test_it_shows_what_was_found() -> None:
    text = page(a_run())
    assert "why &lt;second&gt;" in text  # the explanation, one click away
    assert text.count('<details class="explanation">') == 3
    assert "wrong: differs by 1" in text
    assert "pip install jax" in text
    assert text.count("<svg") == 5  # a roofline for each level, and the prediction
    assert ">2.00</td>" in text  # NumPy takes twice as long


def test_pictures_have_a_point_for_each_kernel() -> None:
    pictures = re.findall("<svg.*?</svg>", page(a_run()), re.S)
    assert [p.count("<circle") for p in pictures] == [3] * 5
    for x, y in re.findall(r'cx="([\d.-]+)" cy="([\d.-]+)"', "".join(pictures)):
        assert 0 <= float(x) <= 400
        assert 0 <= float(y) <= 280


def test_a_run_without_results_has_a_page() -> None:
    run = made([])
    run.interrupted = True
    assert "interrupted" in page(run)


def test_the_model_is_compared_with_the_measurement() -> None:
    found = accuracy(a_run(), 1)
    assert found is not None
    assert [r.op for r in found.rows] == ["first", "second", "third"]
    assert found.rows[0].limit == "L1"
    assert found.rows[0].predicted_s == 8e6 / 5e10
    assert found.rows[0].ratio == pytest.approx(1e-3 / (8e6 / 5e10))
    assert found.time_rank == found.bytes_rank == pytest.approx(1.0)


def test_rank_correlation() -> None:
    assert rank_correlation([1, 2, 3], [10, 30, 20]) == pytest.approx(0.5)
    assert rank_correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert rank_correlation([1, 1, 2, 3], [1, 1, 2, 3]) == pytest.approx(1)
    assert rank_correlation([1, 2], [1, 2]) is None
    assert rank_correlation([1, 1, 1], [1, 2, 3]) is None


def test_home_is_the_first_cache_that_holds_it() -> None:
    caches = {"L1": 100, "L2": 1000}
    assert [home(n, caches) for n in (100, 101, 1001)] == ["L1", "L2", "DRAM"]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("width", [390, 1400])
def test_a_browser_shows_it(width: int, tmp_path: Path) -> None:
    """No error on the console, nothing wider than the window, no picture without a size."""
    check = """<script>
      onerror = (m) => { document.title = "error " + m };
      onload = () => {
        const wide = document.documentElement.scrollWidth - innerWidth;
        const flat = [...document.querySelectorAll("svg")].filter(
          (s) => s.getBoundingClientRect().height < 100 || !s.querySelector("circle")).length;
        const all = document.querySelectorAll("svg").length;
        document.title = `wide ${wide} flat ${flat} pictures ${all}`;
      };
    </script></body>"""
    file = tmp_path / "page.html"
    file.write_text(page(a_run()).replace("</body>", check))
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
    command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    command += [f"--user-data-dir={tmp_path / 'user'}", f"--window-size={width},900"]
    done = subprocess.run(
        [*command, "--dump-dom", file.as_uri()],
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )
    found = re.search("<title>(.*)</title>", done.stdout)
    assert found is not None
    assert re.fullmatch(r"wide (-\d+|0) flat 0 pictures 5", found[1]), found[1]
