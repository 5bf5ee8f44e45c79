"""What becomes of labels: the spool, its jobs, the printers, and what is doubtful.

``spool`` is what the spooler calls and all others build on.
"""
