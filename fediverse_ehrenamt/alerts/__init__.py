"""Saved searches by mail: whoever confirms an address hears of what is new in a search, and stops it with one click."""
