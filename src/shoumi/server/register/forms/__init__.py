"""Forms of the register, one module per step; each turns what was typed into values and back.

Follows Django's forms.  They check form, never completeness: a draft may be saved half filled.
"""
