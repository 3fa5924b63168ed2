"""What a person does to the text of a schedule: each edit takes the text and a line of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

Edit = Callable[[str, int], str]


def rows(text: str) -> list[int]:
    return _with(text, "schedule:")


def marks(text: str) -> list[int]:
    return _with(text, "mark:")


def filters(text: str) -> list[int]:
    return _with(text, "filter:")


def _with(text: str, key: str) -> list[int]:
    return [n for n, line in enumerate(text.split("\n")) if line.lstrip(" -").startswith(key)]


def _pad(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _end(lines: list[str], n: int) -> int:
    """The line after the node that starts in line n: keys in its column, and all that is deeper."""
    column, k = _pad(lines[n]), n + 1
    while k < len(lines) and lines[k] and _pad(lines[k]) >= column:
        if lines[k].lstrip().startswith("-") and _pad(lines[k]) == column:
            break
        k += 1
    return k


# ---- rows
def negate(text: str, n: int) -> str:
    """The loop runs backward."""
    lines = text.split("\n")
    lines[n] = re.sub(r"-> \[\((.*?)\)\](?=[; ])", r"-> [(-(\1))]", lines[n])
    return "\n".join(lines)


def retile(text: str, n: int, size: int) -> str:
    """Another divisor; a row without one is divided."""
    lines = text.split("\n")
    if "/" in lines[n]:
        lines[n] = re.sub(r"/\d+", f"/{size}", lines[n])
    else:
        lines[n] = re.sub(r"-> \[\((.*?)\)\](?=[; ])", rf"-> [(floor((\1)/{size}))]", lines[n])
    return "\n".join(lines)


def exchange(text: str, n: int, m: int) -> str:
    """Two rows change places; marks and flags stay."""
    lines = text.split("\n")
    a, b = (lines[k].partition("schedule:") for k in (n, m))
    lines[n], lines[m] = f"{a[0]}schedule:{b[2]}", f"{b[0]}schedule:{a[2]}"
    return "\n".join(lines)


def drop_row(text: str, n: int) -> str:
    """The loop without its band; what was below moves up."""
    lines = text.split("\n")
    end, column = _end(lines, n), _pad(lines[n])
    inside = [x[2:] for x in lines[n:end] if _pad(x) > column]
    return "\n".join((*lines[: n - 1], f"{' ' * (column - 2)}child:", *inside, *lines[end:]))


# ---- marks
def mark(text: str, n: int, name: str) -> str:
    """The loop of line n marked."""
    lines = text.split("\n")
    end, pad = _end(lines, n), " " * _pad(lines[n])
    node = [f"  {x}" for x in lines[n:end]]
    return "\n".join((*lines[:n], f'{pad}mark: "{name}"', f"{pad}child:", *node, *lines[end:]))


def unmark(text: str, n: int) -> str:
    """The mark of line n taken away."""
    lines = text.split("\n")
    end = _end(lines, n)
    return "\n".join((*lines[:n], *(x[2:] for x in lines[n + 2 : end]), *lines[end:]))


def bare(text: str) -> str:
    """Without marks."""
    while found := marks(text):
        text = unmark(text, found[-1])
    return text


def rename(text: str, n: int, name: str) -> str:
    lines = text.split("\n")
    lines[n] = re.sub(r'"\w*"', f'"{name}"', lines[n])
    return "\n".join(lines)


# ---- sequences
def drop_child(text: str, n: int) -> str:
    lines = text.split("\n")
    return "\n".join((*lines[:n], *lines[_end(lines, n) :]))


def swap_children(text: str, n: int) -> str:
    """The child of line n and the next one of its sequence; the same text where there is none."""
    lines = text.split("\n")
    middle = _end(lines, n)
    if middle >= len(lines) or not lines[middle].startswith(lines[n][: _pad(lines[n])] + "- "):
        return text
    end = _end(lines, middle)
    return "\n".join((*lines[:n], *lines[middle:end], *lines[n:middle], *lines[end:]))


def random_edit(text: str, random: Random) -> str:
    """One of them at a random place."""
    name = random.choice(("parallel", "vector", "unroll"))
    found = rows(text)
    if not found:
        return text
    n, m = random.choice(found), random.choice(found)
    made = [
        negate(text, n),
        retile(text, n, random.choice((2, 3, 4, 8, 16))),
        exchange(text, n, m),
        drop_row(text, n),
        mark(text, n, name),
    ]
    made += [f(text, k) for k in marks(text) for f in (unmark, lambda t, k: rename(t, k, name))]
    made += [f(text, k) for k in filters(text) for f in (drop_child, swap_children)]
    return random.choice(made)
