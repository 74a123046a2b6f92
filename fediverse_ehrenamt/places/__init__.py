"""Places: towns, postcodes and districts of Germany, looked up in files; no other machine is asked where one is."""
