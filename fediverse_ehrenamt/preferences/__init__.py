"""What an instance prefers: where it is at home, in which languages it speaks, which areas and districts it offers."""
