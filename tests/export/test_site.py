"""The site's pages: links, escaping, order, and one whole page."""

from __future__ import annotations

import html.parser
import json
import posixpath
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from msgspec.structs import replace

from studykit.export.site import SITE_LABELS, SiteDemoLine, SiteDemoTry, SiteLabels
from studykit.export.site.known import KnownTalks, second_of, video_of
from studykit.export.site.order import chinese_key, english_key, grouped
from studykit.export.stack import CATEGORY_NAMES, STACK
from studykit.glossary import CATEGORIES, VERDICTS
from studykit.resources import data_dir
from studykit.types import Notes
from tests.export.test_outputs import HOSTILE
from tests.small_site import DEMO, ENTRIES, TURNED, shown, small_site
from tests.talks import SMALL_TALK


class Page(html.parser.HTMLParser):
    """Tags, ids, links and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [(tag, value or "") for name, value in attrs if name in {"href", "src", "action"}]

    def handle_data(self, data: str) -> None:
        self.text += data


def html_pages(site: dict[str, str]) -> dict[str, Page]:
    return {name: Page(text) for name, text in site.items() if name.endswith(".html")}


@pytest.fixture(scope="module", params=["zh", "en"])
def site(request: pytest.FixtureRequest) -> dict[str, str]:
    return small_site(labels=request.param)


def test_every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere(site: dict[str, str]) -> None:
    found = html_pages(site)
    followed = 0
    for name, page in found.items():
        assert len(page.ids) == len(set(page.ids)), name
        for tag, link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                assert tag == "a", f"{name} loads {link}"
                continue
            assert not parts.path.startswith("/")
            target = (
                posixpath.normpath(posixpath.join(posixpath.dirname(name), parts.path))
                if parts.path
                else name
            )
            assert target in site, f"{name}: {link}"
            assert not parts.fragment or parts.fragment in found[target].ids, f"{name}: {link}"
            followed += 1
    assert followed > 150
    assert ("a", "glossary.csv") in found["index.html"].links
    assert site["glossary.csv"] == "id\n"
    assert not re.search(r"@import|url\(", site["style.css"])
    assert not re.search(r"fetch|XMLHttp|import\(|https?:", site["search.js"])


def test_a_term_page(golden: Callable[[str, str], None]) -> None:
    golden("site.kv-cache.html", small_site()["terms/kv-cache.html"])


def test_a_term_page_links_to_second_paragraph_neighbours_and_demo() -> None:
    site = small_site(labels="en")
    page = site["terms/kv-cache.html"]
    links = {link for _, link in Page(page).links}
    assert "https://www.youtube.com/watch?v=abc&t=60s" in links
    assert f"../talks/{SMALL_TALK.source.id[:16]}.html#p1" in links
    assert {"../terms/quantization.html", "../terms/attention.html"} <= links  # there and back
    assert "../demos/kv_cache.html" in links
    assert "https://www.youtube.com/watch?v=abc&t=65s" in links  # where the speaker claims it
    assert "https://arxiv.org/abs/1911.02150" in links
    assert "So why does a <mark>KV cache</mark> matter?" in page
    assert "那为什么<mark>键值缓存</mark>重要？" in page
    assert page.index("2026-03") < page.index("2026-02")
    assert "Not said in your talks yet." in site["terms/quantization.html"]
    assert 'class="term" href="../terms/kv-cache.html"' in site[f"talks/{SMALL_TALK.source.id[:16]}.html"]


def test_a_demo_stands_beside_its_control_and_what_differs_is_marked() -> None:
    page = small_site(labels="en")["demos/kv_cache.html"]
    run, control = re.findall(r"<figure>.*?</figure>", page, re.DOTALL)
    assert run.endswith(">as ever\n<mark>a &lt; b &amp; c</mark>\n\n</pre>\n</figure>")
    assert control.endswith(">as ever\n<mark>a &gt; b</mark>\n<mark>more</mark>\n</pre>\n</figure>")
    assert 'Switched off: <span lang="en">keeping – nothing is kept.</span>' in page
    assert "Marked lines differ; " in page
    assert "studykit demo run kv_cache --control" in page


def test_a_demo_with_pictures_a_formula_and_recorded_runs() -> None:
    site = small_site(demo=TURNED, labels="en")
    page = site["demos/kv_cache.html"]
    pictures, turned = page.index('<div class="pictures">'), page.index('<section id="turning"')
    assert pictures < page.index('<div class="sides">') < turned < page.index('id="program"')
    assert page.count("<svg") == 2
    assert "<style" not in page
    assert ".plot .c0{" in site["style.css"]
    assert f'{TURNED.equation}</div>\n<p class="remark" lang="en">{TURNED.letters}</p>' in page
    assert re.search(r'max="2" step="1" value="1" data-default="1" data-values="1\|8\|64"', page)
    runs = re.search(r'<script type="application/json" id="turned">(.*?)</script>', page, re.DOTALL)
    assert runs
    assert set(json.loads(runs[1])) == {"strings", "run", "control", "knobs"}
    assert not re.search(r"fetch|XMLHttp|import\(|https?:", site["turn.js"])


def test_the_gallery_has_layers_times_pictures_and_what_demos_build_on() -> None:
    later = replace(
        DEMO, name="later", title="Later", layer="evaluation", terms=("quantization",), seconds=2,
        program='"""A KV cache, and attention, in quantization."""\n', output="one\ntwo\n",
    )  # fmt: skip
    site = small_site(demo=TURNED, more=(later,), labels="en")
    page = site["demos.html"]
    first, second = re.findall(r"<li data-seconds=.*?</li>", page, re.DOTALL)
    assert first.startswith('<li data-seconds="0.5" data-needs="">')
    assert '<svg viewBox="' in first
    assert "builds on" not in first
    assert second.startswith('<li data-seconds="2" data-needs="kv-cache">')  # no demo explains attention
    assert "<pre>one\ntwo</pre>" in second
    assert (
        'builds on: <a href="terms/kv-cache.html" data-term="kv-cache" lang="en">KV cache</a></p>' in second
    )
    assert page.index('<h2 id="layer-1" lang="en">Inference') < page.index(
        '<h2 id="layer-2" lang="en">Evaluation'
    )
    assert page.count('name="known"') == 1
    again = small_site(demo=later, more=(TURNED,), labels="en")["demos.html"]
    assert "builds on" not in again, "what comes later is nothing to build on"


def test_a_demo_names_the_papers_of_its_terms() -> None:
    page = small_site(labels="en")["demos/kv_cache.html"]
    link = '<a href="https://arxiv.org/abs/1911.02150"><cite>One &lt;Head&gt;</cite></a>'
    assert f'A. Author: {link}, 2019, <span class="second">arXiv:1911.02150</span>' in page


def test_a_demo_without_a_control_shows_its_output() -> None:
    page = small_site(demo=replace(DEMO, beside=()), labels="en")["demos/kv_cache.html"]
    assert re.search(r"<pre[^>]*>a &lt; b &amp; c\n</pre>", page)
    assert "--control" not in page


def test_what_to_try_stands_with_its_command() -> None:
    turned = SiteDemoTry(command="studykit demo run kv_cache --set tokens=32", then="Less < before.")
    page = small_site(demo=replace(DEMO, tries=(turned,)), labels="en")["demos/kv_cache.html"]
    assert (
        '<h2 id="tries">Try this</h2>\n<ul class="tries">\n<li><p lang="en">Less &lt; before.</p>\n'
        '<p class="command"><code>studykit demo run kv_cache --set tokens=32</code></p></li>' in page
    )
    assert 'id="tries"' not in small_site()["demos/kv_cache.html"]


def test_the_path_leads_from_demo_to_demo() -> None:
    demos = [
        replace(DEMO, name=name, title=name.title(), step=step, new=f"New: {name}.")
        for name, step in (("third", 3), ("first", 1), ("aside", 0), ("second", 2))
    ]
    site = small_site(demos=demos, labels="en")
    section = (
        site["demos.html"]
        .partition('<h2 id="path">Twelve demos in an hour</h2>')[2]
        .partition("</section>")[0]
    )
    assert re.findall(r'href="demos/(\w+)\.html"', section) == ["first", "second", "third"]
    assert "New: second." in section
    ways = {
        name: re.findall(r'href="(\w+)\.html" rel="(\w+)"', site[f"demos/{name}.html"])
        for name in ("first", "second", "third", "aside")
    }
    assert ways == {
        "first": [("second", "next")],
        "second": [("first", "prev"), ("third", "next")],
        "third": [("second", "prev")],
        "aside": [],
    }
    assert "Number 2 of twelve demos" in site["demos/second.html"]
    assert 'id="path"' not in small_site()["demos.html"]


def test_a_demo_told_in_chinese_is_marked_as_such_and_found_by_both_titles() -> None:
    chinese = replace(
        DEMO, language="zh-Hans", title="缓存", english_title=DEMO.title, layer="推理", claim="更省。",
        cannot_show="内存慢。", switched_off="保留——不留。", printed="看最后一列。",
    )  # fmt: skip
    site = small_site(demo=chinese)
    page = site["demos/kv_cache.html"]
    assert f'<h1 lang="zh-Hans">缓存</h1>\n<p class="second" lang="en">{DEMO.title}</p>' in page
    assert '<p lang="zh-Hans">更省。</p>' in page
    assert '<b lang="zh-Hans">怎么看输出</b>：看最后一列。' in page
    assert '关掉关键机制：<span lang="zh-Hans">保留——不留。</span>' in page
    assert '<h2 id="layer-1" lang="zh-Hans">推理</h2>' in site["demos.html"]
    assert "看最后一列。" in site["terms/kv-cache.html"]
    row = next(line for line in site["search-index.js"].splitlines() if line.startswith("[2,"))
    assert json.loads(row.rstrip(","))[2:6] == ["缓存", "kv_cache", [DEMO.title], ["huancun", "hc"]]


def hostile(text: str) -> dict[str, str]:
    talk: Notes = replace(
        SMALL_TALK,
        source=replace(SMALL_TALK.source, title=text, url="javascript:alert(1)", id="../../evil"),
        english=(replace(SMALL_TALK.english[0], text=text, raw=text), *SMALL_TALK.english[1:]),
    )
    entry = replace(ENTRIES[1], english=text, chinese=text, aliases=(text + "2",), definition_en=text)
    line = SiteDemoLine(run=text, control=text + "2", differs=True)
    demo = replace(
        DEMO, title=text, english_title=text, claim=text, program=text, output=text, switched_off=text,
        printed=text, beside=(line,),
    )  # fmt: skip
    return small_site(talk=talk, entries=(ENTRIES[0], entry, ENTRIES[2]), demo=demo)


def test_hostile_text_stays_text() -> None:
    text = HOSTILE + "</script></title></textarea>\u2028\u2029"
    site = hostile(text)
    for name, page in html_pages(site).items():
        assert page.tags.count("script") == 2 + (name == "demos.html"), name
        assert not [link for _, link in page.links if link.startswith("javascript")]
        assert "49" not in page.text
    assert html_pages(site)["demos/kv_cache.html"].text.count(text) >= 3
    index = site["search-index.js"]
    assert not set("<>&\u2028\u2029") & set(index)
    rows = json.loads(index.removeprefix("window.studykitIndex = ").removesuffix(";\n"))
    assert [row[2] for row in rows].count(text) == 3


def test_file_names_come_from_ids() -> None:
    names = set(hostile("../x"))
    assert all(re.fullmatch(r"(\w+/)?[\w-]+\.(html|css|js|csv)", name) for name in names)
    assert len(names) == len({name.lower() for name in names})


def test_the_same_input_gives_the_same_bytes() -> None:
    assert small_site() == small_site()


def test_the_map_has_every_category_once() -> None:
    drawn = [category for layer in STACK for category in layer.categories]
    assert sorted(drawn) == sorted(CATEGORIES) == sorted(CATEGORY_NAMES)
    page = Page(small_site()["index.html"])
    assert [link for _, link in page.links if link.startswith("layers.html#")] == [
        f"layers.html#{category}" for category in drawn
    ]


def test_both_wordings_have_the_same_holes_and_every_verdict() -> None:
    zh, en = SITE_LABELS["zh"], SITE_LABELS["en"]
    assert set(zh.verdicts) == set(en.verdicts) == set(VERDICTS)
    for name in SiteLabels.__struct_fields__:
        texts = [getattr(labels, name) for labels in (zh, en)]
        if isinstance(texts[0], str):
            holes = [sorted(re.findall(r"\{(\w*)[^}]*\}", text)) for text in texts]
            assert holes[0] == holes[1], name


def test_english_by_letter_and_chinese_by_pinyin() -> None:
    names = [("3D", "三维"), ("zero", "零"), ("Éclair", "重复"), ("beam", "Beam 搜索"), ("a b", "2 号")]
    entries = [
        replace(ENTRIES[0], id=f"t{i}", english=english, chinese=chinese)
        for i, (english, chinese) in enumerate(names)
    ]

    def listed(key: Callable[..., tuple[str, str, str]]) -> list[tuple[str, list[str]]]:
        return [(letter, [entry.id for entry in group]) for letter, group in grouped(entries, key)]

    assert listed(english_key) == [("A", ["t4"]), ("B", ["t3"]), ("E", ["t2"]), ("Z", ["t1"]), ("", ["t0"])]
    # 重复 is chong fu although 重 alone is zhong; a number has no pinyin, so 2 号 stands under hao.
    assert [letter for letter, _ in listed(chinese_key)] == ["B", "C", "H", "L", "S"]


def test_the_search_finds_by_every_form() -> None:
    index = small_site()["search-index.js"]
    rows = json.loads(index.removeprefix("window.studykitIndex = ").removesuffix(";\n"))
    row = next(row for row in rows if row[1] == "terms/kv-cache.html")
    assert row[2:4] == ["KV cache", "键值缓存"]
    assert {"KVC", "key-value cache", "KV 缓存"} == set(row[4])
    assert {"jianzhihuancun", "jzhc"} <= set(row[5])
    assert row[6] == 2
    assert {row[0] for row in rows} == {0, 1, 2}


def test_the_script_is_small() -> None:
    assert (data_dir("templates") / "site" / "search.js").stat().st_size < 8000


def test_a_demos_page_lists_who_claims_what_it_tests_and_when() -> None:
    page = small_site(labels="en")["demos/kv_cache.html"]
    assert page.count("Without a cache the prompt is paid for at every token.") == 2, "the talk twice"
    assert 'href="https://www.youtube.com/watch?v=abc&amp;t=62s">01:02</a>' in page
    assert f'href="../talks/{SMALL_TALK.source.id[:16]}.html#p1"' in page
    assert "The demo finds: Work is saved, not memory." in page
    assert "演示结果：省的是计算，不是内存。" in small_site()["demos/kv_cache.html"]


def test_a_talks_page_leads_from_a_claim_to_its_demo() -> None:
    page = small_site(labels="en")[f"talks/{SMALL_TALK.source.id[:16]}.html"]
    assert '<p class="try">Try it: <a href="../demos/kv_cache.html"><code>kv_cache</code></a>' in page


LEX = "Lex Fridman Podcast #490, State of AI in 2026"


@pytest.mark.parametrize(
    ("title", "url", "known"),
    [
        ("State of AI in 2026: LLMs, Coding", "https://www.youtube.com/watch?v=EV7WhVT270Q", True),
        ("mine", "https://youtu.be/EV7WhVT270Q?t=5", True),
        ("mine", "https://m.youtube.com/watch?list=x&v=EV7WhVT270Q", True),
        ("mine", "https://www.youtube.com/live/EV7WhVT270Q", True),
        (LEX.upper(), None, True),
        (LEX, "https://example.org/podcast", True),
        (LEX, "https://www.youtube.com/watch?v=abcdefghijk", False),
        ("mine", "https://example.org/watch?v=EV7WhVT270Q", False),
        ("mine", "https://[", False),
    ],
)
def test_a_quoted_talk_is_recognised_by_its_video(title: str, url: str | None, known: bool) -> None:
    talk = shown(replace(SMALL_TALK, source=replace(SMALL_TALK.source, title=title, url=url)), "2026-01-01")
    assert KnownTalks([talk]).get(LEX) == (talk if known else None)


def test_a_talk_that_nobody_knows_the_video_of_is_recognised_by_its_title() -> None:
    assert video_of(SMALL_TALK.source.url) is None, "no id of a video has three letters"
    talk = shown(SMALL_TALK, "2026-01-01")
    assert KnownTalks([talk]).get(" caches & COSTS") == talk
    assert KnownTalks([talk]).get("Another talk") is None


@pytest.mark.parametrize(
    ("where", "second"),
    [
        ("02:01:11", 7271.0),
        ("22:16 to 22:54", 1336.0),
        ("between 32:26 and 35:16", 1946.0),
        ("shortly before 47:44", 2804.0),
        ("shortly before 0:10", 0.0),
        ("after 58:42", 3522.0),
        ("about 28 % in", 280.0),
        ("between 71 and 77 % in", 710.0),
        ("12:99", None),
        ("at the end", None),
    ],
)
def test_a_place_is_a_second_to_begin_at(where: str, second: float | None) -> None:
    assert second_of(where, 1000.0) == second
    assert second_of("about 28 % in", None) is None
