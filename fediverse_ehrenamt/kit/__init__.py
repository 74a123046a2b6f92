"""Small tools that know nothing of volunteering, and that everything else may use.

The net
    `http`: the one client.  `addresses`, `smtp`, `mailbox`.  `html`, `markdown`: what strangers wrote, made safe.
Names and seals
    `ids`, `tokens`, `sealing`, `qr`.
Times and places
    `clock`, `days`; `geo`, `grids`.
Words
    `errors`: the one tree.  `sentences`, `reasons`, `counts`: what people are told.
The process
    `buckets`, `collector`, `resources`, `values`.
"""
