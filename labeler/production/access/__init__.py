"""Who may do what: accounts, sessions, API keys, a second person. See docs/decisions/0051."""
