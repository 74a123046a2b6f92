"""Look: the colour, logo, tagline and hashtag that an operator gives an instance."""
