"""What others write their listings in: a dozen formats, each read as the same entries, with what is wrong by its line.

What every reader makes
    `record`: a Record for each entry, a Fault for what could not be read.
From where
    `fetching`: a file or an address.  `decoding`: its letters.  `formats`: what it is, and which reader it gets.
The readers
    `tables`, also of `workbooks`, `opendocument`, `page_tables`.  `freinet`: XML and JSON of agencies.  `missions`.
    `linked_data`: pages, by `markup` and `loose_json`, and feeds of `openactive`.  `calendars`: `calendar_lines`,
    `calendar_zones`.  `referrals`: directories of social services, which list no offers.
Which field means what
    `columns`, by `column_names`.
What stands in a field
    `answers`: yes, no and weekdays.  `days`, `moments`, `schedules`: when.  `addresses`, `points`: where.
    `categories`, by `area_words`, `activity_words` and `stems`: about what.
"""
