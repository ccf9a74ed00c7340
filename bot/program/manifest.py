"""Print the Slack app manifest, as plainlogs.toml asks for it."""

from __future__ import annotations

import os
from collections.abc import Sequence

from bot.program.options import add_config, parser
from bot.settings import SlackSettings, load
from bot.slack.manifest import manifest_yaml


def run(argv: Sequence[str]) -> int:
    """Print the manifest as YAML; without a configuration, with every shortcut."""
    options = parser("manifest", __doc__ or "")
    add_config(options)
    arguments = options.parse_args(argv)
    slack = SlackSettings()
    if arguments.config.exists():
        slack = load(arguments.config, os.environ).slack
    print(manifest_yaml(slack.shortcuts, slack.command), end="")
    return 0
