"""A reply as Slack's payload: pure functions, which shorten rather than fail."""
