"""Names in texts: found where they are names, left where they are parts of other words."""

from __future__ import annotations

import pytest

from shoumi.server.accounts.names_in_text import NamesInText

NAMES = NamesInText(["凌子墨", "安全", "Ann Lee", "O'Neil", "凌子", ""])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("涉密认定:凌子墨", "涉密认定:凌••••"),
        ("由凌子墨负责", "由凌••••负责"),
        ("凌子墨、安全", "凌••••、安••••"),
        ("安全(D009)", "安••••(D009)"),
        ("信息安全管理", "信息安全管理"),
        ("AnnLee, Joann Lee, Ann Lee.", "AnnLee, Joann Lee, A••••."),
        ("nobody", "nobody"),
    ],
)
def test_a_text(text, masked):
    assert NAMES.text(text) == masked


def test_a_page_is_masked_in_its_words_and_attributes_and_its_tags_stay():
    page = (
        '<a href="/凌子墨/" title="凌子墨">O&#x27;Neil</a><script>const a = "凌子墨"</script>'
        '<input type="text" value="凌子墨"><textarea>凌子墨</textarea><input type="hidden" value="凌子墨">'
    )
    for typed, field, area in (
        ((), "凌••••", "凌••••"),
        ({"凌子墨"}, "凌子墨", "凌••••"),
        (None, "凌子墨", "凌子墨"),
    ):
        assert NAMES.page(page, typed) == (
            f'<a href="/凌子墨/" title="凌••••">O••••</a><script>const a = "凌子墨"</script>'
            f'<input type="text" value="{field}"><textarea>{area}</textarea>'
            '<input type="hidden" value="凌子墨">'
        )


def test_json_is_masked_in_all_of_its_texts():
    value = {"凌子墨": ["凌子墨", 1, None, {"by": "凌子墨"}]}
    assert NAMES.value(value) == {"凌子墨": ["凌••••", 1, None, {"by": "凌••••"}]}


def test_without_names_nothing_is_looked_for():
    nothing = NamesInText(())
    assert not nothing
    assert nothing.text("凌子墨") == nothing.page("凌子墨") == "凌子墨"
