"""Assurance: the organisation of secrecy, rule documents, inspections, and how well the measures hold."""
