"""The one router of people; each module beside it adds its calls."""

from ninja import Router

router = Router()
