"""The room for the balance of a run: do its units add up, and if not, which are they."""
