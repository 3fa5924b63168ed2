"""The disk cache: whole entries or none, only the user's own, and never a reason to fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import polyc
from polyc import cache, cache_file
from polyc.cache_file import Entry

KEY = {"kind": "test", "text": "x", "shapes": [[1, 2]]}
ENTRY = Entry({"symbol": "f"}, b"\x7fELF and so on")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    where = tmp_path / "cache"
    monkeypatch.setenv("POLYC_CACHE_DIR", str(where))
    return where


def only_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_what_is_put_is_found(folder: Path) -> None:
    assert cache.get(KEY) is None
    cache.put(KEY, ENTRY)
    assert cache.get(KEY) == ENTRY
    assert cache.get({**KEY, "text": "y"}) is None
    assert only_file(folder).name.endswith(".polyc")


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_only_the_owner_may_read_and_write(folder: Path) -> None:
    cache.put(KEY, ENTRY)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert only_file(folder).stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_file_that_others_could_have_written_is_not_loaded(folder: Path) -> None:
    cache.put(KEY, ENTRY)
    only_file(folder).chmod(0o622)
    assert cache.get(KEY) is None


@pytest.mark.parametrize("damage", ["flip", "truncate", "empty", "foreign", "longer"])
def test_a_damaged_file_is_not_found_and_is_replaced(folder: Path, damage: str) -> None:
    cache.put(KEY, ENTRY)
    path = only_file(folder)
    data = bytearray(path.read_bytes())
    match damage:
        case "flip":
            data[-3] ^= 1
        case "truncate":
            data = data[:-1]
        case "empty":
            data = bytearray()
        case "foreign":
            data = bytearray(b"not an entry of polyc at all, but long enough to be one" * 3)
        case "longer":
            data += b"0"
    path.write_bytes(data)
    assert cache.get(KEY) is None
    cache.put(KEY, ENTRY)
    assert cache.get(KEY) == ENTRY


def test_a_renamed_entry_is_not_taken_for_another(folder: Path) -> None:
    cache.put(KEY, ENTRY)
    first = only_file(folder)
    other = {**KEY, "text": "other"}
    cache.put(other, ENTRY)
    second = next(p for p in folder.iterdir() if p != first)
    first.replace(second)
    assert cache.get(other) is None


def test_a_damaged_kernel_is_compiled_again(folder: Path) -> None:
    a = np.arange(6, dtype=np.float32).reshape(2, 3)
    text = "def damaged(float(N,M) x) -> (y) { y(n) += x(n,m) }"
    expected = polyc.compile(text)(a)
    for path in folder.iterdir():
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2])
    np.testing.assert_array_equal(polyc.compile(text)(a), expected)


def test_metadata_of_another_form_is_compiled_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = np.ones(3, np.float32)
    text = "def odd(float(N) x) -> (y) { y(n) = x(n) + 1 }"
    polyc.compile(text)(a)
    found = cache_file.decode

    def other(data: bytes) -> tuple[str, Entry]:
        key, entry = found(data)
        return key, Entry({"form": "of tomorrow"}, entry.object)

    monkeypatch.setattr(cache_file, "decode", other)
    np.testing.assert_array_equal(polyc.compile(text)(a), [2, 2, 2])
    assert folder.exists()


def test_a_place_that_cannot_be_written_only_costs_speed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")
    monkeypatch.setenv("POLYC_CACHE_DIR", str(blocked / "cache"))
    cache.put(KEY, ENTRY)
    assert cache.get(KEY) is None
    a = np.ones(3, np.float32)
    assert polyc.compile("def f(float(N) x) -> (y) { y(n) = x(n) + 3 }")(a)[0] == 4


def test_without_a_home_there_is_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("POLYC_CACHE_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    assert cache.folder() is None
    cache.put(KEY, ENTRY)
    assert cache.get(KEY) is None


def test_the_cache_can_be_switched_off(folder: Path) -> None:
    a = np.ones((2, 2))
    with polyc.config(cache=False):
        polyc.einsum("ij,kj->ik", a, a)
    assert not list(folder.glob("*.polyc")) or all(
        b'"threads"' in p.read_bytes() for p in folder.glob("*.polyc")
    )


def test_an_interrupted_write_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_old: str, _new: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cache.put(KEY, ENTRY)
    assert list(folder.iterdir()) == []


def test_many_threads_write_one_entry(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: cache.put(KEY, ENTRY), range(64)))
        assert all(e == ENTRY for e in pool.map(lambda _: cache.get(KEY), range(64)))
    assert only_file(folder).name.endswith(".polyc")


WORKER = """
import sys, numpy as np, polyc
for n in (2, 3, 5, 7):
    a = np.arange(n * n, dtype=np.float32).reshape(n, n)
    assert np.array_equal(polyc.einsum("ij,jk->ik", a, a), a @ a)
assert "islpy" not in sys.modules or sys.argv[1] == "cold"
"""


def test_processes_share_one_cold_cache(folder: Path) -> None:
    def start(how: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-W", "error", "-c", WORKER, how])

    assert [p.wait(60) for p in [start("cold") for _ in range(3)]] == [0, 0, 0]
    assert start("warm").wait(60) == 0  # all from the disk: isl was not even imported
    assert not list(folder.glob(".*"))


def test_the_key_names_the_compiler() -> None:
    assert "llvmlite" in json.loads(cache._canonical(KEY))["compiler"]
