"""Write docs/cli.md from the commands' own help: `make docs`."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli import cli

TARGET = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
OPENING = """\
# The command line

Made from the commands' own help by `make docs`; a test fails when it is stale.

Results go to stdout, everything else to stderr. `--json` prints one JSON document. Exit 0 on
success, 1 when the input is wrong (the message says file, line, what is wrong and what to do),
2 for wrong usage, 3 for a fault in detente itself, 130 after Ctrl-C. Nothing is ever half
written: after a crash or Ctrl-C there is the old file or the new one.
"""


def help_of(command: click.Command, name: str) -> str:
    """What `NAME --help` prints, the same on every terminal."""
    with click.Context(
        command, info_name=name, terminal_width=88, max_content_width=88, color=False
    ) as context:
        context.help_option_names = ["-h", "--help"]
        lines = command.get_help(context).splitlines()
    return "\n".join(line.rstrip() for line in lines)


def page() -> str:
    """The whole of docs/cli.md."""
    parts = [OPENING, _section("detente", help_of(cli, "detente"))]
    for name, command in cli.commands.items():
        parts.append(_section(f"detente {name}", help_of(command, f"detente {name}")))
    return "\n".join(parts)


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n```text\n{text}\n```\n"


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
    print("docs: wrote docs/cli.md")
