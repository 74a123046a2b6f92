"""The audit log: who of the instance or of an organisation has done what, and when; kept for a while, then erased."""
