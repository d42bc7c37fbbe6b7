"""What can be done with carriers: numbered, added, marked, labelled, handed over; and the company rules."""
