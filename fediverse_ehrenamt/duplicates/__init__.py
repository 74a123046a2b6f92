"""Duplicates: listings of several sources that are one need, shown as one card; every decision can be taken back."""
