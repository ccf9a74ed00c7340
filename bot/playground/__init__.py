"""A local Slack for people and tests: a strict server and a page."""

from bot.playground.app import playground
from bot.playground.page import Controls
from bot.playground.server import PlaygroundServer, serve
from bot.playground.webapi import Fault
from bot.playground.workspace import SAMPLE, Workspace

__all__ = [
    "SAMPLE",
    "Controls",
    "Fault",
    "PlaygroundServer",
    "Workspace",
    "playground",
    "serve",
]
