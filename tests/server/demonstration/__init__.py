"""Tests over the whole demonstration company; a package, so that its fixture ends with it."""
