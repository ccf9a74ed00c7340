"""Which requests have an outcome, when outcomes are in, and predictions against them."""
