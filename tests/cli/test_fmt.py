"""`polyc fmt`, and colour where a person looks."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_cli import polyc

UGLY = "def f(float(N) x)->(y){y(i)=exp( x(i) ) }  # twice"
NICE = "def f(float(N) x) -> (y) {\n  y(i) = exp(x(i))\n}  # twice\n"
WRONG = "def f(float(N) x) -> (y) { y(i) = exq(x(i)) }"


def test_a_text_is_printed() -> None:
    done = polyc("fmt", UGLY)
    assert (done.exit_code, done.stdout, done.stderr) == (0, NICE, "")
    assert polyc("fmt", "mk, kn -> mn").stdout == "mk,kn->mn\n"


def test_a_file_is_written_where_asked(tmp_path: Path) -> None:
    file = tmp_path / "f.polyc"
    file.write_text(UGLY)
    assert polyc("fmt", file).stdout == NICE
    assert file.read_text() == UGLY
    assert polyc("fmt", "--check", file).exit_code == 1
    done = polyc("fmt", "-i", file)
    assert (done.exit_code, done.stdout, file.read_text()) == (0, "", NICE)
    assert polyc("fmt", "--check", file).exit_code == 0


def test_errors_name_the_file(tmp_path: Path) -> None:
    file = tmp_path / "f.polyc"
    file.write_text("O(i) = (I(i)]")
    done = polyc("fmt", "-i", file)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"{file}:1:13: error[E003]: `]` closes no `[`\n")
    assert file.read_text() == "O(i) = (I(i)]"
    assert polyc("fmt", "-i", UGLY).exit_code == 2


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """What a command prints where stdout and stderr are one terminal."""
    primary, secondary = pty.openpty()
    variables = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    command = [sys.executable, "-m", "polyc", *arguments]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=secondary,
        stderr=secondary,
        env={**variables, "TERM": "xterm-256color", **environment},
    ) as process:
        process.wait(60)
        os.close(secondary)
        data = b""
        while part := _read(primary):
            data += part
    os.close(primary)
    return data.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""


PLAIN = re.compile(r"\x1b\[[0-9;]*m")


def test_texts_have_colours_on_a_terminal() -> None:
    found = on_a_terminal("fmt", UGLY)
    assert "\x1b[1;35mdef\x1b[0m" in found
    assert PLAIN.sub("", found) == NICE


def test_errors_have_colours_on_a_terminal() -> None:
    found, plain = on_a_terminal("compile", WRONG), polyc("compile", WRONG).stderr
    assert "\x1b[1;31merror[E012]:\x1b[0m" in found
    assert PLAIN.sub("", found) == plain


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_refused(environment: dict[str, str]) -> None:
    assert on_a_terminal("fmt", UGLY, **environment) == NICE
    assert "\x1b" not in on_a_terminal("compile", WRONG, **environment)
