"""Tiles for maps: from a file of the operator or a tile server, always through us."""
