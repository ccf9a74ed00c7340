"""Forms as modals: how a field is shown, what was entered, and what a submission means."""
