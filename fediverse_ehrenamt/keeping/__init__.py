"""The Merkliste: what a visitor without an account wants to find again, kept by their browser, shared by a link."""
