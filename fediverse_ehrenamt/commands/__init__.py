"""What an operator can say to `ehrenamt`: each module lists its COMMANDS, cli.py joins them.

The instance
    `setting_up`, `running`, `working`, `demo`, `jobs`, `look`, `texts`, `maps`, `places`.
Who takes part, and what they publish
    `people`, `publishing`, `events`, `messages`, `enquiries`.
What is found here
    `sources` → `source_reviews`, `source_wishes`; `imports` → `import_reports`; `feeds`, `duplicates`, `stale`.
Others
    `peers`, `keys`, `policy`, `reports`.
Beneath
    `groups`, `misuse`, `moments`, `shell`: help, faults, times, and what all commands share.
"""
