"""`kernel.explain()`: the data, the tables, the page, and what goes wrong."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import polyc
from polyc.cli import main
from polyc.errors import ArgumentError, CompileError
from polyc.report.levels import holder
from polyc.target import target
from tests.programs import CORPUS
from tests.report.support import SIZES, kernel, pictures, report

TEXT = "def double(float(N) x) -> (y) { y(i) = 2 * x(i) }"
VOID = {"meta", "br", "link"}


class Checker(HTMLParser):
    """Elements are closed in order; addresses and anchors are collected."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(k, v or "") for k, v in attrs if k in ("href", "src", "id")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check(page: str) -> None:
    """A page is well formed, complete, and needs nothing but itself."""
    parser = Checker()
    parser.feed(page)
    assert not parser.open
    anchors = {v for k, v in parser.found if k == "id"}
    links = [v for k, v in parser.found if k == "href"]
    assert len(links) == 9
    assert all(v[0] == "#" and v[1:] in anchors for v in links)
    assert not [v for k, v in parser.found if k == "src"]
    assert "http" not in page
    assert "@import" not in page
    assert not re.search(r"\burl\((?!#)", page)
    for picture in pictures(page):
        assert "nan" not in " ".join(v for x in picture.iter() for v in x.attrib.values())


@pytest.mark.parametrize("name", SIZES)
def test_the_page_of_a_program(name: str) -> None:
    r = report(name)
    page = r.html()
    check(page)
    assert len(list(pictures(page))) > 4
    assert len(page) < 2 << 20


@pytest.mark.parametrize("name", SIZES)
def test_the_page_says_what_was_done_and_what_limits(name: str) -> None:
    page = report(name).html()
    glance = page.split('class="glance"')[1].split("</table>")[0]
    rows = dict(re.findall(r"<th>(.*?)</th><td>(.*?)</td>", glance))
    assert list(rows) == [
        *("fused", "packed", "tiled", "parallel", "vectorised", "unrolled", "limited by")
    ]
    assert rows["vectorised"] != "nothing"
    assert "cycles of one core" in rows["limited by"]


@pytest.mark.parametrize("name", list(CORPUS)[::17])
@pytest.mark.parametrize("fixed", [True, False], ids=["fixed", "open"])
def test_pages_of_the_corpus(name: str, fixed: bool) -> None:
    r = kernel(name, dict(CORPUS[name].smoke) if fixed else {}).explain()
    check(r.html())
    assert "NOT LEGAL" not in str(r)


@pytest.mark.slow
@pytest.mark.parametrize("name", CORPUS)
@pytest.mark.parametrize("fixed", [True, False], ids=["fixed", "open"])
def test_pages_of_the_whole_corpus(name: str, fixed: bool) -> None:
    check(kernel(name, dict(CORPUS[name].smoke) if fixed else {}).explain().html())


@pytest.mark.parametrize(
    ("text", "sizes"),
    [("i->", {"i": 100}), ("i->", {}), ("ij->i", {"i": 0, "j": 5}), (",->", {})],
)
def test_results_without_dimensions_and_domains_without_points(
    text: str, sizes: dict[str, int]
) -> None:
    r = polyc.compile(text).specialize(sizes, np.float32).explain()
    check(r.html())
    assert "legal" in str(r)


def test_numbers_are_the_kernels() -> None:
    with polyc.config(target="x86-64-v3", threads=2):
        cost = kernel("matmul", SIZES["matmul"]).cost
    r = report("matmul")
    assert r.cost == cost
    assert r.roofline is not None
    assert {x.name: x.amount for x in r.roofline.roofs} == {
        "arithmetic": cost.flops,
        **cost.bytes_moved,
    }
    assert r.roofline.roofs[0].rate == 2 * 2 * 8  # two units, a multiply-add is two, eight lanes
    assert r.roofline.limit.name == "arithmetic"
    held = sum(h.bytes.value for h in r.homes if h.place.startswith("workspace, one a call"))
    assert held <= cost.scratch_bytes


def test_footprints_of_a_stream() -> None:
    """Two arrays of float32, of which every iteration of a loop touches its part."""
    with polyc.config(target="x86-64-v3"):
        r = polyc.compile(TEXT).specialize({"N": 4096}).explain()
    trips = 1.0
    for level in r.levels:
        trips *= level.trips
        each = 4 * 4096 / trips
        assert dict(level.tensors) == {"x": each, "y": each}
        assert level.fits == "L1"
    assert trips == 4096


def test_the_nearest_cache_that_holds() -> None:
    t = target("x86-64-v3")
    sizes = (t.l1_bytes, t.l1_bytes + 1, t.l2_bytes + 1, t.l3_bytes + 1)
    assert [holder(n, t) for n in sizes] == ["L1", "L2", "L3", "memory"]


def test_homes_of_fused_temporaries() -> None:
    homes = {h.tensor: h for h in report("softmax").homes}
    assert homes["X"].scope == homes["Y"].scope == "memory"
    assert homes["e"].scope == "tile"
    assert homes["e"].offset is not None
    assert homes["e"].lives
    text = "def f(float(N) x) -> (y) { t(i) = x(i) + 1 y(i) = t(i) * 2 }"
    (t,) = (h for h in polyc.compile(text).specialize({"N": 64}).explain().homes if h.tensor == "t")
    assert (t.scope, t.place) == ("register", "no array")


def test_explaining_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: Any, **__: Any) -> Any:
        raise AssertionError("the kernel was run")

    monkeypatch.setattr(polyc.Kernel, "__call__", run)
    k = polyc.compile(TEXT).specialize({"N": 64})
    assert k.explain().timing is None
    with pytest.raises(AssertionError, match="was run"):
        k.explain(np.ones(64, np.float32))


def test_measured_beside_predicted() -> None:
    k = polyc.compile(TEXT).specialize({"N": 64})
    r = k.explain(x=np.ones(64, np.float32))
    assert r.timing is not None
    assert f"measured: median {r.timing.median_s * 1e6:.1f} us" in str(r)
    page = r.html()
    check(page)
    assert "<b>measured</b>" in page


def test_a_kernel_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLYC_CACHE_DIR", str(tmp_path))
    x = np.arange(65, dtype=np.float32)
    for _ in range(2):
        k = polyc.compile(TEXT).specialize({"N": 65})
        np.testing.assert_array_equal(k(x), 2 * x)
    check(k.explain().html())


def test_texts_are_escaped() -> None:
    text = (
        "def f(float(N) x) -> (y) { # </pre><script>alert('x')</script>\n y(i) = x(i) < 1 ? 2 : 3 }"
    )
    page = polyc.compile(text).specialize({"N": 33}).explain().html()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&#39;x&#39;)" in page
    assert page.count("<script>") == 1
    check(page)


def test_a_notebook_shows_the_page_in_a_frame() -> None:
    shown = report("softmax")._repr_html_()
    assert shown.startswith("<iframe ")
    assert "&lt;!doctype html&gt;" in shown


def test_without_jinja2_tables_still_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    r = report("matmul")
    assert "At a glance" in str(r)
    assert r._repr_html_().startswith("<pre>Program")
    with pytest.raises(CompileError, match=r"needs jinja2.*pip install 'polyc\[report\]'"):
        r.save(tmp_path / "page.html")
    assert not list(tmp_path.iterdir())


def test_saving_replaces_a_file_or_leaves_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    r, path = report("matmul"), tmp_path / "page.html"
    path.write_text("old")
    with monkeypatch.context() as m:

        def full(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        m.setattr("os.replace", full)
        with pytest.raises(ArgumentError, match=r"cannot write .*page\.html: No space left"):
            r.save(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    r.save(path)
    assert path.read_text(encoding="utf-8") == r.html()
    with pytest.raises(ArgumentError, match="is a folder"):
        r.save(tmp_path)


@pytest.mark.parametrize("machine", ["aarch64", "riscv64", "x86-64-v2"])
def test_code_for_other_machines(machine: str) -> None:
    with polyc.config(target=machine):
        r = kernel("matmul", {"M": 64, "N": 64, "K": 64}).explain()
    check(r.html())
    hot = r.loops[0]
    assert hot.loads > 0
    assert hot.statements
    if machine == "aarch64":
        assert hot.fused > 4


def test_the_command_line_writes_the_page(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    done = CliRunner().invoke(main, ["explain", TEXT, "--size", "N=64", "--html", str(path)])
    assert done.exit_code == 0, done.output
    assert done.stdout == f"{path}\n"
    check(path.read_text(encoding="utf-8"))
    done = CliRunner().invoke(main, ["compile", TEXT, "--emit", "html", "-o", str(tmp_path)])
    assert done.exit_code == 0, done.output
    check((tmp_path / "double.html").read_text(encoding="utf-8"))
