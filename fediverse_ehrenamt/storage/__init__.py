"""Storage: the one place that speaks to databases. SQLite or PostgreSQL, their types, locks and migrations."""
