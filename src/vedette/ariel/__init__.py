"""Ariel's side of our events: the databases that AQL reads, the names of what has numbers there, and searches with limits."""
