"""The pages of coordinators, moderators and operators: they combine capabilities and have no rules of their own."""
