"""Writes of the concerns app: reporting, the mailbox, answers and the end of an examination."""
