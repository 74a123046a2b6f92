"""The durable queue: work is written in the caller's transaction, kept in order for each host, and tried again."""
