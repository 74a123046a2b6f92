"""Events: something happens at a time. What an organisation publishes, and what peers tell us."""
