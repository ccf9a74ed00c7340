"""How good a model is, by its task's metrics, beside before and in every slice."""
