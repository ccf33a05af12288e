"""The table of papers, held against the glossary."""

from __future__ import annotations

import re

from studykit.demos import NAMES, load
from studykit.demos.papers import papers
from studykit.glossary import load as load_glossary
from studykit.resources import data_dir

GLOSSARY = load_glossary([data_dir("glossaries")])


def test_every_paper_is_cited_by_a_term_and_named_as_papers_are() -> None:
    cited = {entry.reference for entry in GLOSSARY.entries}
    for key, paper in papers().items():
        assert key in cited, key
        assert re.fullmatch(r"arXiv:\d{4}\.\d{5}|arXiv:\d{4}\.\d{4}|doi:10\.\S+", key)
        assert paper.title == paper.title.strip()
        assert re.fullmatch(r"[^,]+(, [^,]+)*( et al\.)?", paper.authors)
        assert paper.authors.count(",") <= 3
        arxiv = re.match(r"arXiv:(\d\d)", key)
        assert paper.year == (2000 + int(arxiv[1]) if arxiv else paper.year), "the year of the first version"
    assert list(papers()) == sorted(papers())
    assert len({paper.title for paper in papers().values()}) == len(papers())


def test_most_of_what_demos_terms_cite_is_there() -> None:
    cited = {
        entry.reference for name in NAMES for term in load(name).demo.terms
        if (entry := GLOSSARY.get(term)) and entry.reference and entry.reference.startswith("arXiv:")
    }  # fmt: skip
    assert len(cited & set(papers())) >= 0.8 * len(cited)
