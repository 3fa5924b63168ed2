"""`python -m polyc` is the command `polyc`, and this function is what both run."""

from __future__ import annotations

import sys


def main() -> None:
    """The command line. Ctrl-C, while it is being imported too, is one line and status 130."""
    try:
        from polyc.cli import main as commands

        commands()
    except KeyboardInterrupt:
        interrupted()


def interrupted() -> None:
    """Ends as a shell expects of a program that SIGINT stopped."""
    sys.stderr.write("polyc: interrupted\n")
    sys.exit(130)


if __name__ == "__main__":
    main()
