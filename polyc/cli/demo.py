"""`polyc demo`."""

from __future__ import annotations

import click


@click.command()
@click.argument("folder", default="demo-output")
def demo(folder: str) -> None:
    """Compile and run operators on a photograph and handwritten digits; writes to FOLDER."""
    try:
        from polyc import demo as program  # needs packages that nothing else needs
    except ModuleNotFoundError as e:
        raise click.UsageError(
            f"the demonstration needs {e.name}: pip install 'polyc[demo]'"
        ) from None
    raise SystemExit(program.main(folder))
