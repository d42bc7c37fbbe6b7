"""What says who somebody is, as whoever looks may see it: the one place through which names reach anybody.

A field of this module holds a name, a number or an address of a person.  While an answer is made for a
viewer, reading it gives what an app above lets them see, and the whole value otherwise: so no page, list,
file, printed paper or answer of the API has to think of it.  Work that a viewer orders is done with whole
values; what is kept is always whole.  Names that stand in texts are masked where the text goes out.
Who is masked for whom is the decision of `people.border`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from functools import wraps
from typing import Any, Protocol, TypeVar

from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.http import HttpRequest

from shoumi.engine.errors import InputError
from shoumi.server.accounts.masking import HIDDEN, mask
from shoumi.server.accounts.names_in_text import NamesInText

JSON = "application/json"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
Taken = TypeVar("Taken")


class MaskedError(InputError):
    """Something masked came back to be kept: it would take the place of what it hides."""

    code = "accounts.masked"
    message = "What is masked for you cannot be changed by you: the whole value would be lost."


class Sight(Protocol):
    """What one viewer sees of persons."""

    def hides(self, kind: type[models.Model], key: object) -> bool:
        """Tell whether the row of this model with this key, a person or a sign-in, stays masked."""

    @property
    def texts(self) -> NamesInText:
        """What masks names in texts."""


_sights: list[Callable[[Any], Sight]] = []


def sight_register(function: Callable[[Any], Sight]) -> None:
    """Let `function` say what a user sees of persons; there is one."""
    _sights[:] = [function]


class Window:
    """Through which one viewer looks while an answer is made for them."""

    def __init__(self, viewer: Callable[[], Any], *, masks: bool) -> None:
        """Remember how to find out who looks, which may turn out late, and whether reading masks."""
        self._viewer = viewer
        self.masks = masks
        self._sight: tuple[object, Sight] | None = None

    @property
    def sight(self) -> Sight | None:
        """What the viewer sees; None for nobody who is signed in."""
        viewer = self._viewer()
        if viewer is None or not viewer.is_authenticated or not _sights:
            return None
        if self._sight is None or self._sight[0] != viewer.pk:
            self._sight = (viewer.pk, _sights[0](viewer))
        return self._sight[1]

    def sight_of(self, viewer: Any) -> Sight | None:
        """Return what `viewer` sees, if it is they who look."""
        sight = self.sight
        return sight if self._sight is not None and self._sight[0] == getattr(viewer, "pk", None) else None

    def take_over(self, viewer: Any, before: Window) -> None:
        """Know what was known before, if the same viewer looked."""
        known = before.sight_of(viewer)
        if known is not None:
            self._sight = (viewer.pk, known)

    def hides(self, kind: type[models.Model], key: object) -> bool:
        """Tell whether somebody stays masked."""
        sight = self.sight
        return sight is not None and sight.hides(kind, key)


_window: ContextVar[Window | None] = ContextVar("window", default=None)


@contextmanager
def answering(request: HttpRequest) -> Iterator[None]:
    """Make an answer to a request: what is only read is masked, what is ordered is done with whole values."""
    token = _window.set(Window(lambda: getattr(request, "user", None), masks=request.method in READING))
    try:
        yield
    finally:
        _window.reset(token)


@contextmanager
def shown_to(viewer: object) -> Iterator[None]:
    """Make what `viewer` is shown, or takes out, inside the block: names are masked for them."""
    before, window = _window.get(), Window(lambda: viewer, masks=True)
    if before is not None:
        window.take_over(viewer, before)
    token = _window.set(window)
    try:
        yield
    finally:
        _window.reset(token)


@contextmanager
def kept_whole() -> Iterator[None]:
    """Make what is kept or sent to others inside the block: names are whole, whoever is looking."""
    token = _window.set(None)
    try:
        yield
    finally:
        _window.reset(token)


def sight_of(viewer: object) -> Sight | None:
    """Return what `viewer` sees, if it is they who are looking now; so what is known is not read twice."""
    window = _window.get()
    return window.sight_of(viewer) if window is not None else None


def drawing(request: HttpRequest | None) -> AbstractContextManager[None]:
    """Draw a page: what it reads is masked for who looks, also when it tells of work just done."""
    window = _window.get()
    return nullcontext() if request is None or window is None or window.masks else shown_to(request.user)


def texts_now() -> NamesInText | None:
    """Return what masks names in texts for who is looking now; None if nothing has to be masked."""
    window = _window.get()
    sight = window.sight if window is not None else None
    return (sight.texts or None) if sight is not None else None


def text_now(text: str) -> str:
    """Return a text as who is looking now may read it."""
    texts = texts_now()
    return texts.text(text) if texts is not None else text


def require_whole(request: HttpRequest) -> None:
    """Return unless something comes back masked with a change: it would take the place of what it hides.

    Raises:
        MaskedError: it does.
    """
    if request.method in READING or texts_now() is None:
        return
    if request.content_type == JSON:
        masked = any(form in request.body for form in (HIDDEN.encode(), json.dumps(HIDDEN)[1:-1].encode()))
    else:
        masked = any(HIDDEN in value for _name, values in request.POST.lists() for value in values)
    if masked:
        raise MaskedError


def take_out(function: Callable[..., Taken]) -> Callable[..., Taken]:
    """Make what `actor`, an argument by name, takes out of the house: names are masked for them."""

    @wraps(function)
    def made(*args: Any, **options: Any) -> Taken:
        with shown_to(options["actor"]):
            return function(*args, **options)

    return made


def require_viewer() -> None:
    """Return if what is being made for somebody to take along is made as they may see it; a fault else."""
    window = _window.get()
    if window is not None and not window.masks:
        msg = "what somebody takes along is made inside `shown_to`, `take_out` or `kept_whole`"
        raise RuntimeError(msg)


def named(kind: type[models.Model], key: object, value: str) -> str:
    """Return a value that says who a person or a sign-in is, as who is looking may see it."""
    window = _window.get()
    return mask(value) if window is not None and window.masks and window.hides(kind, key) else value


class _Named(DeferredAttribute):
    """Reads the field of a row as who is looking may see it."""

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        """Return the value, masked where it has to be."""
        if instance is None:
            return self
        known = instance.__dict__
        value = known[self.field.attname] if self.field.attname in known else super().__get__(instance, cls)
        if not value or _window.get() is None:
            return value
        return self.field.seen(instance, value)

    def __set__(self, instance: models.Model, value: Any) -> None:
        """Keep a value; with this, reading always comes through `__get__`."""
        instance.__dict__[self.field.attname] = value


class NamedField(models.Field):
    """A field that says who a person is: the row itself, or whom the row's field `of` leads to."""

    descriptor_class = _Named

    def __init__(self, *args: Any, of: str = "", **options: Any) -> None:
        """Remember whose it is."""
        self.of = of
        super().__init__(*args, **options)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return the plain field to migrations: the table knows no difference."""
        name, _path, args, options = super().deconstruct()
        return name, f"django.db.models.{self.plain}", args, options

    def seen(self, instance: models.Model, value: str) -> str:
        """Return the value of a row as who is looking may see it."""
        if not self.of:
            return named(type(instance), instance.pk, value)
        field = type(instance)._meta.get_field(self.of)  # noqa: SLF001 - Django's public name
        key = getattr(instance, field.attname)
        return named(field.related_model, key, value) if key else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Return the whole value, whoever is looking."""
        del add
        return model_instance.__dict__.get(self.attname, "")

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Return the value for the table, unless it is masked."""
        if isinstance(value, str) and HIDDEN in value:
            raise MaskedError
        return super().get_db_prep_save(value, connection)


class NameField(NamedField, models.CharField):
    """A name or a number of a person."""

    plain = "CharField"


class AddressField(NamedField, models.EmailField):
    """An e-mail address of a person."""

    plain = "EmailField"
