"""Tags and filters that every template of the console may load."""
