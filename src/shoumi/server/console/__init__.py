"""Home, navigation, search, settings, and the texts of errors: the frame around every page."""
