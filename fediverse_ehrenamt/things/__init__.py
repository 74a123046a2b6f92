"""Things: the shelf on which opportunities, events and posts lie, our own and those that came in.

A thing
    `model`, `store`; `wire`, `timing`: what of it is found by.  `naming`: ours by the address of its page.
Our own
    `actions`: its life.  `writing`: how it reads in a timeline.  `showings`, `bulk`, `pages`.
Those of others
    `inbox`, `fitting`, `origins`, `review`, `faded`.
What becomes of them
    `tasks`, `moderating`, `placing`, `describing`, `pictures`.
"""
