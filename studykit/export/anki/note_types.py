"""The four Anki note types, with their card templates and fields.

Fields are only ever added at the end, and ids never change; otherwise Anki would create a second note
type. ``Audio`` comes last, so that tables without sound can leave it out.
"""

from __future__ import annotations

from studykit.formats.anki_deck import Card, NoteType

__all__ = ["CLOZE", "LISTENING", "NOTE_TYPES", "QUESTION", "VOCABULARY"]

_CSS = """\
.card { font: 20px/1.5 "Noto Sans", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  max-width: 40em; margin: 1em auto; padding: 0 1em; text-align: left; color: #1c1c1c; background: #fdfcf9; }
.head { font-size: 1.6em; font-weight: 600; }
.meaning, .cloze { color: #9a3412; font-weight: 600; }
.quiet { color: #6b6b6b; font-size: .8em; }
.nightMode.card { color: #e8e6e3; background: #1f1f1f; }
.nightMode .meaning, .nightMode .cloze { color: #fdba74; }
.nightMode .quiet, .nightMode a { color: #a8a29e; }
"""

_EXAMPLE = '<p lang="en">{{Example}}</p>\n'
_EXAMPLE_ZH = '{{#ExampleChinese}}<p lang="zh-Hans">{{ExampleChinese}}</p>{{/ExampleChinese}}\n'
_FOOT = '<p class="quiet">{{#Level}}{{Level}} · {{/Level}}{{Source}}</p>\n{{Audio}}\n'
_MEANING = (
    '{{#Meaning}}<p class="meaning" lang="zh-Hans">{{Meaning}}</p>{{/Meaning}}\n'
    '{{#Definition}}<p lang="en">{{Definition}}</p>{{/Definition}}\n'
    '{{#Remark}}<p lang="zh-Hans">{{Remark}}</p>{{/Remark}}\n'
)
_HEAD = '<p class="head" lang="en">{{Head}}</p>\n{{#IPA}}<p class="quiet">/{{IPA}}/</p>{{/IPA}}\n'
_TEXT = '<p lang="en">{{cloze:Text}}</p>\n'
_CHINESE = '{{#Chinese}}<p lang="zh-Hans">{{Chinese}}</p>{{/Chinese}}\n'

VOCABULARY = NoteType(
    id=1710461201,
    name="studykit vocabulary",
    fields=(
        "Head",
        "IPA",
        "Level",
        "Meaning",
        "Definition",
        "Remark",
        "Example",
        "ExampleChinese",
        "Source",
        "Audio",
    ),
    cards=(
        Card(
            name="Meaning",
            front=_HEAD + _EXAMPLE,
            back=_HEAD + "<hr id=answer>\n" + _MEANING + _EXAMPLE + _EXAMPLE_ZH + _FOOT,
        ),
        Card(
            name="Word",
            # Without a meaning there is nothing to ask, and Anki creates no such card.
            front='{{#Meaning}}<p class="meaning" lang="zh-Hans">{{Meaning}}</p>\n'
            + _EXAMPLE_ZH
            + "{{/Meaning}}",
            back="{{FrontSide}}<hr id=answer>\n" + _HEAD + _EXAMPLE + _FOOT,
        ),
    ),
    css=_CSS,
)

CLOZE = NoteType(
    id=1710461202,
    name="studykit cloze",
    fields=("Text", "Chinese", "Meaning", "Level", "Source", "Audio"),
    cards=(
        Card(
            name="Cloze",
            front=_TEXT + _CHINESE.replace("<p", '<p class="quiet"'),
            back=_TEXT
            + _CHINESE
            + '{{#Meaning}}<p class="meaning" lang="zh-Hans">{{Meaning}}</p>{{/Meaning}}\n'
            + _FOOT,
        ),
    ),
    css=_CSS,
    cloze=True,
)

LISTENING = NoteType(
    id=1710461203,
    name="studykit listening",
    fields=("Sentence", "Chinese", "Source", "Audio"),
    cards=(
        Card(
            name="Listening",
            front='<p class="quiet">听写 · Dictation</p>\n{{Audio}}',
            back='{{FrontSide}}<hr id=answer>\n<p lang="en">{{Sentence}}</p>\n'
            + _CHINESE
            + '<p class="quiet">{{Source}}</p>',
        ),
    ),
    css=_CSS,
)

QUESTION = NoteType(
    id=1710461204,
    name="studykit question",
    fields=("Question", "QuestionChinese", "Answer", "AnswerChinese", "Quote", "Source", "Audio"),
    cards=(
        Card(
            name="Question",
            front='<p lang="en">{{Question}}</p>\n<p lang="zh-Hans">{{QuestionChinese}}</p>\n',
            back="{{FrontSide}}<hr id=answer>\n"
            '<p lang="en">{{Answer}}</p>\n<p lang="zh-Hans">{{AnswerChinese}}</p>\n'
            '<p class="quiet">{{Quote}}</p>\n<p class="quiet">{{Source}}</p>\n{{Audio}}\n',
        ),
    ),
    css=_CSS,
)

NOTE_TYPES = (VOCABULARY, CLOZE, LISTENING, QUESTION)
