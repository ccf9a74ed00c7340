"""Groups of people: which counts may be shown, and how far groups lie apart."""
