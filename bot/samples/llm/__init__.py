"""The ``llm`` sample: an hour of a simulated language-model service."""
