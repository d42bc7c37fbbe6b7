"""Plugs the house together: typed configuration, settings, urls, wsgi, and adapters into ports."""
