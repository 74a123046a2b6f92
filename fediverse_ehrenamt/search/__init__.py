"""Documents are found: from the table that holds them, by an index on this machine that follows it, to a page of hits.

What is found
    `model`, `card`: a Document.  `store`: its table.  `series`: the dates of one thing.
What is asked for
    `query`: from a URL.  `filters`: by what one can search.  `facets`, `scales`, `registration`: what a Document says
    to that.  `words`: both in words.
How it lies in the index
    `schema`; `circle`, `crowds`: places as cells.  `folder`, `writer`, `feed`: how it follows the table.
How it is answered
    `engine`, from `snapshot` and `cache`: `clauses` → `measure` (`rim`, `nearest`, `closeness`), `counting`, `nearby`,
    `spelling`, `suggest`, `agenda`, `further`; on maps `frames`, `charting`.
Searches that wait
    `saved`: held by each process.  `percolation`, `demands`: which of them a Document is found by.
"""
