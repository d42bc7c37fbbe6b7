"""The import of joiners and leavers, through the wizard that people use."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.server.lifecycle.importing import CASE_IMPORT
from shoumi.server.people.views.importing import Wizard

CASES = Wizard(CASE_IMPORT, "lifecycle", "lifecycle:case_list", _("Cases of people"), _("To the cases"))
import_new = login_required(require_http_methods(["GET", "POST"])(CASES.new))
import_page = login_required(require_http_methods(["GET", "POST"])(CASES.page))
import_faults = login_required(require_safe(CASES.faults))
