"""Files of the cache that no one should load: each is noticed, and the kernel is made again.

Every poison carries code that computes something else, so that loading it could not go unseen.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import polyc
from polyc import cache, cache_file, cache_upkeep
from polyc.cache_file import Entry

posix = pytest.mark.skipif(os.name != "posix", reason="owners and permissions are POSIX's")
TEXT = "def poisoned(float(N) x) -> (y) { y(n) = 3 * x(n) }"
OTHER = "def poisoned(float(N) x) -> (y) { y(n) = 5 * x(n) }"
X = np.arange(4, dtype=np.float32)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    where = tmp_path / "cache"
    monkeypatch.setenv("POLYC_CACHE_DIR", str(where))
    return where


def kernel_of(folder: Path, text: str) -> Path:
    """The file of the one kernel of a text."""
    before = {e.path for e in cache_upkeep.entries(folder)}
    polyc.compile(text)(X)
    (new,) = [
        e.path
        for e in cache_upkeep.entries(folder)
        if e.path not in before and e.key["kind"] == "kernel"
    ]
    return new


def parts(path: Path) -> tuple[str, Entry]:
    return cache_file.decode(path.read_bytes())


def flipped(good: Path, poison: Path) -> None:
    data = bytearray(poison.read_bytes())
    data[-3] ^= 1
    good.write_bytes(data)


def truncated(good: Path, poison: Path) -> None:
    good.write_bytes(poison.read_bytes()[:-1])


def empty(good: Path, _poison: Path) -> None:
    good.write_bytes(b"")


def foreign(good: Path, _poison: Path) -> None:
    good.write_bytes(b"\x7fELF of someone else, and no entry of polyc at all" * 3)


def renamed(good: Path, poison: Path) -> None:
    """Whole, with a right checksum, and another kernel's."""
    good.write_bytes(poison.read_bytes())


def other_processor(good: Path, poison: Path) -> None:
    """Whole, and made from the same program for a processor that is not here."""
    key = json.loads(parts(good)[0])
    key["machine"]["cpu"] = "znver9"
    good.write_bytes(cache_file.encode(json.dumps(key), parts(poison)[1]))


def other_compiler(good: Path, poison: Path) -> None:
    key = json.loads(parts(good)[0])
    key["compiler"] = "polyc of tomorrow"
    good.write_bytes(cache_file.encode(json.dumps(key), parts(poison)[1]))


def world_writable(good: Path, poison: Path) -> None:
    good.write_bytes(cache_file.encode(parts(good)[0], parts(poison)[1]))
    good.chmod(0o602)


def group_writable(good: Path, poison: Path) -> None:
    good.write_bytes(cache_file.encode(parts(good)[0], parts(poison)[1]))
    good.chmod(0o620)


def link(good: Path, poison: Path) -> None:
    """A link to a file that would be right, were it here."""
    elsewhere = good.with_name("elsewhere")
    elsewhere.write_bytes(cache_file.encode(parts(good)[0], parts(poison)[1]))
    elsewhere.chmod(0o600)
    good.unlink()
    good.symlink_to(elsewhere)


def pipe(good: Path, _poison: Path) -> None:
    """Nobody ever writes to it: reading must not wait."""
    good.unlink()
    os.mkfifo(good, 0o600)


def not_an_object(good: Path, poison: Path) -> None:
    """The right key and a right checksum around what LLVM cannot link."""
    text, entry = parts(good)
    good.write_bytes(cache_file.encode(text, Entry(entry.meta, parts(poison)[1].object[:100])))


def without_the_symbol(good: Path, poison: Path) -> None:
    text, entry = parts(good)
    meta = {**entry.meta, "symbol": "nowhere"}
    good.write_bytes(cache_file.encode(text, Entry(meta, parts(poison)[1].object)))


def another_form(good: Path, poison: Path) -> None:
    text, _ = parts(good)
    meta = {"arguments": [1], "symbol": None}
    good.write_bytes(cache_file.encode(text, Entry(meta, parts(poison)[1].object)))


def deep(good: Path, _poison: Path) -> None:
    """JSON that a recursive reader gives up on."""
    head = b"[" * 100_000
    body = len(head).to_bytes(8, "little") + head
    good.write_bytes(b"polyc-1\n" + hashlib.sha256(body).digest() + body)


def huge(good: Path, _poison: Path) -> None:
    with good.open("r+b") as f:
        f.truncate(1 << 40)  # a sparse file


EVERYWHERE = [flipped, truncated, empty, foreign, renamed, other_processor, other_compiler]
EVERYWHERE += [not_an_object, without_the_symbol, another_form, deep, huge]
POSIX = [world_writable, group_writable, link, pipe]


def check(folder: Path, poison: Callable[[Path, Path], None]) -> None:
    good, bad = kernel_of(folder, TEXT), kernel_of(folder, OTHER)
    poison(good, bad)
    np.testing.assert_array_equal(polyc.compile(TEXT)(X), 3 * X)
    whole = {e.path: e.problem for e in cache_upkeep.entries(folder)}
    assert whole[good] == ""  # made again, in its place
    assert parts(good)[1].object != parts(bad)[1].object
    np.testing.assert_array_equal(polyc.compile(TEXT)(X), 3 * X)


@pytest.mark.parametrize("poison", EVERYWHERE, ids=lambda p: p.__name__)
def test_a_poisoned_entry_is_made_again(folder: Path, poison: Callable[[Path, Path], None]) -> None:
    check(folder, poison)


@posix
@pytest.mark.parametrize("poison", POSIX, ids=lambda p: p.__name__)
def test_an_entry_of_others_is_made_again(
    folder: Path, poison: Callable[[Path, Path], None]
) -> None:
    check(folder, poison)


@posix
def test_another_users_entry_is_not_loaded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = kernel_of(folder, TEXT)
    if os.geteuid() == 0:
        os.chown(good, 12345, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(cache_file.Unusable, match="another user's file"):
        cache_file.read(good)
    np.testing.assert_array_equal(polyc.compile(TEXT)(X), 3 * X)


def test_a_folder_with_the_name_of_an_entry_only_costs_speed(folder: Path) -> None:
    good = kernel_of(folder, TEXT)
    good.unlink()
    good.mkdir()
    handles = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0
    for _ in range(8):
        np.testing.assert_array_equal(polyc.compile(TEXT)(X), 3 * X)
    if sys.platform == "linux":
        assert len(os.listdir("/proc/self/fd")) == handles
    assert good.is_dir()
    assert not [p for p in folder.iterdir() if p.name.startswith(".")]


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if k not in ("POLYC_CACHE_DIR", "HOME")}
    inherited.pop("XDG_CACHE_HOME", None)
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


CALL = f"""
import numpy as np, polyc
x = np.arange(4, dtype=np.float32)
assert (polyc.compile({TEXT!r})(x) == 3 * x).all()
"""


@pytest.mark.parametrize("place", ["a file", "below a file", "cannot be made", "no name"])
def test_a_place_that_is_no_folder_only_costs_speed(tmp_path: Path, place: str) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    places = {
        "a file": str(file),
        "below a file": str(file / "cache"),
        "cannot be made": "/proc/self/polyc",  # not even by root
        "no name": "\x7f" * 300,
    }
    done = run(CALL, POLYC_CACHE_DIR=places[place], HOME=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert file.read_text() == "not a folder"


@posix
def test_a_home_that_is_not_there_only_costs_speed() -> None:
    done = run(CALL, HOME="/proc/self/nobody")
    assert (done.returncode, done.stderr) == (0, "")


@posix
@pytest.mark.parametrize("limit", [0, 1, 700, 4096])
def test_a_full_disk_only_costs_speed(tmp_path: Path, limit: int) -> None:
    """No file may grow beyond the limit: writes fail as they do where the disk is full."""
    code = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
    done = run(code + CALL, POLYC_CACHE_DIR=str(tmp_path / "c"), PYTHONDONTWRITEBYTECODE="1")
    assert (done.returncode, done.stderr) == (0, "")
    left = list((tmp_path / "c").iterdir())
    assert not [p for p in left if p.name.startswith(".")]
    assert not [e for e in cache_upkeep.entries(tmp_path / "c") if e.problem]
    assert all(p.stat().st_size <= limit for p in left)


def test_ctrl_c_when_a_file_was_just_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def stopped(*args: Any) -> int:
        os.close(real(*args))
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "open", stopped)
    with pytest.raises(KeyboardInterrupt):
        cache_file.write(folder / "entry", b"data")
    assert not list(folder.iterdir())


WRITER = """
import os, sys
from polyc import cache
from polyc.cache_file import Entry
data = os.urandom(300_000)
print("ready", flush=True)
for n in range(10_000_000):
    cache.put({"kind": "test", "n": n % 50}, Entry({"n": n % 50}, data))
"""


@posix
def test_a_killed_writer_leaves_whole_entries(folder: Path) -> None:
    random = np.random.default_rng(7)
    for _ in range(12):
        with subprocess.Popen([sys.executable, "-c", WRITER], stdout=subprocess.PIPE) as p:
            assert p.stdout is not None
            assert p.stdout.readline() == b"ready\n"
            time.sleep(random.uniform(0, 0.03))
            p.send_signal(signal.SIGKILL)
    entries = cache_upkeep.entries(folder)
    assert entries
    assert [e.problem for e in entries if e.problem] == []
    for n in range(50):
        found = cache.get({"kind": "test", "n": n})
        assert found is None or found.meta == {"n": n}
    left = [p for p in folder.iterdir() if p.name.startswith(".")]
    for path in left:
        os.utime(path, (0, 0))  # as if it had been lying here since 1970
    gone = cache_upkeep.shrink(folder, cache.LIMIT)
    assert gone.files == len(left)
    assert len(list(folder.iterdir())) == len(entries)
