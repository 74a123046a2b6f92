"""Visitors say in one click that an offer does not hold any more: its organisation is asked, a coordinator looks."""
