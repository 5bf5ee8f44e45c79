"""The room for run certificates: what stands on one, how it looks, and that the site signed it."""
