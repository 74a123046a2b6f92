"""Moderation: what people and peers report, what is decided about it, and who is told why."""
