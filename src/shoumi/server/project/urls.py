"""All addresses of the console and the API."""

from __future__ import annotations

from django.urls import include, path

from shoumi.server.project.api import api

urlpatterns = [
    path("account/", include("shoumi.server.accounts.urls.sign_in")),
    path("accounts/", include("shoumi.server.accounts.urls")),
    path("notifications/", include("shoumi.server.notifications.urls")),
    path("approvals/", include("shoumi.server.approvals.urls")),
    path("ledger/", include("shoumi.server.console.ledger.urls")),
    path("files/", include("shoumi.server.files.urls")),
    path("people/", include("shoumi.server.people.urls")),
    path("agreements/", include("shoumi.server.agreements.urls")),
    path("training/", include("shoumi.server.training.urls")),
    path("privacy/", include("shoumi.server.privacy.urls")),
    path("concern/", include("shoumi.server.concerns.urls")),
    path("places/", include("shoumi.server.places.urls")),
    path("register/", include("shoumi.server.register.urls")),
    path("partners/", include("shoumi.server.partners.urls")),
    path("lifecycle/", include("shoumi.server.lifecycle.urls")),
    path("directories/", include("shoumi.server.provisioning.urls.directories")),
    path("scim/v2/", include("shoumi.server.provisioning.urls")),
    path("documents/", include("shoumi.server.documents.urls")),
    path("assurance/", include("shoumi.server.assurance.urls")),
    path("api/v1/", api.urls),
    path("", include("shoumi.server.console.urls")),
]

handler400 = "shoumi.server.console.views.errors.bad_request"
handler403 = "shoumi.server.console.views.errors.forbidden"
handler404 = "shoumi.server.console.views.errors.not_found"
handler500 = "shoumi.server.console.views.errors.server_error"
