"""Reads of cases of people: plans as they were kept, how a case stands, who may see which case and step."""
