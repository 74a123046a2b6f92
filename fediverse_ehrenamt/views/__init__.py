"""How often pages were opened: daily sums of each page, without anything about those who opened them."""
