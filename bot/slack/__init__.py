"""Slack: listeners, and pure functions from a reply to Slack's payloads."""
