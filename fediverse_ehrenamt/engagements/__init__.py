"""Enquiries: somebody wants to help, an organisation answers; both by links in letters, without accounts."""
