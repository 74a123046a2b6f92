"""How German is read, letter by letter and word by word, and other languages beside it; the word lists are our own."""
