"""Matching: what fits whom, how well, and why. Offers are judged for a person, never a person for an offer. Pure."""
