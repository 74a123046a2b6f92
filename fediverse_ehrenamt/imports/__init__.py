"""Listings of others become offers and dates of ours: understood, compared with the last time, published, ended.

An entry
    `drafts`: what becomes of it.  `privacy`, `capitals`, `descriptions`: its words.  `topics`: about what, for whom.
    `wordings`, `understood`: when.
    `spots`, `homes`: where.  `owners`: whose.
A run
    `plan`, with `differences`: what would be done.  `actions`: doing it.  `report`: what was done.
A source
    `sources`, by `store` and `model`; `tasks`: read again on its schedule.
"""
