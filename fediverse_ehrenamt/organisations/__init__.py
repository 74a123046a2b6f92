"""Organisations: who publishes here, what is to be known of them, and where they are written to."""
