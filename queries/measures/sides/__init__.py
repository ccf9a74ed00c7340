"""Two versions, parts or times beside each other, as they came and weighed alike."""
