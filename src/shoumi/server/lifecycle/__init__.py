"""Cases of people, from joining to the end of the cool-down: steps, gates, handover, look-back."""
