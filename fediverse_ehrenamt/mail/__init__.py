"""Letters: written in the caller's transaction, sent by the queue, erased once they are gone."""
