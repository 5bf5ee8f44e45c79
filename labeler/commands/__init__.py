"""The commands: each asks the API, here or the running service's, and shows the answer."""
