"""A browser without a screen: keeps cookies, follows redirects, fills in forms as they stand on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin

import httpx
import lxml.html

from tests.journeys.installation import Installation

Value = str | list[str] | bool


@dataclass
class Page:
    """One answer, and what can be done on it."""

    browser: Browser
    response: httpx.Response

    @cached_property
    def document(self) -> lxml.html.HtmlElement:
        return lxml.html.fromstring(self.response.text)

    @property
    def path(self) -> str:
        return self.response.url.path

    @property
    def text(self) -> str:
        """Return the words of the main part, with single spaces."""
        return " ".join(self.document.xpath("//main")[0].text_content().split())

    @property
    def language(self) -> str:
        return self.document.get("lang", "")

    def form_with(self, name: str) -> lxml.html.FormElement:
        """Return the form that has a field or a button called `name`."""
        for form in self.document.forms:
            if name in form.fields or form.xpath(f'.//button[@name="{name}"]'):
                return form
        fault = f"{self.path} has no form with {name}: {self.text[:400]}"
        raise AssertionError(fault)

    def submit(
        self,
        marker: str,
        values: Mapping[str, Value],
        *,
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> Page:
        """Fill the form that has the field `marker`, keep its other values, send it; return the next page."""
        form = self.form_with(marker)
        data: dict[str, str | list[str]] = {}
        for name, value in form.fields.items():
            field = form.inputs[name]
            if isinstance(value, str) and getattr(field, "type", "") != "file":
                data[name] = value
            elif value is not None and not isinstance(value, str):
                data[name] = list(value)
        for name, value in values.items():
            if isinstance(value, bool):
                data[name] = "on"
            else:
                data[name] = value
        action = form.action or str(self.response.url)
        return self.browser.post(action, data, files=files, referrer=str(self.response.url))

    def choices(self, name: str) -> dict[str, str]:
        """Return label → value of the options, radio buttons or boxes called `name`."""
        form = self.form_with(name)
        options = form.xpath(f'.//select[@name="{name}"]//option')
        if options:
            return {" ".join(option.text_content().split()): option.get("value") for option in options}
        found = {}
        for box in form.xpath(f'.//input[@name="{name}"]'):
            label = form.xpath(f'.//label[@for="{box.get("id")}"]') or box.xpath("ancestor::label")
            found[" ".join(label[0].text_content().split())] = box.get("value")
        return found

    def follow(self, words: str = "", *, address: str = "") -> Page:
        """Open the first link of the main part that says `words` and whose address ends with `address`."""
        for link in self.document.xpath("//main//a[@href]"):
            said = " ".join(link.text_content().split())
            if words in said and link.get("href").split("?")[0].endswith(address):
                return self.browser.open(urljoin(str(self.response.url), link.get("href")))
        fault = f"{self.path} has no link {words} {address}: {self.text[:600]}"
        raise AssertionError(fault)

    def chosen(self, name: str, *labels: str) -> list[str]:
        """Return the values of the choices called `name` whose labels hold these words, one each."""
        choices = self.choices(name)
        return [next(value for label, value in choices.items() if words in label) for words in labels]

    def offers(self, ending: str) -> bool:
        """Tell whether the main part has a button whose form's address ends with `ending`."""
        return any(form.action.endswith(ending) for form in self.document.xpath("//main//form[@action]"))

    def press(self, ending: str = "") -> Page:
        """Send the first form of the main part whose address ends with `ending` as it stands."""
        for form in self.document.xpath("//main//form"):
            if (form.action or "").endswith(ending):
                return self.browser.post(
                    form.action or str(self.response.url),
                    dict(form.form_values()),
                    referrer=str(self.response.url),
                )
        fault = f"{self.path} has no form {ending}: {self.text[:600]}"
        raise AssertionError(fault)

    def links(self, containing: str) -> list[str]:
        """Return the addresses of the links whose address contains `containing`."""
        return [href for href in self.document.xpath("//a/@href") if containing in href]


class Browser:
    """One person at the console, who signed in once and never signs out."""

    def __init__(self, installation: Installation, name: str, *, language: str) -> None:
        self.client = installation.returning(name, language=language)

    def open(self, path: str, *, status: int = 200) -> Page:
        response = self.client.get(path)
        assert response.status_code == status, f"{path}: {response.status_code} {response.text[:500]}"
        return Page(self, response)

    def post(self, path, data, *, files=None, referrer="", status=200) -> Page:
        data = {**data, "csrfmiddlewaretoken": self.client.cookies["csrftoken"]}
        parts = {name: (given[0], given[1]) for name, given in (files or {}).items()}
        response = self.client.post(
            path, data=data, files=parts or None, headers={"Referer": referrer or str(self.client.base_url)}
        )
        page = Page(self, response)
        assert response.status_code == status, f"{path}: {response.status_code} {page.text[:1500]}"
        return page

    def choose_language(self, code: str) -> None:
        """Switch the console to another language by its own menu."""
        self.open("/").submit("language", {"language": code})
