"""What places answers: the zone rule for whoever stores something, lists, and what hangs on a zone."""
