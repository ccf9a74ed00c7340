"""What is done before the bot is connected to Slack."""

from __future__ import annotations

import subprocess
import sys

_CONNECT_TO_NOBODY = """
import asyncio, sys
from types import SimpleNamespace
import aiohttp
from bot.running import connect
from bot.settings import SlackSettings
from queries.core.question import names

rooms = SimpleNamespace(services=SimpleNamespace(catalog=None, clock=None))
nobody = SlackSettings(bot_token="xoxb-1", app_token="xapp-1", api_url="http://127.0.0.1:1/")
try:
    asyncio.run(connect(rooms, nobody, 1))
except aiohttp.ClientConnectorError:
    needed = [f"queries.{name}" for name in names()]
    needed += ["date_wrangler", "scipy.stats", "matplotlib.figure"]
    print(*(name for name in needed if name not in sys.modules), "all the others")
"""


def test_what_answers_need_is_imported_before_the_bot_connects() -> None:
    """Importing the questions and what they use takes seconds; no acknowledgement waits for it."""
    told = subprocess.run(  # noqa: S603 - our own words, by this interpreter
        [sys.executable, "-c", _CONNECT_TO_NOBODY], capture_output=True, text=True, check=True
    )
    assert told.stdout == "all the others\n"
