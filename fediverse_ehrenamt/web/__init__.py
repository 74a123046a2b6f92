"""What all pages share: from a request that is bounded and checked to an answer that is escaped and translated.

A request
    `forms`, `uploads`, `paths`, `legible`.  `origins`, `cross_origin`: from whose page.  `throttle`: how often.
Who asks
    `sessions`, `shortlist`: cookies.  `negotiation`: object or page.  `i18n`: in which language.
An answer
    `rendering`; `answers`: behind links in letters.  `errors`, `once`: what went wrong, what was done.  `plots`,
    `spreadsheets`: figures.  `assets`: files.
On its way
    `headers`, `compression`, `conditional`.
"""
