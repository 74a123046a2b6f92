"""People who sign in: who they are, what they may do, and how they prove it.

Who may what
    `rules`.  `people`, `inviting`, `roster`: given, taken, found.  `telling`: letters about it.
How they sign in
    `entering`, `visits`.  `passwords`, `passkeys` by `ceremonies`; `factors`: the second step.
The pages
    `pages`: the door.  `own_pages`: one's account, with `password_pages`, `passkey_pages`, `factor_pages`,
    `moving_pages` (of `moving`: another address), `leaving_pages`.
Beneath
    `model`, `store`, `wire`, `tasks`.
"""
