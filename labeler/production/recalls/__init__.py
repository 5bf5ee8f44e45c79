"""Recalls: which units are called back, why, by whom, and where each of them is now."""
