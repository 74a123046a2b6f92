"""Publishing: the files that organisations hand in, from their text to what is published, all of it or nothing."""
