"""The import of partners, through the wizard that people use."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.server.partners.importing import PARTNER_IMPORT
from shoumi.server.people.views.importing import Wizard

PARTNERS = Wizard(PARTNER_IMPORT, "partners", "partners:partner_list", _("Partners"), _("To the partners"))
import_new = login_required(require_http_methods(["GET", "POST"])(PARTNERS.new))
import_page = login_required(require_http_methods(["GET", "POST"])(PARTNERS.page))
import_faults = login_required(require_safe(PARTNERS.faults))
