"""An organisation's own pages: it writes, changes and looks after its offers, and answers who wants to help.

Writing
    `writing`: the form, by `fields`, `reading`, `drafting`.  `hints`, `preview`, `finding`, `pictures`, `versions`:
    what helps with it.  `borrowing`: from a template.  `repeating`, `series`: dates that come again.
What was written
    `pages`, `actions`.  `holding`: a first offer waits.  `restoring`: what a moderator took down.  `numbers`: figures.
What came in
    `inbox`, `inbox_pages`, `message_pages`, `quote_pages`.  `senders`: who pesters.
Who it is
    `choosing`: for which organisation somebody works now.  `profile`, `team`.
Beneath
    `store`, `model`.
"""
