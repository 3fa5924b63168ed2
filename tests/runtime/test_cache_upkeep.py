"""The folder of the cache keeps to a size, forgets what was not used, and touches nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import polyc
from polyc import cache, cache_file, cache_upkeep
from polyc.cache_file import Entry

HOUR = 3600


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    where = tmp_path / "cache"
    monkeypatch.setenv("POLYC_CACHE_DIR", str(where))
    return where


def key(n: int) -> dict[str, object]:
    return {"kind": "test", "n": n}


def fill(count: int) -> list[Path]:
    """Entries of 40,000 bytes, each used an hour later than the one before."""
    now = time.time()
    out = []
    for n in range(count):
        cache.put(key(n), Entry({"n": n}, bytes([n]) * 40_000))
        path = cache._path(cache._canonical(key(n)))
        assert path is not None
        os.utime(path, (now, now - (count - n) * HOUR))
        out.append(path)
    return out


def test_entries_are_listed_the_last_one_used_first(folder: Path) -> None:
    paths = fill(3)
    found = cache_upkeep.entries(folder)
    assert [e.path for e in found] == paths[::-1]
    assert [e.meta["n"] for e in found] == [2, 1, 0]
    assert {e.key["kind"] for e in found} == {"test"}
    assert all(40_000 < e.bytes < 60_000 for e in found)


def test_a_folder_that_is_not_there_is_empty(folder: Path) -> None:
    assert cache_upkeep.entries(folder) == []
    assert cache_upkeep.clear(folder).files == 0
    assert cache_upkeep.shrink(folder, 0).files == 0


def test_what_was_not_used_for_longest_goes_first(folder: Path) -> None:
    paths = fill(10)
    size = sum(e.bytes for e in cache_upkeep.entries(folder))
    assert cache_upkeep.shrink(folder, size).files == 0
    assert cache.get(key(0)) is not None  # marks it: the oldest is the newest now
    gone = cache_upkeep.shrink(folder, size - 1)
    left = {e.path for e in cache_upkeep.entries(folder)}
    assert left == {paths[0], *paths[4:]}  # to three quarters, so that the next entry has room
    assert gone.files == 3
    assert cache_upkeep.shrink(folder, 0).files == 7


def test_an_entry_in_use_is_marked_once_an_hour(folder: Path) -> None:
    (path,) = fill(1)
    assert path.parent == folder
    os.utime(path, (1, time.time() - HOUR / 2))
    before = path.stat().st_mtime_ns
    assert cache.get(key(0)) is not None
    assert path.stat().st_mtime_ns == before
    os.utime(path, (1, 1))
    assert cache.get(key(0)) is not None
    assert time.time() - path.stat().st_mtime < 60


def test_the_cache_keeps_to_its_limit_by_itself(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "LIMIT", 1_000_000)
    largest = 0
    for n in range(400):
        cache.put(key(n), Entry({}, bytes(40_000)))
        largest = max(largest, sum(p.stat().st_size for p in folder.iterdir()))
    # 25 fit; one put in 32 looks, by its name: the longest run without a look is a few times that.
    assert 750_000 < largest < 12_000_000
    cache_upkeep.shrink(folder, cache.LIMIT)
    assert sum(e.bytes for e in cache_upkeep.entries(folder)) <= 1_000_000


def test_only_old_leftovers_are_removed_while_others_may_write(folder: Path) -> None:
    (path,) = fill(1)
    fresh = folder / f".{path.name}.{'0' * 16}"
    old = folder / f".{path.name}.{'1' * 16}"
    for p in (fresh, old):
        p.write_bytes(b"half an ent")
    os.utime(old, (1, time.time() - 2 * HOUR))
    assert cache_upkeep.shrink(folder, cache.LIMIT).files == 1
    assert fresh.exists()
    assert not old.exists()
    assert cache_upkeep.clear(folder).files == 2
    assert list(folder.iterdir()) == []


def test_what_is_not_the_caches_is_never_removed(folder: Path) -> None:
    fill(2)
    others = ["notes.txt", "a.polyc", "Z" * 64 + ".polyc", ".hidden", "0" * 64 + ".polyc.bak"]
    for name in others:
        (folder / name).write_text("mine")
    (folder / "sub").mkdir()
    (folder / "sub" / ("0" * 64 + ".polyc")).write_text("mine too")
    cache_upkeep.shrink(folder, 0)
    cache_upkeep.clear(folder)
    assert sorted(p.name for p in folder.iterdir()) == sorted([*others, "sub"])
    assert len(list((folder / "sub").iterdir())) == 1
    assert {p.name for p in cache_upkeep.others(folder)} == {*others, "sub"}


def test_an_entry_beyond_the_largest_is_not_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_file, "LARGEST", 1000)
    cache.put(key(0), Entry({}, bytes(1001)))
    assert not folder.exists()


def test_spellings_of_one_program_share_a_kernel(folder: Path) -> None:
    x = np.arange(6, dtype=np.float32).reshape(2, 3)
    texts = [
        "def f(float(N,M) x) -> (y) { y(n) += x(n,m) * 2 }",
        "def f(float(N,M) x) -> (y) {  # twice the sum\n  y[n] += x[n,m]*2\n    where n in 0:N\n}",
    ]
    for text in texts:
        np.testing.assert_array_equal(polyc.compile(text)(x), 2 * x.sum(1))
    kinds = [e.key["kind"] for e in cache_upkeep.entries(folder)]
    assert kinds.count("program") == 2
    assert sum(e.meta.get("symbol") == "f_kernel" for e in cache_upkeep.entries(folder)) == 1
    # Another program, if only by a type, is another kernel.
    text = texts[0].replace("float(", "double(")
    np.testing.assert_array_equal(polyc.compile(text)(x.astype(float)), 2 * x.sum(1))
    assert sum(e.meta.get("symbol") == "f_kernel" for e in cache_upkeep.entries(folder)) == 2


def test_a_new_sub_package_is_part_of_the_compiler(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    for place in (tmp_path, deep):
        (place / "x.py").write_text("1")
        (place / "__pycache__").mkdir()
        (place / "__pycache__" / "x.py").write_text("never")
    (tmp_path / "g.lark").write_text("a: b")
    found = sorted(line.split()[0] for line in cache._sources(tmp_path, ""))
    assert found == ["a/b/c/x.py", "g.lark", "x.py"]
    before = sorted(cache._sources(tmp_path, ""))
    (deep / "x.py").write_text("23")
    assert sorted(cache._sources(tmp_path, "")) != before


def test_every_source_of_polyc_is_part_of_the_compiler(root: Path) -> None:
    found = {line.split()[0] for line in cache._sources(root / "polyc", "")}
    stages = ("frontend", "scheduler", "codegen")
    places = [root / "polyc", *(root / s for s in stages)]
    files = {f.relative_to(root) for p in places for f in p.rglob("*.py")}
    names = {"/".join(f.parts[1:] if f.parts[0] == "polyc" else f.parts) for f in files}
    assert found >= names
    assert {"frontend/grammar.lark", "codegen/passes/pipeline.py", "cli/cache.py"} <= found


HAMMER = """
import sys
from polyc import cache
from polyc.cache_file import Entry
cache.LIMIT = 600_000
seed = int(sys.argv[1])
found = 0
for n in range(700):
    k = (n * 7 + seed * 13) % 60
    key = {"kind": "test", "n": k}
    entry = cache.get(key)
    if entry is None:
        cache.put(key, Entry({"n": k}, bytes([k]) * 20_000))
    else:
        found += 1
        assert entry.meta == {"n": k} and entry.object == bytes([k]) * 20_000, k
print(found)
"""


def test_processes_write_read_and_remove_at_once(folder: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", HAMMER]
    started = [
        subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE, text=True) for n in range(4)
    ]
    found = [int(p.communicate(timeout=120)[0]) for p in started]
    assert [p.returncode for p in started] == [0] * 4
    assert sum(found) > 0
    assert [p for p in folder.iterdir() if p.name.startswith(".")] == []
    assert [e for e in cache_upkeep.entries(folder) if e.problem] == []
