"""Nothing is issued again after a restore: the lock, what opens it, and what is left out then."""
