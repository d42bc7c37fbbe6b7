"""Training on secrecy: courses, their tests and certificates, campaigns, and the plan of a year."""
