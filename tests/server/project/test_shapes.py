"""Every shape of the API has a name of its own: of two with one name the description would show only one."""

from __future__ import annotations

from collections import defaultdict

from ninja import Schema

from shoumi.server.project import api


def shapes(kind):
    for each in kind.__subclasses__():
        if each.__module__.startswith("shoumi."):
            yield each
        yield from shapes(each)


def test_no_two_shapes_share_a_name():
    assert api.api.get_openapi_schema()["components"]["schemas"]
    found = defaultdict(set)
    for shape in shapes(Schema):
        found[shape.__name__].add(shape.__module__)
    assert len(found) > 50
    assert not {name: modules for name, modules in found.items() if len(modules) > 1}
