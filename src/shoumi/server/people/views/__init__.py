"""The pages of people: organisation, persons, engagements, import and export."""
