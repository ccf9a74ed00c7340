"""How good a model is, in words and pictures: what several questions say of it."""
