from __future__ import annotations

import re

import pytest

from studykit.demos.fineweb_filter import BLOCKED, PRIVATE, Page, deduplicate, english_share, extract, steps


def test_menus_styles_and_scripts_go_and_sentences_stay_with_their_links() -> None:
    html = (
        "<style>p { color: red }</style><div><a href='/'>Home</a> <a href='/n'>News</a></div>"
        "<p>The <b>old</b> bridge is in <a href='/town'>the town</a>.</p><script>alert('no')</script>"
    )
    assert extract(html) == "The old bridge is in the town."


def test_the_block_list_goes_by_the_site_and_not_by_words_in_the_address() -> None:
    spam = Page(f"https://www.{BLOCKED[0]}/health", "", "spam")
    good = Page(f"https://news.example/how-{BLOCKED[0]}-was-closed", "", "good")
    assert steps(0.65, 0.7)["URL filter"]([spam, good]) == [good]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("It was the best of times.", 1),
        ("En un lugar de la Mancha", 0),
        ("the of la de", 0.5),
        ("12345", 0),
    ],
)
def test_share_of_english(text: str, share: float) -> None:
    assert english_share(text) == share


def test_near_copies_go_and_the_first_one_stays() -> None:
    words = [f"word{i}" for i in range(50)]
    page, copy = Page("", " ".join(words), "good"), Page("", " ".join([*words[:45], "end"]), "copied")
    other = Page("", " ".join(reversed(words)), "good")
    assert deduplicate([page, copy, other]) == [page, other]


@pytest.mark.parametrize("text", ["a.b@c.org", "call (212) 555-0100", "no. 219-09-9999"])
def test_private_data_is_found(text: str) -> None:
    assert re.search(PRIVATE, text)


@pytest.mark.parametrize("text", ["2024-05-14", "$4,995.00", "pages 219-225", "1-800", "(see 12)", "@home"])
def test_dates_prices_and_pages_are_no_private_data(text: str) -> None:
    assert not re.search(PRIVATE, text)
