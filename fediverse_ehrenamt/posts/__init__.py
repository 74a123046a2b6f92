"""Posts: what sources that are followed write beside offers and events."""
