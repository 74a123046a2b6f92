"""What people write in plain German, as values: when help is wanted (times), and what is looked for (questions). Pure.

Times
    `times`: text → `lexing` by `lexicon` → `marks` → `clock_times`, `amounts`, `rhythm`, `cells`.
Descriptions
    `prose`: statements.  `told`: which of them say when.  `conditions`, `german`, `spoken`,
    `suited`, `admission`, `helped`: what they say.
Questions
    `questions`, of `asking`'s parts: `question_places`, `question_dates`, `question_times`, `question_durations`,
    `question_people`, `question_circumstances`, `question_denials`; what is left: `question_text`.  Their words:
    `question_lexicon`, `question_marks`.
"""
