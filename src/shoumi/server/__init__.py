"""Django: what is remembered and shown."""
