"""What people write in plain German, as values: when help is wanted (times), and what is looked for (questions)."""
