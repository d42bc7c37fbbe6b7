"""The commands at the machine's own console: founding, and links for passwords."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from tests.server.accounts.conftest import Browser

from shoumi.engine.policy import Role
from shoumi.server.accounts import gate
from shoumi.server.accounts.models import User

FOUNDING = ["--officer", "ofi", "--officer-name", "O", "--leader", "lea", "--leader-name", "L"]
pytestmark = pytest.mark.django_db


def run(*arguments):
    output = io.StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue()


def test_the_first_two_are_made_and_set_their_passwords():
    lines = run("bootstrap", *FOUNDING).splitlines()
    officer = User.objects.get(username="ofi")
    assert Role.SECRECY_OFFICER in gate.role_names(officer)
    assert Role.LEADER in gate.role_names(User.objects.get(username="lea"))
    assert not officer.has_usable_password()
    path = "/" + lines[0].split(": ")[1].split("/", 3)[3]
    new = "correct horse battery staple"
    browser = Browser()
    form = browser.get(path, follow=True).redirect_chain[-1][0]
    browser.post(form, {"password1": new, "password2": new})
    assert User.objects.get(username="ofi").check_password(new)


def test_a_second_founding_leaves_nothing_behind():
    run("bootstrap", *FOUNDING)
    with pytest.raises(CommandError, match="founded already"):
        run("bootstrap", "--officer", "x", "--officer-name", "X", "--leader", "y", "--leader-name", "Y")
    assert User.objects.count() == 2


def test_a_name_twice_is_refused_and_nothing_stays():
    with pytest.raises(CommandError, match="in use already"):
        run("bootstrap", "--officer", "x", "--officer-name", "X", "--leader", "X", "--leader-name", "Y")
    assert not User.objects.exists()


def test_a_password_link_for_who_exists(make_user):
    make_user("ann")
    assert "/account/password/reset/key/" in run("passwordlink", "ANN")
    with pytest.raises(CommandError):
        run("passwordlink", "bob")
