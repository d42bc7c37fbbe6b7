"""Law as data: one folder per country, dated and sourced YAML, no code.

`shoumi.engine.jurisdiction` reads these files; nothing else names an article of law.
"""
