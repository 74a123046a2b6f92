"""The demo: three invented towns that follow one another, and Documents by the hundred thousand for benchmarks."""
