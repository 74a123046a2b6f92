"""Opportunities: an organisation looks for helpers. What it publishes, and what peers tell us."""
