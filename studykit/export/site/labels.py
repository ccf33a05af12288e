"""What the site says in fixed words; ``{}`` stands for a number or a value."""

from __future__ import annotations

from msgspec import Struct

__all__ = ["SiteLabels"]


class SiteLabels(Struct, frozen=True, kw_only=True):
    """One language's wording."""

    code: str
    """``zh`` or ``en``, which of two texts comes first."""
    language: str
    title: str
    lead: str
    skip: str
    menu: str
    terms: str
    layers: str
    talks: str
    demos: str
    search: str
    placeholder: str
    results: str
    no_results: str
    kind_term: str
    kind_talk: str
    kind_demo: str
    map: str
    map_lead: str
    map_heat: str
    count_terms: str
    count_mentions: str
    count_talks: str
    said_in: str
    most_said: str
    latest_talks: str
    all: str
    runnable: str
    for_translators: str
    download_lead: str
    by_english: str
    by_chinese: str
    letters: str
    other_letter: str
    abbreviation: str
    also: str
    also_zh: str
    stays_english: str
    read: str
    misunderstanding: str
    speakers_say: str
    verdicts: dict[str, str]
    neighbours: str
    where_said: str
    newest_first: str
    never_said: str
    no_talks: str
    month: str
    paragraph: str
    doubtful: str
    play: str
    demo: str
    more_demos: str
    claim: str
    program: str
    output: str
    switched_off: str
    as_it_is: str
    differs: str
    try_this: str
    path: str
    path_lead: str
    on_path: str
    before: str
    next: str
    run_it: str
    how_to_read: str
    demo_finds: str
    run_here: str
    run_about: str
    run_program: str
    run_seed: str
    run_button: str
    run_stop: str
    run_reset: str
    run_output: str
    run_starting: str
    run_running: str
    run_holds: str
    run_broken: str
    run_error: str
    run_stopped: str
    run_failed: str
    run_lacks_numpy: str
    run_needs_script: str
    cannot_show: str
    turn: str
    turn_lead: str
    claim_holds: str
    claim_fails: str
    reset: str
    gallery_lead: str
    gallery_shown: str
    longest: str
    any_time: str
    up_to_seconds: str
    known: str
    only_known: str
    builds_on: str
    comma: str
    demo_terms: str
    about_seconds: str
    stored_on: str
    untimed: str
    bilingual: str
    footer: str
    colon: str
