"""The first run in a browser: as long as nothing is set up, `serve` shows one page, to whoever holds the link."""
