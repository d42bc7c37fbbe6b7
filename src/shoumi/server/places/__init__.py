"""Places: zones, who may enter them, visits, and what guards them."""
