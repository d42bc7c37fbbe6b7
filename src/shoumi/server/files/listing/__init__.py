"""The list pattern: declare what a list shows, and get search, filters, order, pages, kept views, export.

How to make a list, in an app's `listings.py` (or `views.py`)::

    from shoumi.server.files.listing import Choice, Column, DateRange, Empty, Listing, ListingView, State

    class SecretListing(Listing):
        name = "register.secrets"                     # stable
        title = _("Register of secrets")
        columns = (
            Column("number", _("Number"), kind="mono", sort="number"),
            Column("name", _("Name"), sort="name", primary=True, sub="category_label"),
            Column("level", _("Level"), kind="level", sort="level_rank"),
            Column("state", _("State"), kind="state", sort="state", value=lambda row: State(…, "waiting")),
            Column("owner", _("Owner department"), "owner_department.name", sort="owner_department__name"),
            Column("expires", _("Confidential until"), "expires_on", kind="day", sort="expires_on"),
        )
        filters = (
            Choice("level", _("Level"), choices=LEVELS, many=True),
            Choice("department", _("Department"), "owner_department", choices=lambda listing: …),
            DateRange("expires", _("Confidential until"), "expires_on"),
            Flag("mine", _("Only mine"), condition=lambda listing: Q(proposer=listing.user)),
        )
        search_fields = ("name", "number")
        default_sort = "-number"
        presets = (Preset(_("Waiting for review"), "state=submitted"),)
        empty = Empty(_("No secret yet"), _("Begin by …"), url=reverse_lazy(…), action=_("Propose"))
        export_action = Action.SECRET_EXPORT

        @cached_property
        def may_begin(self):       # who may not propose sees no button, neither here nor above the list
            return …

        def rows(self):            # scoped to the user, with select_related for every column
            return secrets_visible_to(self.user).select_related("owner_department")

        def row_url(self, row):
            return reverse("register:secret_detail", args=[row.pk])

        def export_resource(self):
            return resources.unit(…)

and in `urls.py`: `path("secrets/", ListingView.as_view(listing=SecretListing), name="secret_list")`.

To add a button or words to the page, extend `console/list.html` and override `page_actions` or `page_lead`,
and name that template in a subclass of `ListingView`.  Kinds of cells: text, number, day, moment, level,
state, masked, mono; anything else by `template=`.  Links with parameters lead into a list from anywhere:
`{% url "register:secret_list" %}?level=core&mine=1`.
"""

from shoumi.server.files.listing.columns import Column, State
from shoumi.server.files.listing.filters import Choice, DateRange, Filter, Flag, Text
from shoumi.server.files.listing.listing import BulkAction, Empty, Listing, Preset
from shoumi.server.files.listing.views import ListingView

__all__ = [
    "BulkAction",
    "Choice",
    "Column",
    "DateRange",
    "Empty",
    "Filter",
    "Flag",
    "Listing",
    "ListingView",
    "Preset",
    "State",
    "Text",
]
