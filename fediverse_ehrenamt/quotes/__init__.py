"""Quotes: who quotes in the fediverse what is ours, and the stamps by which they may (FEP-044f)."""
