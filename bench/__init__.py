"""Ratios against ceilings and peers, in one run: `python -m bench`, or `make bench`.

An absolute time says something about the machine and the hour; a ratio of two sides that took turns
in one run says something about the code. docs/benchmarks.md tells what each ratio means.
"""
