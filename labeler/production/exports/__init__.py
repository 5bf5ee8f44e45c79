"""Exports: what the record says, row for row, as a file; `sources/` x `formats/`."""
