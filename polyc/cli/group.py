"""The group of commands: what an error of the user looks like."""

from __future__ import annotations

import traceback
from dataclasses import replace
from typing import Any

import click

from polyc.errors import InternalError, LanguageError, PolycError
from polyc.terminal import show_error


class Group(click.Group):
    """Errors of the user are a message on stderr and status 2, Ctrl-C is a line and 130: never a
    traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InternalError:
            click.echo(traceback.format_exc(), err=True, nl=False)
            ctx.exit(70)
        except (PolycError, OSError) as e:
            show_error(message(e, ctx.obj))
            ctx.exit(2)
        except KeyboardInterrupt:  # click would say "Aborted!" and 1
            click.echo("polyc: interrupted", err=True)
            ctx.exit(130)


def message(e: Exception, file: str | None) -> str:
    if isinstance(e, LanguageError) and file:
        return str(LanguageError([replace(d, file=file) for d in e.diagnostics]))
    return str(e) if isinstance(e, PolycError) else f"error: {e}"
