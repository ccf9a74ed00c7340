"""Pure functions from a log to typed numbers; what questions share."""
