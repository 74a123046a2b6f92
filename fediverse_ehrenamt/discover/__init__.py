"""The visitor's pages: found, read, kept, subscribed to. Nothing here needs JavaScript.

The search
    `pages` and their routes.  `understood`: what a sentence means; `pasted`: an address.  `filtering`: the form.
    `results`, `view`, `whens`: the hits.  `series`: one for many dates.  `unclear`: what cannot be understood.
    `drawing`: drawn once for all.
One thing
    `detail`, `facts`; `sheet`: for a board on a wall.  `gone`: what is no more.  `linked_data`: for search engines.
By days and on the map
    `calendar`: `days`, `timetable`, `periods`.  `mapping`: the map.
What fits whom
    `matching`: `profile`, `questions`, `fit`.
Who offers it
    `organisations`, `feeds`.
Taken along
    `subscriptions`: `atom`, `ics`.  `following`, `sharing`: from one's own server.
Beneath
    `lookups`: what is asked of capabilities.  `readers`: for whom a page is written.  `viewing`: what is counted.
"""
