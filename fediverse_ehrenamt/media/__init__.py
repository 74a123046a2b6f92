"""Pictures: those that are handed in, and copies of those of other instances; all made anew, without metadata."""
