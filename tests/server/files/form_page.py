"""A page with nothing but a form that takes files, for the browser tests."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from shoumi.server.files.forms import StoredFileField
from shoumi.server.files.services import files_adopt

PAGE = """{% load static %}{% load i18n %}{% get_current_language as LANGUAGE_CODE %}<!doctype html>
<html lang="{{ LANGUAGE_CODE }}"><head><meta charset="utf-8"><title>Files</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{% static "vendor/tabler.min.css" %}"></head>
<body><main class="container py-3"><h1>Files</h1>
<form method="post" enctype="multipart/form-data">{% csrf_token %}{{ form.as_div }}
<button class="btn btn-primary mt-3" id="send">Send</button></form>
</main></body></html>"""


class FilesForm(forms.Form):
    """One field."""

    files = StoredFileField(label="Files")


def page(request: HttpRequest) -> HttpResponse:
    """Show the form; once it is valid, name what came."""
    form = FilesForm(request.POST or None, request.FILES or None)
    form.fields["files"].for_user(request.user)
    if form.is_valid():
        stored = files_adopt(actor=request.user, chosen=form.cleaned_data["files"])
        return HttpResponse(
            "\n".join(f"{item.name} {item.size_bytes} {item.state}" for item in stored),
            content_type="text/plain; charset=utf-8",
        )
    return HttpResponse(engines["django"].from_string(PAGE).render({"form": form}, request))


urlpatterns = [path("form/", page), path("files/", include("shoumi.server.files.urls"))]
