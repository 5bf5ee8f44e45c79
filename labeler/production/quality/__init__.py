"""The room for what QA asks: verifications, and what became of a range of serials."""
