"""The commands: each asks the API, in this process or the running service's, and shows the answer."""
