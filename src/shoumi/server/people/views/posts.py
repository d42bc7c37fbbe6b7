"""Posts: made, renamed, graded and closed from their department's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shoumi.engine.policy import Action
from shoumi.server.accounts import gate
from shoumi.server.people import forms, services
from shoumi.server.people.models import Department, Post
from shoumi.server.people.queries import department_resource
from shoumi.server.people.views.asking import Page, form_page

COLUMNS = {"people.post_exists": "title", "people.post_level": "level", "people.field_missing": "reason"}


def _trail(department: Department) -> tuple[tuple[str, Any], ...]:
    tree = (reverse("people:department_tree"), _("Organisation"))
    return (tree, (department.get_absolute_url(), department.name))


def _post(post_id: UUID) -> Post:
    return get_object_or_404(Post.objects.select_related("department__entity"), pk=post_id)


@login_required
@require_http_methods(["GET", "POST"])
def post_create(request: HttpRequest, department_id: UUID) -> HttpResponse:
    """Make a post in a department."""
    department = get_object_or_404(Department.objects.select_related("entity"), pk=department_id)
    resource = department_resource(department)
    gate.require(request.user, Action.ORGANISATION_EDIT, resource)
    may_set_level = gate.permits(request.user, Action.POST_SET_LEVEL, resource)
    page = Page(
        title=_("New post"),
        submit=_("Make the post"),
        lead="" if may_set_level else _("The secrecy office sets the level of the post afterwards."),
        back=department.get_absolute_url(),
        said=_("The post is made."),
        trail=_trail(department),
        columns=COLUMNS,
    )

    def act(form: Any) -> None:
        values = form.cleaned_data
        services.post_create(
            actor=request.user,
            department=department,
            title=values["title"],
            level=values.get("level", 0),
            level_reason=values.get("level_reason", ""),
        )

    return form_page(request, page, forms.PostForm(request.POST or None, may_set_level=may_set_level), act)


@login_required
@require_http_methods(["GET", "POST"])
def post_rename(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Give a post another title."""
    post = _post(post_id)
    gate.require(request.user, Action.ORGANISATION_EDIT, department_resource(post.department))
    page = Page(
        title=post.title,
        submit=_("Save"),
        back=post.get_absolute_url(),
        said=_("The post is renamed."),
        trail=_trail(post.department),
        columns=COLUMNS,
    )

    def act(form: Any) -> None:
        services.post_rename(
            actor=request.user, post=post, expected_version=form.version, title=form.cleaned_data["title"]
        )

    initial = {"expected_version": post.version, "title": post.title}
    form = forms.PostForm(request.POST or None, may_set_level=False, initial=initial)
    return form_page(request, page, form, act)


@login_required
@require_http_methods(["GET", "POST"])
def post_set_level(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Set the secrecy level of a post with its reason."""
    post = _post(post_id)
    gate.require(request.user, Action.POST_SET_LEVEL, department_resource(post.department))
    page = Page(
        title=_("Secrecy level of %(post)s") % {"post": post.title},
        submit=_("Set the level"),
        lead=_("The level is the clearance of everybody who holds this post, from now on."),
        back=post.get_absolute_url(),
        said=_("The level is set."),
        facts=((_("Department"), post.department.name), (_("Level until now"), post.get_level_display())),
        trail=_trail(post.department),
        columns=COLUMNS,
    )

    def act(form: Any) -> None:
        services.post_set_level(
            actor=request.user,
            post=post,
            expected_version=form.version,
            level=form.cleaned_data["level"],
            reason=form.cleaned_data["reason"],
        )

    initial = {"expected_version": post.version, "level": post.level, "reason": post.level_reason}
    return form_page(request, page, forms.LevelForm(request.POST or None, initial=initial), act)


@login_required
@require_http_methods(["GET", "POST"])
def post_close(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Close a post that nobody holds, after asking once more."""
    post = _post(post_id)
    gate.require(request.user, Action.ORGANISATION_EDIT, department_resource(post.department))
    page = Page(
        title=_("Close %(name)s") % {"name": post.title},
        submit=_("Close the post"),
        lead=_("Nobody may hold the post any more. It stays in the history of those who held it."),
        danger=True,
        back=post.get_absolute_url(),
        said=_("The post is closed."),
        trail=_trail(post.department),
    )

    def act(form: Any) -> None:
        services.post_close(actor=request.user, post=post, expected_version=form.version)

    form = forms.VersionForm(request.POST or None, initial={"expected_version": post.version})
    return form_page(request, page, form, act)
