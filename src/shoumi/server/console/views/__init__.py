"""Pages of the console: home, search, settings, the choices of language and theme, errors."""
