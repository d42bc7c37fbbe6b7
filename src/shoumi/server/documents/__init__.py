"""Recognising secrets in files: indexes of what is secret, scans that look for it, and what they found."""
