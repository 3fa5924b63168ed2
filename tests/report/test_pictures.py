"""Pictures show the points, the tiles and the dependences that are there."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import polyc
from polyc.report.data import Report
from polyc.report.figures import MOST_EDGES, MOST_STATEMENTS, figures
from tests.report.support import kernel, report


def figure(r: Report, title: str) -> list[ET.Element]:
    (found,) = (f for f in figures(r) if f.title == title)
    return [ET.fromstring(p) for p in found.pictures]


def dots(picture: ET.Element) -> dict[tuple[str, ...], str]:
    """The values of each instance, as its note says them, and its colour."""
    found = {}
    for x in picture.iter("circle"):
        if "point" in x.attrib["class"]:
            note = x.findtext("title") or ""
            found[tuple(re.findall(r"= (-?\d+)", note))] = x.attrib["class"].split()[1]
    return found


def arrows(picture: ET.Element) -> list[ET.Element]:
    return [x for x in picture.iter() if "dep" in x.attrib.get("class", "").split()]


def test_small_domains_show_every_point() -> None:
    text = "def f(float(N,N) x) -> (y) { y(i) += x(i,j) where i in 0:N, j in 0:i+1 }"
    r = polyc.compile(text).specialize({"N": 9}).explain()
    (picture,) = figure(r, "S1 over j and i")
    expected = {(str(i), str(j)) for i, j in np.argwhere(np.tri(9, dtype=bool))}
    assert set(dots(picture)) == expected


def test_colours_are_tiles_and_lines_their_borders() -> None:
    """The register tile of a product has rows of its own."""
    r = report("matmul")
    tiles = [x for _, n in r.tree.walk() for s, x in n.rows if s == "S1" and "/" in str(x)]
    _, window = figure(r, "S1 over n and m")
    shown = dots(window)
    table = {
        p: tuple(e.eval(dict(zip("mnk", map(int, p), strict=True))) for e in tiles) for p in shown
    }
    assert len(set(table.values())) > 1
    for p, q in ((p, q) for p in shown for q in shown):
        if table[p] == table[q]:
            assert shown[p] == shown[q]
    apart = sum(
        table[p] != table[q]
        for p in shown
        for q in ((str(int(p[0]) + 1), p[1], p[2]), (p[0], str(int(p[1]) + 1), p[2]))
        if q in shown
    )
    borders = [x for x in window.iter("line") if "border" in x.attrib["class"].split()]
    assert len(borders) == apart


def test_arrows_of_a_scan_run_from_each_point_to_the_next() -> None:
    text = (
        "def f(float(T,N) x) -> (y) { y(0,i) = x(0,i) for t in 1:T { y(t,i) = y(t-1,i) + x(t,i) } }"
    )
    r = polyc.compile(text).specialize({"T": 6, "N": 8}).explain()
    title = next(f.title for f in figures(r) if f.title.startswith("S1 over"))
    (picture,) = figure(r, title)
    assert len(dots(picture)) == 5 * 8
    assert len(arrows(picture)) == 4 * 8
    for x in arrows(picture):
        length = [abs(float(x.attrib[f"{a}1"]) - float(x.attrib[f"{a}2"])) for a in "xy"]
        assert min(length) == 0 < max(length)


def test_diamonds_are_drawn_slanted() -> None:
    r = report("jacobi2d")
    skewed = [f for f in figures(r) if f.title in ("S2 over i and t", "S3 over i and t")]
    assert len(skewed) == 2
    for f in skewed:
        whole, window = map(ET.fromstring, f.pictures)
        assert len(set(dots(window).values())) > 1
        steps = [x for x in whole.iter("path") if "border" in x.attrib["class"].split()]
        assert steps


def test_what_another_statement_reads_is_ringed() -> None:
    r = kernel("jacobi2d", {"N": 12}).explain()
    (picture,) = figure(r, "S0 → S2 on A")
    rings = [x for x in picture.iter("circle") if x.attrib["class"] == "ring"]
    assert len(rings) == 2 * len(arrows(picture)) > 2


def test_open_sizes_are_drawn_small_and_say_so() -> None:
    r = kernel("matmul", {}).explain()
    found = figures(r)
    assert found
    assert all("Sizes are open; drawn with M = " in f.caption for f in found if " over " in f.title)
    assert r.cost is None
    assert r.levels == ()


@pytest.mark.parametrize("n", [40])
def test_many_statements_are_not_all_drawn(n: int) -> None:
    steps = "\n".join(f"T{k}(a,b) = T{k - 1}(b,a) * 2" for k in range(1, n))
    text = f"def long(float(N,N) x) -> (T{n - 1}) {{\nT0(a,b) = x(a,b)\n{steps}\n}}"
    found = figures(polyc.compile(text).specialize({"N": 8}).explain())
    assert len([f for f in found if " over " in f.title]) <= 2 * MOST_STATEMENTS
    assert len([f for f in found if "→" in f.title]) <= MOST_EDGES
