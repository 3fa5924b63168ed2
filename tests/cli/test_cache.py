"""`polyc cache`: what it prints, what it removes, its status."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

import polyc
from polyc import cache, cache_upkeep, cli

TEXT = "def scaled(float(N) x, float a) -> (y) { y(i) = a * x(i) }"


def command(*arguments: str) -> Result:
    return CliRunner().invoke(cli.main, ["cache", *arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache with a kernel for one size and one for all sizes."""
    where = tmp_path / "cache"
    monkeypatch.setenv("POLYC_CACHE_DIR", str(where))
    op = polyc.compile(TEXT)
    op(np.ones(5, np.float32), 2)
    op.specialize()(np.ones(5, np.float32), 2)
    return where


def kernels(folder: Path) -> list[Path]:
    found = cache_upkeep.entries(folder)
    return [e.path for e in found if e.meta.get("symbol") == "scaled_kernel"]


def test_ls_says_what_each_entry_holds(folder: Path) -> None:
    done = command("ls")
    assert done.exit_code == 0, done.output
    assert re.search(
        r"^[0-9a-f]{12}  +\d+\.\d KiB  20\d\d-\d\d-\d\d \d\d:\d\d  good   ", done.output, re.M
    )
    assert "kernel scaled(float32[5] x, float32 a, float32[5] y)" in done.output
    assert "kernel scaled(float32[?] x, float32 a, float32[?] y)" in done.output
    assert f"interface of {TEXT!r}"[:50] in done.output
    n = len(list(folder.iterdir()))
    assert re.search(rf"^{n} entries, \d+\.\d KiB of 512.0 MiB, in {folder}$", done.output, re.M)


def test_ls_marks_what_another_polyc_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "compiler", lambda: "of tomorrow")
    assert "good" not in command("ls").output
    n = len(list(folder.iterdir()))
    assert command("prune").output.startswith("removed 0 files")
    assert command("prune", "--stale").output.startswith(f"removed {n} files")


def test_verify_finds_a_bad_entry_and_prune_removes_it(folder: Path) -> None:
    done = command("verify")
    assert (done.exit_code, done.output.endswith("0 bad\n")) == (0, True)
    bad, other = kernels(folder)
    bad.write_bytes(bad.read_bytes()[:-1])
    done = command("verify")
    assert done.exit_code == 1
    assert f"{bad}: truncated or damaged\n" in done.output
    assert "1 bad" in done.output
    assert "bad    truncated or damaged" in command("ls").output
    done = command("prune")
    assert done.output.startswith("removed 1 file, ")
    assert not bad.exists()
    assert other.exists()
    assert command("verify").exit_code == 0


def test_prune_keeps_what_was_used_last(folder: Path) -> None:
    old, new = kernels(folder)
    for p in folder.iterdir():
        os.utime(p, (0, 0))
    os.utime(new)
    size = new.stat().st_size
    assert command("prune", "--max-size", f"{max(8, size // 512)}K").exit_code == 0
    assert new.exists()
    assert not old.exists()
    assert command("prune", "--max-size", "0").exit_code == 0
    assert list(folder.iterdir()) == []


def test_clear_leaves_files_of_others(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    n = len(list(folder.iterdir())) - 1
    done = command("clear")
    assert done.exit_code == 0
    assert done.output.startswith(f"removed {n} files, ")
    assert "not the cache's, left alone: notes.txt" in done.output
    assert [p.name for p in folder.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("text", ["2x", "-1", "M", "1.2.3M", ""])
def test_a_size_that_is_none_is_bad_usage(folder: Path, text: str) -> None:
    done = command("prune", "--max-size", text)
    assert done.exit_code == 2
    assert folder.exists()


@pytest.mark.parametrize(
    ("text", "limit"), [("0", 0), ("3k", 3072), ("1.5 MiB", 3 << 19), ("2G", 2 << 30)]
)
def test_sizes(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, limit: int) -> None:
    seen: list[int] = []

    def shrink(_where: Path, limit: int) -> cache_upkeep.Removed:
        seen.append(limit)
        return cache_upkeep.Removed()

    monkeypatch.setattr(cache_upkeep, "shrink", shrink)
    assert command("prune", "--max-size", text).exit_code == 0
    assert seen == [limit]
    assert folder.exists()


def test_an_empty_and_a_missing_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLYC_CACHE_DIR", str(tmp_path / "none"))
    assert command("ls").output == f"0 entries, 0 B of 512.0 MiB, in {tmp_path / 'none'}\n"
    for name in ("verify", "clear", "prune"):
        assert command(name).exit_code == 0
    assert not (tmp_path / "none").exists()


def test_a_file_in_place_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("POLYC_CACHE_DIR", str(tmp_path / "file"))
    for name in ("ls", "verify", "clear", "prune"):
        done = command(name)
        assert done.exit_code == 2
        assert "Not a directory" in done.output


def test_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "folder", lambda: None)
    done = command("ls")
    assert done.exit_code == 2
    assert "set POLYC_CACHE_DIR" in done.output


def test_times_are_those_of_the_last_use(folder: Path) -> None:
    path = kernels(folder)[0]
    os.utime(path, (0, 86400 * 365))
    assert time.strftime("%Y-%m-%d", time.localtime(86400 * 365)) in command("ls").output
