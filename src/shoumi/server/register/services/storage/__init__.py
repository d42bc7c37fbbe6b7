"""What can be done with storage units: registered, authorised, looked after, serviced, reviewed."""
