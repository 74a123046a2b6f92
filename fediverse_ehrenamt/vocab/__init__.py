"""What servers write to each other: JSON from the network as frozen values, and those values as JSON.

The door
    `codec`; `body`: bytes, bounded.  `outline`: who did what, quickly.  `guard`, `context`, `jsonld`: one meaning only.
The values
    `types`, `agreements`, `featured`, `quotes`, `keys`, `lifetimes`.  `labels`: their words in German.
Reading
    `reader`: single properties.  `parts`, `details`, `objects` (`mobilizon`: what only events of it say),
    `actors`, `activities`.
Writing
    `writing`: `writing_parts`, `writing_actors`, `writing_events`, `writing_things`.
Proving
    `jcs`, `multikey`, `proofs`: FEP-8b32.
"""
