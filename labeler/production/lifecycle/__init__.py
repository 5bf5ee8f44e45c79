"""The room for the life of units: what people do with them, their history, the list of them.

`steps.py` is the one place that changes the state of a unit. It knows nothing of the others here,
so labels and leases go through it, too.
"""
