"""What people are told: inbox and e-mail."""
