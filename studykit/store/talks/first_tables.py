"""Step 1 of the schema: talks and all that notes consist of. Never edited, see ``migrations``."""

from __future__ import annotations

__all__ = ["FIRST_SEARCH", "FIRST_TABLES"]

_TALK = "talk_id TEXT NOT NULL REFERENCES talks(id) ON DELETE CASCADE"
_SPAN = "sentence INTEGER NOT NULL, span_start INTEGER NOT NULL, span_end INTEGER NOT NULL"
_OCCURRENCE = f"language TEXT NOT NULL, {_SPAN}"

FIRST_TABLES = f"""
CREATE TABLE talks (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, kind TEXT NOT NULL, language TEXT NOT NULL, url TEXT,
  duration_s REAL, timing TEXT NOT NULL, encoder TEXT, aligned_source TEXT, aligned_target TEXT,
  align_options TEXT, notes_key TEXT NOT NULL, updated_at TEXT NOT NULL) STRICT;
CREATE TABLE chapters (
  {_TALK}, position INTEGER NOT NULL, title TEXT NOT NULL, start_s REAL NOT NULL,
  PRIMARY KEY (talk_id, position)) STRICT;
CREATE TABLE parts (
  {_TALK}, position INTEGER NOT NULL, title TEXT, first_paragraph INTEGER NOT NULL,
  end_paragraph INTEGER NOT NULL, PRIMARY KEY (talk_id, position)) STRICT;
CREATE TABLE paragraphs (
  {_TALK}, position INTEGER NOT NULL, number INTEGER NOT NULL, start_s REAL, end_s REAL,
  slack_s REAL NOT NULL, speaker TEXT, english TEXT NOT NULL, chinese TEXT NOT NULL,
  first_english INTEGER NOT NULL, end_english INTEGER NOT NULL, first_chinese INTEGER NOT NULL,
  end_chinese INTEGER NOT NULL, score REAL, doubtful INTEGER NOT NULL, introduces TEXT NOT NULL,
  PRIMARY KEY (talk_id, position)) STRICT;
CREATE TABLE sentences (
  id INTEGER PRIMARY KEY, {_TALK}, language TEXT NOT NULL, position INTEGER NOT NULL,
  paragraph INTEGER NOT NULL, text TEXT NOT NULL, raw TEXT NOT NULL, start_s REAL, end_s REAL,
  slack_s REAL NOT NULL, speaker TEXT, UNIQUE (talk_id, language, position),
  FOREIGN KEY (talk_id, paragraph) REFERENCES paragraphs(talk_id, position) ON DELETE CASCADE) STRICT;
CREATE TABLE beads (
  {_TALK}, position INTEGER NOT NULL, first_source INTEGER NOT NULL, end_source INTEGER NOT NULL,
  first_target INTEGER NOT NULL, end_target INTEGER NOT NULL, score REAL NOT NULL,
  locked INTEGER NOT NULL, PRIMARY KEY (talk_id, position)) STRICT;
CREATE TABLE terms (
  {_TALK}, position INTEGER NOT NULL, entry_id TEXT NOT NULL, english TEXT NOT NULL, abbreviation TEXT,
  chinese TEXT NOT NULL, category TEXT NOT NULL, glosses TEXT NOT NULL, demo TEXT,
  PRIMARY KEY (talk_id, position), UNIQUE (talk_id, entry_id)) STRICT;
CREATE INDEX terms_entry_id ON terms(entry_id);
CREATE TABLE term_occurrences (
  {_TALK}, term INTEGER NOT NULL, position INTEGER NOT NULL, {_OCCURRENCE},
  PRIMARY KEY (talk_id, term, position),
  FOREIGN KEY (talk_id, term) REFERENCES terms(talk_id, position) ON DELETE CASCADE) STRICT;
CREATE TABLE vocabulary (
  {_TALK}, position INTEGER NOT NULL, head TEXT NOT NULL, kind TEXT NOT NULL, lemma TEXT NOT NULL,
  upos TEXT, cefr TEXT, zipf REAL NOT NULL, glosses TEXT NOT NULL,
  PRIMARY KEY (talk_id, position)) STRICT;
CREATE TABLE vocabulary_occurrences (
  {_TALK}, item INTEGER NOT NULL, position INTEGER NOT NULL, {_OCCURRENCE},
  PRIMARY KEY (talk_id, item, position),
  FOREIGN KEY (talk_id, item) REFERENCES vocabulary(talk_id, position) ON DELETE CASCADE) STRICT;
CREATE TABLE claims (
  {_TALK}, position INTEGER NOT NULL, statement TEXT NOT NULL, statement_zh TEXT, score REAL NOT NULL,
  PRIMARY KEY (talk_id, position)) STRICT;
CREATE TABLE claim_evidence (
  {_TALK}, claim INTEGER NOT NULL, position INTEGER NOT NULL, {_SPAN}, quote TEXT NOT NULL,
  PRIMARY KEY (talk_id, claim, position),
  FOREIGN KEY (talk_id, claim) REFERENCES claims(talk_id, position) ON DELETE CASCADE) STRICT;
CREATE TABLE findings (
  {_TALK}, position INTEGER NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL,
  paragraph INTEGER NOT NULL, english TEXT NOT NULL, chinese TEXT NOT NULL, message TEXT NOT NULL,
  PRIMARY KEY (talk_id, position)) STRICT;
CREATE TABLE corrections (
  {_TALK}, position INTEGER NOT NULL, {_SPAN}, wrong TEXT NOT NULL, right TEXT NOT NULL, rule TEXT NOT NULL,
  confidence REAL NOT NULL, PRIMARY KEY (talk_id, position)) STRICT;
CREATE TABLE stage_results (
  key TEXT PRIMARY KEY, stage TEXT NOT NULL, source_id TEXT NOT NULL, result BLOB NOT NULL,
  created_at TEXT NOT NULL) STRICT;
CREATE INDEX stage_results_source ON stage_results(source_id, stage);
CREATE TABLE exports (
  path TEXT PRIMARY KEY, {_TALK}, format TEXT NOT NULL, key TEXT NOT NULL, content TEXT NOT NULL) STRICT;
"""

FIRST_SEARCH = (
    """CREATE VIRTUAL TABLE sentences_fts
       USING fts5(text, content=sentences, content_rowid=id, tokenize=trigram)""",
    """CREATE TRIGGER sentences_ai AFTER INSERT ON sentences BEGIN
       INSERT INTO sentences_fts(rowid, text) VALUES (new.id, new.text); END""",
    """CREATE TRIGGER sentences_ad AFTER DELETE ON sentences BEGIN
       INSERT INTO sentences_fts(sentences_fts, rowid, text) VALUES ('delete', old.id, old.text); END""",
    """CREATE TRIGGER sentences_au AFTER UPDATE ON sentences BEGIN
       INSERT INTO sentences_fts(sentences_fts, rowid, text) VALUES ('delete', old.id, old.text);
       INSERT INTO sentences_fts(rowid, text) VALUES (new.id, new.text); END""",
)
