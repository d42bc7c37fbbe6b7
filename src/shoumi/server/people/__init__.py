"""Legal entities, departments, posts, persons, and their engagements."""
