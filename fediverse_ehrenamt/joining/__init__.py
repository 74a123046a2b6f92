"""Organisations ask to take part: anybody asks, a mail is confirmed, a coordinator decides, the person is told."""
