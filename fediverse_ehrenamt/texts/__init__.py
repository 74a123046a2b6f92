"""Texts: what an instance says of itself (imprint, privacy, rules, accessibility), and imprints of organisations."""
