"""The import of zones, through the wizard that people use."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from shoumi.server.people.views.importing import Wizard
from shoumi.server.places.importing import ZONE_IMPORT

ZONES = Wizard(ZONE_IMPORT, "places", "places:zone_list", _("Zones"), _("To the zones"))
import_new = login_required(require_http_methods(["GET", "POST"])(ZONES.new))
import_page = login_required(require_http_methods(["GET", "POST"])(ZONES.page))
import_faults = login_required(require_safe(ZONES.faults))
