"""The ``plainlogs`` program."""

from __future__ import annotations

import difflib
import importlib
import os
import sys
from collections.abc import Mapping, Sequence

from queries.core.errors import LogUnreadable, PlainError, TookTooLong

TRACEBACK = "PLAINLOGS_TRACEBACK"
"""Where it is set, a defect is shown whole."""

COMMANDS: Mapping[str, str] = {
    "demo": "try everything on this machine, without an account",
    "ask": "ask one question here",
    "questions": "list what can be asked",
    "serve": "connect to Slack and answer until stopped",
    "check": "say what is missing to run for real",
    "sample": "write sample logs and a configuration for them",
    "manifest": "print the Slack app manifest",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Gives 0, 2 on bad input, 1 when a log can't be read."""
    words = list(sys.argv[1:] if argv is None else argv)
    name = words[0] if words else "--help"
    if name in ("-h", "--help"):
        print(_usage())
        return 0 if words else 2
    if name not in COMMANDS:
        close = difflib.get_close_matches(name, COMMANDS, n=1)
        hint = f" Did you mean `plainlogs {close[0]}`?" if close else ""
        print(f"plainlogs has no command “{name}”.{hint}\n\n{_usage()}", file=sys.stderr)
        return 2
    try:
        return int(importlib.import_module(f"bot.program.{name}").run(words[1:]))
    except (LogUnreadable, TookTooLong) as error:
        print(error, file=sys.stderr)
        return 1
    except PlainError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the output has gone, and needs no word of it
        return 1
    except KeyboardInterrupt:
        # As shells tell of a program that was ended by Ctrl-C.
        return 130
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        print(_defect(error), file=sys.stderr)
        return 1


def _defect(error: Exception) -> str:
    first = next(iter(str(error).strip().splitlines()), "")
    return (
        f"Something went wrong on our side: {type(error).__name__}{': ' if first else ''}{first}\n"
        f"{TRACEBACK}=1 in the environment shows where, for whoever mends it."
    )


def _usage() -> str:
    lines = [f"  {name:10} {what}" for name, what in COMMANDS.items()]
    return "\n".join(
        [
            "Ask production machine-learning logs in plain words.",
            "",
            "plainlogs COMMAND …; `plainlogs COMMAND --help` says more:",
            *lines,
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
