"""An ask on its way: a placeholder, progress, the answer in its place and its picture."""
