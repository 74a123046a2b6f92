"""Feeds: a saved search is an account that anybody in the fediverse can follow; it announces what is new in it."""
