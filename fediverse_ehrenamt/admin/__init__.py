"""The pages of coordinators, moderators and operators: they combine capabilities and have no rules of their own.

The frame
    `pages`: the first one.  `menu`: which sections there are, and for whom.  `queues`: how much waits in each.
    `beginning`: what a new portal still needs.  `calling`: letters that something waits.
What waits for a decision
    `applications`, `first_posts` → `held`, `reviews`, `reports` → `objections`, `stale` → `faded`, `duplicates`,
    `enquiries`.  `shown`, `comparing`: how they show it.  `asking`, `reasons`, `withdrawing`: before it is done.
Who takes part
    `people` → `person`; `organisations`.  `entering` → `entered`: enquiries of people without e-mail.
What is found here
    `sources` → `source`, `choosing`; `bringing`; `feeds`; `districts` → `district`.
Whom the portal speaks to
    `network`, `blocks`, `block_lists`, `allowed`.
What the portal is
    `appearance`, `choices`, `texts`.
What happened
    `log`: `deeds`, `former_deeds`.  `statistics`: `topics`.  `jobs`: what waits in the background.
"""
