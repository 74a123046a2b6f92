"""Searching by meaning across languages: the optional extra `[semantic]`, without which nothing here is imported."""
