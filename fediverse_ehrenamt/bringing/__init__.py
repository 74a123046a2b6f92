"""Listings that people bring by the browser: a file or an address, looked at before anything of it is published."""
