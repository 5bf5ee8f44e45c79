"""The pages for people: thin doors that call the same verbs as the API, and show what they say.

`joining.py` joins them to the application; a page is a function in the file of its subject, and a
template in `html/`. How to add one stands in CONTRIBUTING.md.
"""
