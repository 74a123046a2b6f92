"""Conversations: what people say to organisations, in public replies that are let through and in messages."""
