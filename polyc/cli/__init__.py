"""The command line, a command a file.

Exit status: 0 done, 1 a check found a difference, 2 bad usage or text.
"""

from __future__ import annotations

import click

from polyc import __version__
from polyc.cli import bench, cache, compile, demo, explain, fmt, info, run
from polyc.cli.group import Group


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="polyc")
def main() -> None:
    """Compile operators in affine Einstein notation to fast CPU kernels.

    TEXT is an einsum string, the bracket form, definitions, or a file with one of them.
    """


for _command in (
    run.run,
    compile.compile,
    explain.explain,
    fmt.fmt,
    info.info,
    cache.group,
    demo.demo,
    bench.bench,
):
    main.add_command(_command)
