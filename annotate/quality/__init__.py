"""From what people said to what holds: resolution of annotations."""
