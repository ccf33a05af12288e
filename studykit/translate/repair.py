"""Where a term in a Chinese translation may be replaced by the glossary's form.

Few replacements are safe. Chinese that the glossary accepts is good Chinese; a longer form repeats what
stands beside it; English may be a name, a title, a piece of code or a gloss.
"""

from __future__ import annotations

import re

from studykit.glossary import Entry
from studykit.glossary.forms import fold, has_han, straighten
from studykit.translate.engine import TermRow
from studykit.types import Span

__all__ = ["may_replace"]

_LATIN_AFTER = re.compile(r" ?[A-Za-z0-9_]")
_LATIN_BEFORE = re.compile(r"[A-Za-z0-9_] ?\Z")
_TOUCHES_CODE = frozenset("._-=/\\#@:$<>(（[`'\"“‘")
_TOUCHES_CODE_AFTER = frozenset("_-=/\\#@$<>()（）]`'\"”’")
_CODE_WORD = re.compile(r"\s*(?:方法|类|函数|参数|命令|选项|库|模块|字段|变量|属性|接口|目录|文件)")


def may_replace(row: TermRow, entry: Entry, target: str, span: Span) -> bool:
    """Whether the form of ``entry`` at ``span`` in ``target`` may become ``row.target``."""
    found, wanted = target[span.start : span.end], row.target
    shorter, longer = sorted((_plain(found), _plain(wanted)), key=len)
    if not has_han(wanted) or shorter in longer or _plain(wanted) in _plain(target):
        return False
    if entry.keep_english or not _is_head(row.source, entry):
        return False
    return has_han(found) or (_is_head(found, entry) and _stands_free(found, entry, target, span))


def _is_head(form: str, entry: Entry) -> bool:
    """Whether ``form`` is the entry's own name, which its Chinese translates, also in the plural.

    Another name may mean more or less, and then another accepted form is the better translation.
    """
    return _plain(form).startswith(_plain(entry.english))


def _stands_free(found: str, entry: Entry, target: str, span: Span) -> bool:
    """Whether an English form is no name, no code, no part of a title and no gloss."""
    before, after = target[: span.start], target[span.end :]
    own = "".join(form for form in entry.english_forms if fold(form) == fold(found))
    capital = any(char.isupper() and char not in own for char in (found[1:] if not before.strip() else found))
    beside_latin = _LATIN_BEFORE.search(before) or _LATIN_AFTER.match(after)
    dotted = after[:1] in {".", ":"} and after[1:2].isalnum()
    touches = before[-1:] in _TOUCHES_CODE or after[:1] in _TOUCHES_CODE_AFTER or dotted
    return not (capital or beside_latin or touches or _CODE_WORD.match(after))


def _plain(text: str) -> str:
    return fold(straighten(text)).replace(" ", "")
