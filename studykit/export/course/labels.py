"""The fixed words of courses, in Chinese or English; ``{}`` stands for a number or a value."""

from __future__ import annotations

from msgspec import Struct

from studykit.export.page.labels import labels_named

__all__ = ["COURSE_LABELS", "CourseLabels", "course_labels_named"]


class CourseLabels(Struct, frozen=True, kw_only=True):
    """One language's wording."""

    language: str
    course: str
    heading: str
    skip: str
    menu: str
    contents: str
    lecture: str
    lectures: str
    lecture_count: str
    length: str
    total: str
    at: str
    at_paragraph: str
    met_at: str
    met_paragraph: str
    met: str
    new: str
    new_lead: str
    new_here: str
    nothing_new: str
    all_new: str
    term_count: str
    item_count: str
    glossary: str
    glossary_lead: str
    no_terms: str
    first_met: str
    said: str
    letters: str
    other_letter: str
    translations: str
    translations_lead: str
    usual: str
    where: str
    words: str
    take_away: str
    files: dict[str, str]
    bilingual: str
    languages: dict[str, str]
    previous: str
    next: str
    comma: str
    footer: str


COURSE_LABELS = {
    "zh": CourseLabels(
        language="zh-Hans",
        course="课程",
        heading="课程双语学习笔记",
        skip="跳到正文",
        menu="导航",
        contents="目录",
        lecture="第 {} 讲",
        lectures="各讲",
        lecture_count="共 {} 讲",
        length="时长 {}",
        total="总时长 {}",
        at="第 {lecture} 讲 {time}",
        at_paragraph="第 {lecture} 讲第 {paragraph} 段",
        met_at="第 {lecture} 讲 {time} 见过",
        met_paragraph="第 {lecture} 讲第 {paragraph} 段见过",
        met="第 {lecture} 讲见过",
        new="各讲新内容",
        new_lead="每一讲里第一次出现的术语和词汇。按 {} 级列出：低于这一级的词和你已认识的词不列，术语全列。",
        new_here="本讲新出现",
        nothing_new="这一讲没有新的术语和词汇。",
        all_new="全部",
        term_count="术语 {} 条",
        item_count="词汇 {} 条",
        glossary="术语表",
        glossary_lead="这门课里说到的术语：第一次在哪里出现，每一讲说了几次。",
        no_terms="这门课没有说到术语表里的术语。",
        first_met="首次出现",
        said="各讲次数",
        letters="按字母跳转",
        other_letter="其他",
        translations="译法",
        translations_lead="同一个英文术语，这门课的译文里用了几种译法。只列句子对应可靠、译法在术语表里的地方。",
        usual="术语表的首选",
        where="位置",
        words="词汇",
        take_away="带走",
        files={"epub": "电子书（EPUB）", "pdf": "可打印的书（PDF）", "apkg": "Anki 牌组"},
        bilingual="中英对照",
        languages={"en": "英文", "zh": "中文"},
        previous="上一讲",
        next="下一讲",
        comma="，",
        footer="由 studykit 生成，可离线使用。",
    ),
    "en": CourseLabels(
        language="en",
        course="Course",
        heading="Bilingual notes of a course",
        skip="Skip to content",
        menu="Menu",
        contents="Contents",
        lecture="Lecture {}",
        lectures="Lectures",
        lecture_count="Lectures: {}",
        length="Length {}",
        total="Total length {}",
        at="lecture {lecture}, {time}",
        at_paragraph="lecture {lecture}, paragraph {paragraph}",
        met_at="seen in lecture {lecture}, {time}",
        met_paragraph="seen in lecture {lecture}, paragraph {paragraph}",
        met="seen in lecture {lecture}",
        new="What is new",
        new_lead="The terms and words that each lecture is the first to say, for level {}: words below it "
        "and words that you know are left out, terms are not.",
        new_here="New in this lecture",
        nothing_new="This lecture has no new terms or words.",
        all_new="All",
        term_count="Terms: {}",
        item_count="Words and expressions: {}",
        glossary="Glossary",
        glossary_lead="The terms that this course says: where each comes first, and how often each lecture "
        "says it.",
        no_terms="This course says none of the glossary's terms.",
        first_met="First seen",
        said="Times said",
        letters="Jump to a letter",
        other_letter="Other",
        translations="Translations",
        translations_lead="Terms that the translations of this course render in more than one way. Only "
        "places where the sentences surely belong together and the glossary knows the translation.",
        usual="the glossary's choice",
        where="Place",
        words="Words and expressions",
        take_away="Take away",
        files={"epub": "Book (EPUB)", "pdf": "Book to print (PDF)", "apkg": "Anki deck"},
        bilingual="English and Chinese",
        languages={"en": "English", "zh": "Chinese"},
        previous="Previous lecture",
        next="Next lecture",
        comma=", ",
        footer="Made by studykit. Works offline.",
    ),
}


def course_labels_named(name: str) -> CourseLabels:
    """The wording ``zh`` or ``en``; raises ``ConfigError`` for another name."""
    return COURSE_LABELS["zh" if labels_named(name).language == "zh-Hans" else "en"]
