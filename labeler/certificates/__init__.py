"""PURE: what makes a run certificate provable with nothing but a public key.

`keys.py` signs and proves, `statement.py` is the figures as one signed line, `sealing.py` closes a
file so that a change of any byte shows.
"""
