"""Pages of the API's lists: `limit` and `offset`, with bounds that every database can count to.

Used by every app's API in place of django-ninja's own, which bounds neither.
"""

from __future__ import annotations

from ninja import Field
from ninja.pagination import LimitOffsetPagination

LARGEST_PAGE = 500  # rows
LARGEST_OFFSET = 2**31 - 1  # rows; both databases can still count to it


class Paging(LimitOffsetPagination):
    """Rows from `offset`, at most `limit` of them; answers `{"items": […], "count": n}`."""

    class Input(LimitOffsetPagination.Input):
        """The two parameters of the address."""

        limit: int = Field(100, ge=1, le=LARGEST_PAGE)
        offset: int = Field(0, ge=0, le=LARGEST_OFFSET)
