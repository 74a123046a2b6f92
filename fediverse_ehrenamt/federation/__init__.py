"""ActivityPub between servers: who is who, what comes in, what goes out, whom we read, whom we speak to.

Who is who
    `addresses`, `actors`, `own_keys`, `rotation`, `updates`, `renaming`: ours.  `peers`, `neighbours`: others.
    `model`: all tables but those of policy.
Who said it
    `evidence`, `cavage`, `rfc9421`, `components`, `signatures`, `keyring`: HTTP signatures.  `proofs`: FEP-8b32.
    `authority`: FEP-fe34.  `forwarded`: brought by a third.
What comes in
    `door` → `wanted` → `inbox` (kept by `openings`) → `handlers`; `follows`, `blocks`, `moves`, `answers`, `privacy`
    handle what is about actors, capabilities the rest.  `absence`: what its origin does not find is asked for again.
What goes out
    `outbox` → jobs → `delivery` → `sending` (with `challenges`), to `recipients`.  `passing_on`: what feeds announced.
What may be read
    `pages`: `collections`, `webfinger`, `nodeinfo`, `secure`.  `remote_follow`: a visitor's way home.
Whom we read
    `sources`, `chosen`, `discovery`, `fetch`, `catching_up`, `outboxes`.
Whom we speak to
    `rules`, `restrictions`, `policy`, `policy_model`, `domain_blocks`.
"""
