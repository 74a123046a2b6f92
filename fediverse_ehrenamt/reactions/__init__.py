"""Reactions: how many like and share what is ours. Numbers leave here, never who."""
