"""Write sample logs, and a commented plainlogs.toml that declares them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bot.program.options import moment, parser
from bot.samples.write import write_samples
from bot.settings import FILE


def run(argv: Sequence[str]) -> int:
    """Write the samples into a folder and say what to try."""
    options = parser("sample", __doc__ or "")
    options.add_argument("folder", type=Path)
    options.add_argument("--at", type=moment, metavar="TIME", help="the moment the logs end")
    options.add_argument("--seed", type=int, default=1, help="another seed, other requests")
    arguments = options.parse_args(argv)
    console = Console(highlight=False, stderr=True)
    with console.status("Writing sample logs…") as status:
        write_samples(
            arguments.folder,
            arguments.at or datetime.now(UTC),
            arguments.seed,
            lambda what, _share: status.update(what),
        )
    config = arguments.folder / FILE
    console.print(f"Wrote {config} and the logs it declares. Try:")
    console.print(f'  plainlogs ask "errors lending last 24 hours by region" --config {config}')
    return 0
