"""What a list hides of whom: a guard that an app above registers, asked for each cell on screen and in files.

This app does not know what a person is; it hands over what a cell is read from.  Without a guard nothing is
hidden, for then there are no persons.
"""

from __future__ import annotations

from collections.abc import Callable

Closed = Callable[[object], bool]  # a value or the thing it is read from → it stays masked
Guard = Callable[[object], Closed]  # who looks → what stays masked for them

_guards: list[Guard] = []


def listing_guard_register(function: Guard) -> None:
    """Ask `function` for everybody who looks at a list what stays masked."""
    if function not in _guards:
        _guards.append(function)


def closed_for(user: object) -> Closed:
    """Return what stays masked for `user`."""
    asked = [guard(user) for guard in _guards]
    return lambda thing: any(closed(thing) for closed in asked)
