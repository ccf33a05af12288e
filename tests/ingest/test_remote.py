"""Which captions of a talk are read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.ingest import CaptionTrack, RemoteTalk, choose_tracks, is_link


def talk(*tracks: str, language: str | None = None) -> RemoteTalk:
    """A talk with tracks such as ``manual:en``."""
    made = []
    for name in tracks:
        kind, _, tag = name.partition(":")
        made.append(CaptionTrack(language=tag, kind=kind, name=name))  # type: ignore[arg-type]
    return RemoteTalk(id="x", url="https://youtu.be/x", title="x", language=language, tracks=tuple(made))


@pytest.mark.parametrize(
    ("tracks", "language", "lead", "other"),
    [
        # people before recognisers, in either language
        (
            ["automatic:en", "manual:en", "translated:zh-Hans", "manual:zh"],
            "en",
            "manual:en",
            "manual:zh",
        ),
        (["automatic:en", "translated:zh-Hans"], "en", "automatic:en", "translated:zh-Hans"),
        # varieties: simplified first, the plain tag before one with a suffix
        (["manual:zh-TW", "manual:zh-Hant", "manual:zh-CN"], "en", None, "manual:zh-CN"),
        (["manual:zh-Hant", "manual:zh"], "en", None, "manual:zh"),
        (["manual:en-eEY6OEpapPo", "manual:en-GB", "manual:en-US"], "en", "manual:en-US", None),
        (["manual:en-eEY6OEpapPo"], "en-US", "manual:en-eEY6OEpapPo", None),
        # a translation is never what was said
        (["translated:en", "automatic:es", "manual:zh"], "es", "manual:zh", "translated:en"),
        (["translated:en", "manual:zh"], "zh", "manual:zh", "translated:en"),
        (["translated:en", "automatic:es"], "es", None, None),
        (["manual:en", "automatic:es"], "es", "manual:en", None),
        # automatic captions in the language that is not spoken
        (["automatic:en", "automatic:zh-Hans"], "en", "automatic:en", "translated:zh-Hans"),
        # a Chinese talk, and one of which nobody knows
        (["manual:en", "automatic:zh"], "zh-TW", "automatic:zh", "manual:en"),
        (["manual:zh"], None, "manual:zh", None),
        (["manual:zh", "manual:en"], None, "manual:en", "manual:zh"),
        (["manual:zh"], "en", None, "manual:zh"),
        ([], None, None, None),
    ],
)
def test_choice(tracks: list[str], language: str | None, lead: str | None, other: str | None) -> None:
    chosen = choose_tracks(talk(*tracks, language=language), language=None, transcribe="auto")
    assert (chosen.lead and f"{chosen.lead.kind}:{chosen.lead.language}") == lead
    assert (chosen.other and f"{chosen.other.kind}:{chosen.other.language}") == other


def test_what_the_user_says_is_spoken_counts() -> None:
    both = talk("manual:en", "manual:zh", language="en")
    chosen = choose_tracks(both, language="zh", transcribe="auto")
    assert chosen.lead
    assert chosen.lead.language == "zh"


def test_audio_instead_of_captions() -> None:
    both = talk("manual:en", "manual:zh", language="en")
    asked = choose_tracks(both, language=None, transcribe="always")
    assert (asked.lead, asked.other and asked.other.language) == (None, "zh")
    only_chinese = talk("manual:zh", language="en")
    assert choose_tracks(only_chinese, language=None, transcribe="auto").lead is None
    assert choose_tracks(only_chinese, language=None, transcribe="never").lead


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["manual", "automatic", "translated"]),
            st.sampled_from(
                ["en", "en-US", "zh", "zh-Hans", "zh-TW", "yue", "fr", "zh-Hans-en", "live_chat"]
            ),
        ).map(":".join),
        max_size=8,
    ),
    st.sampled_from([None, "en", "en-GB", "zh", "fr"]),
    st.sampled_from(["auto", "always", "never"]),
)
def test_the_lead_was_said_and_the_other_is_in_the_other_language(
    tracks: list[str], language: str | None, transcribe: str
) -> None:
    lead, other = choose_tracks(talk(*tracks, language=language), language=None, transcribe=transcribe)  # type: ignore[arg-type]
    assert lead is None or lead.kind != "translated"
    assert lead is None or transcribe != "always"
    chosen = [track.language.startswith("en") for track in (lead, other) if track]
    assert len(set(chosen)) == len(chosen)


@pytest.mark.parametrize(
    ("source", "link"),
    [("https://youtu.be/x", True), ("HTTP://example.org", True), ("talk.vtt", False), ("ftp://x/y", False)],
)
def test_links(source: str, link: bool) -> None:
    assert is_link(source) is link
