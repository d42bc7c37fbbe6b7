"""Signing with the password cannot be used to find a password."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from shoumi.server.accounts.models import User
from shoumi.server.accounts.services.signatures import (
    SignatureError,
    SignatureLockedError,
    signature_verify,
)
from shoumi.server.ledger.queries import entries_of

PASSWORD = "correct horse battery staple"


@pytest.fixture
def signer(db):
    cache.clear()
    return User.objects.create_user("signer", password=PASSWORD)


def guess(signer, times):
    for _ in range(times):
        with pytest.raises(SignatureError):
            signature_verify(actor=signer, password="guessed")


def test_the_right_password_signs_and_forgets_earlier_slips(signer, settings):
    guess(signer, settings.AXES_FAILURE_LIMIT - 1)
    signature_verify(actor=signer, password=PASSWORD)
    guess(signer, settings.AXES_FAILURE_LIMIT - 1)
    signature_verify(actor=signer, password=PASSWORD)


def test_after_too_many_wrong_ones_not_even_the_right_one_signs(signer, settings):
    guess(signer, settings.AXES_FAILURE_LIMIT)
    with pytest.raises(SignatureLockedError):
        signature_verify(actor=signer, password=PASSWORD)
    other = User.objects.create_user("other", password=PASSWORD)
    signature_verify(actor=other, password=PASSWORD)
    tags = [entry.tag for entry in entries_of(signer.ledger_actor)]
    assert tags.count("accounts:sign_in:failed") == settings.AXES_FAILURE_LIMIT
    assert tags.count("accounts:sign_in:locked") == 1
