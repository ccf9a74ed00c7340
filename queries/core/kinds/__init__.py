"""The kinds of parameters that a question can have, beyond the common ones in ``params``."""
