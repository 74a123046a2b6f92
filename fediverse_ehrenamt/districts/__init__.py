"""The districts that an instance keeps, the same on all its machines: learnt, entered, renamed, merged, hidden."""
