"""The database's schema, as numbered steps. Append only: a released step is never edited.

A new step is a function below the last one, named ``mNNNN_what_it_does`` and registered. Tables are
plurals in snake_case and ``STRICT``; every row of a talk is deleted with the talk.
"""

from __future__ import annotations

import re

from studykit.store.sqlite import Database, Migrations
from studykit.store.talks.first_tables import FIRST_SEARCH, FIRST_TABLES
from studykit.store.talks.sketches import sketch

__all__ = ["MIGRATIONS"]

MIGRATIONS = Migrations("studykit")

_TALK = "talk_id TEXT NOT NULL REFERENCES talks(id) ON DELETE CASCADE"


# Statements are executed one by one: sqlite3's executescript would commit the transaction that
# keeps two processes from migrating one database at the same time.
@MIGRATIONS()
def m0001_talks(db: Database) -> None:
    for statement in FIRST_TABLES.split(";\n"):
        if statement.strip():
            db.execute(statement)
    for statement in FIRST_SEARCH:
        db.execute(statement)


_REVIEW_TABLES = f"""
CREATE TABLE embeddings (key TEXT PRIMARY KEY, vector BLOB NOT NULL) STRICT;
CREATE TABLE segmented_paragraphs (
  {_TALK}, language TEXT NOT NULL, position INTEGER NOT NULL, end_sentence INTEGER NOT NULL,
  chapter INTEGER, PRIMARY KEY (talk_id, language, position)) STRICT;
CREATE TABLE origins (name TEXT PRIMARY KEY, lineage TEXT NOT NULL) STRICT;
CREATE TABLE review_actions (
  id INTEGER PRIMARY KEY, lineage TEXT NOT NULL, action TEXT NOT NULL, created_at TEXT NOT NULL) STRICT;
CREATE INDEX review_actions_lineage ON review_actions(lineage);
CREATE TABLE locks (
  id INTEGER PRIMARY KEY, lineage TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
  added_by INTEGER NOT NULL REFERENCES review_actions(id) ON DELETE CASCADE,
  removed_by INTEGER REFERENCES review_actions(id) ON DELETE SET NULL) STRICT;
CREATE INDEX locks_lineage ON locks(lineage);
CREATE INDEX locks_added_by ON locks(added_by);
CREATE INDEX locks_removed_by ON locks(removed_by);
"""


@MIGRATIONS()
def m0002_review(db: Database) -> None:
    for statement in _REVIEW_TABLES.split(";\n"):
        if statement.strip():
            db.execute(statement)
    # Each existing talk begins a lineage of its own.
    db.execute("INSERT INTO origins (name, lineage) SELECT id, id FROM talks")


@MIGRATIONS()
def m0003_search_that_datasette_sees(db: Database) -> None:
    # Datasette finds a table's index by the quotes around its name in the index's own definition.
    db.execute("DROP TABLE sentences_fts")
    db.execute(
        'CREATE VIRTUAL TABLE sentences_fts USING fts5(text, content="sentences", content_rowid=id,'
        " tokenize=trigram)"
    )
    db.execute("INSERT INTO sentences_fts(sentences_fts) VALUES ('rebuild')")


@MIGRATIONS()
def m0004_where_a_talk_was_published(db: Database) -> None:
    for column in ("channel", "published", "translation"):
        db.execute(f"ALTER TABLE talks ADD COLUMN {column} TEXT")


_DECISIONS = """
CREATE TABLE correction_decisions (
  id INTEGER PRIMARY KEY, lineage TEXT NOT NULL, language TEXT NOT NULL, sentence TEXT NOT NULL,
  span_start INTEGER NOT NULL, span_end INTEGER NOT NULL, right TEXT NOT NULL, accepted INTEGER NOT NULL,
  created_at TEXT NOT NULL, UNIQUE (lineage, language, sentence, span_start, span_end, right)) STRICT
"""


@MIGRATIONS()
def m0005_corrections(db: Database) -> None:
    # No stage has filled the table yet, so the default applies to no row.
    db.execute("ALTER TABLE corrections ADD COLUMN language TEXT NOT NULL DEFAULT 'en'")
    db.execute(_DECISIONS)


@MIGRATIONS()
def m0006_vocabulary(db: Database) -> None:
    db.execute("ALTER TABLE vocabulary ADD COLUMN ipa TEXT")
    db.execute("ALTER TABLE vocabulary ADD COLUMN note TEXT")
    db.execute(
        "CREATE TABLE known_items (key TEXT PRIMARY KEY, head TEXT NOT NULL, added_at TEXT NOT NULL) STRICT"
    )
    db.execute("CREATE INDEX vocabulary_head ON vocabulary(head)")


@MIGRATIONS()
def m0007_imported_notes(db: Database) -> None:
    db.execute("ALTER TABLE claims ADD COLUMN part INTEGER")


@MIGRATIONS()
def m0008_translations(db: Database) -> None:
    db.execute(
        "CREATE TABLE translations (key TEXT PRIMARY KEY, engine TEXT NOT NULL, texts TEXT NOT NULL,"
        " prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, seconds REAL NOT NULL,"
        " created_at TEXT NOT NULL) STRICT"
    )
    db.execute("CREATE INDEX translations_engine ON translations(engine)")


_TALK_TABLES = (
    *("chapters", "parts", "paragraphs", "sentences", "beads", "terms", "term_occurrences", "vocabulary"),
    *("vocabulary_occurrences", "claims", "claim_evidence", "findings", "corrections", "exports"),
    *("segmented_paragraphs", "talk_sources", "review_actions", "locks", "correction_decisions"),
)
"""Every table with rows of a talk, as of step 9."""


@MIGRATIONS()
def m0009_a_talk_is_known_by_its_text(db: Database) -> None:
    db.execute("ALTER TABLE talks ADD COLUMN sketch BLOB")
    db.execute(
        f"CREATE TABLE talk_sources (digest TEXT PRIMARY KEY, {_TALK}, origin TEXT NOT NULL,"
        " seen_at TEXT NOT NULL) STRICT"
    )
    db.execute("CREATE INDEX talk_sources_talk ON talk_sources(talk_id)")
    _keep_lineages(db)
    for talk_id, language in db.execute("SELECT id, language FROM talks").fetchall():
        rows = db.execute(
            "SELECT raw FROM sentences WHERE talk_id = ? AND language = ? ORDER BY position",
            [talk_id, language],
        )
        db.execute("UPDATE talks SET sketch = ? WHERE id = ?", [sketch(raw for (raw,) in rows), talk_id])
    # Foreign keys are off in the sqlite3 program, so what belongs to a talk is deleted by a trigger.
    deletions = " ".join(f"DELETE FROM {table} WHERE talk_id = old.id;" for table in _TALK_TABLES)
    db.execute(
        "CREATE TRIGGER talks_ad AFTER DELETE ON talks BEGIN"
        " DELETE FROM stage_results WHERE source_id = old.id"
        " OR source_id IN (SELECT digest FROM talk_sources WHERE talk_id = old.id);"
        f" {deletions} END"
    )


def _keep_lineages(db: Database) -> None:
    """Locks and decisions belonged to a line of talks from one path; now they belong to its last talk."""
    last = (
        "SELECT talks.id FROM origins JOIN talks ON talks.id = origins.name"
        " WHERE origins.lineage = {table}.talk_id ORDER BY talks.updated_at DESC LIMIT 1"
    )
    for table in ("review_actions", "locks", "correction_decisions"):
        db.execute(f"ALTER TABLE {table} RENAME COLUMN lineage TO talk_id")
        db.execute(f"UPDATE {table} SET talk_id = coalesce(({last.format(table=table)}), talk_id)")
        db.execute(f"DELETE FROM {table} WHERE talk_id NOT IN (SELECT id FROM talks)")
    for name, lineage in db.execute(
        "SELECT name, lineage FROM origins WHERE name NOT IN (SELECT id FROM talks)"
    ).fetchall():
        db.execute(
            "INSERT OR IGNORE INTO talk_sources SELECT talks.id, talks.id, ?, talks.updated_at FROM origins"
            " JOIN talks ON talks.id = origins.name WHERE origins.lineage = ?",
            [name, lineage],
        )
    db.execute("DROP TABLE origins")


@MIGRATIONS()
def m0010_findings_in_chinese(db: Database) -> None:
    # Older findings have no Chinese; the next run of their talk makes them anew.
    db.execute("ALTER TABLE findings ADD COLUMN message_zh TEXT NOT NULL DEFAULT ''")


@MIGRATIONS()
def m0011_who_wrote_it(db: Database) -> None:
    # An older studykit reads here which version a newer database needs.
    db.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")


@MIGRATIONS()
def m0012_headings_in_both_languages(db: Database) -> None:
    for table in ("chapters", "parts"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN translation TEXT")


@MIGRATIONS()
def m0013_guessed_turns(db: Database) -> None:
    for table in ("paragraphs", "segmented_paragraphs"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN guessed_turn INTEGER NOT NULL DEFAULT 0")


@MIGRATIONS()
def m0014_titles_made_from_what_is_said(db: Database) -> None:
    for column in ("made_title", "made_translation"):
        db.execute(f"ALTER TABLE talks ADD COLUMN {column} TEXT")


@MIGRATIONS()
def m0015_what_the_user_stated(db: Database) -> None:
    for column in ("stated_title", "stated_url"):
        db.execute(f"ALTER TABLE talks ADD COLUMN {column} TEXT")


@MIGRATIONS()
def m0016_decisions_about_all_talks(db: Database) -> None:
    db.execute(
        "CREATE TABLE word_decisions (language TEXT NOT NULL, wrong TEXT NOT NULL, right TEXT NOT NULL,"
        " accepted INTEGER NOT NULL, created_at TEXT NOT NULL, PRIMARY KEY (language, wrong, right)) STRICT"
    )


@MIGRATIONS()
def m0017_records_of_batches(db: Database) -> None:
    # `talk` is no reference: the record of what was done stays when the talk is removed.
    db.execute(
        "CREATE TABLE batch_records (key TEXT PRIMARY KEY, source TEXT NOT NULL, folder TEXT NOT NULL,"
        " state TEXT NOT NULL, status TEXT NOT NULL, title TEXT NOT NULL, talk TEXT, stage TEXT,"
        " stages TEXT NOT NULL, seconds REAL NOT NULL, cost REAL, files TEXT NOT NULL,"
        " warnings TEXT NOT NULL, error TEXT, updated_at TEXT NOT NULL) STRICT"
    )


@MIGRATIONS()
def m0018_sentences_that_were_hardly_heard(db: Database) -> None:
    db.execute("ALTER TABLE sentences ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0")


@MIGRATIONS()
def m0019_courses(db: Database) -> None:
    db.execute("CREATE TABLE courses (name TEXT PRIMARY KEY COLLATE NOCASE, created_at TEXT NOT NULL) STRICT")
    db.execute(
        "CREATE TABLE course_talks ("
        " course TEXT NOT NULL COLLATE NOCASE REFERENCES courses(name) ON DELETE CASCADE,"
        f" position INTEGER NOT NULL, {_TALK}, PRIMARY KEY (course, talk_id)) STRICT"
    )
    db.execute("CREATE INDEX course_talks_talk ON course_talks(talk_id)")
    # Foreign keys are off in the sqlite3 program.
    db.execute(
        "CREATE TRIGGER course_talks_ad AFTER DELETE ON talks BEGIN"
        " DELETE FROM course_talks WHERE talk_id = old.id; END"
    )


@MIGRATIONS()
def m0020_cards_of_courses(db: Database) -> None:
    db.execute(
        "CREATE TABLE course_cards ("
        " course TEXT NOT NULL COLLATE NOCASE REFERENCES courses(name) ON DELETE CASCADE,"
        " head TEXT NOT NULL, part TEXT NOT NULL, origin TEXT NOT NULL,"
        " PRIMARY KEY (course, head, part)) STRICT"
    )


@MIGRATIONS()
def m0021_vectors_by_talk(db: Database) -> None:
    # What the old table held is encoded again when it is needed: its keys do not tell the talk.
    db.execute("DROP TABLE embeddings")
    # No reference: vectors are made before the talk is stored.
    db.execute(
        "CREATE TABLE talk_vectors (id INTEGER PRIMARY KEY, talk_id TEXT NOT NULL, count INTEGER NOT NULL,"
        " keys BLOB NOT NULL, vectors BLOB NOT NULL, created_at TEXT NOT NULL) STRICT"
    )
    db.execute("CREATE INDEX talk_vectors_talk ON talk_vectors(talk_id)")
    db.execute(
        "CREATE TRIGGER talk_vectors_ad AFTER DELETE ON talks BEGIN"
        " DELETE FROM talk_vectors WHERE talk_id = old.id; END"
    )


@MIGRATIONS()
def m0022_search_for_two_characters(db: Database) -> None:
    # Two characters begin a trigram of the index unless a sentence ends with them.
    db.execute("CREATE VIRTUAL TABLE sentence_trigrams USING fts5vocab(sentences_fts, row)")
    db.execute("CREATE INDEX sentences_ending ON sentences(lower(substr(text, -2)))")


_SPAN = "span_start INTEGER NOT NULL, span_end INTEGER NOT NULL"
_PLACE = f"language TEXT NOT NULL, sentence INTEGER NOT NULL, {_SPAN}"
_WRITTEN_TABLES = f"""
CREATE TABLE assistance (
  talk_id TEXT PRIMARY KEY REFERENCES talks(id) ON DELETE CASCADE, model TEXT NOT NULL,
  written_on TEXT NOT NULL, title_english TEXT, title_chinese TEXT) STRICT;
CREATE TABLE written_parts (
  {_TALK}, position INTEGER NOT NULL, part INTEGER NOT NULL, heading_english TEXT, heading_chinese TEXT,
  PRIMARY KEY (talk_id, position)) STRICT;
CREATE TABLE written_statements (
  {_TALK}, position INTEGER NOT NULL, kind TEXT NOT NULL, owner INTEGER, english TEXT NOT NULL,
  chinese TEXT NOT NULL, PRIMARY KEY (talk_id, position)) STRICT;
CREATE TABLE written_evidence (
  {_TALK}, statement INTEGER NOT NULL, position INTEGER NOT NULL, sentence INTEGER NOT NULL,
  {_SPAN}, quote TEXT NOT NULL,
  PRIMARY KEY (talk_id, statement, position),
  FOREIGN KEY (talk_id, statement) REFERENCES written_statements(talk_id, position) ON DELETE CASCADE) STRICT;
CREATE TABLE written_items (
  {_TALK}, position INTEGER NOT NULL, head TEXT NOT NULL, kind TEXT NOT NULL, gloss TEXT NOT NULL, note TEXT,
  {_PLACE}, in_translation INTEGER NOT NULL, listed INTEGER NOT NULL,
  PRIMARY KEY (talk_id, position)) STRICT;
CREATE TABLE written_vetoes (
  {_TALK}, position INTEGER NOT NULL, head TEXT NOT NULL, kind TEXT NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY (talk_id, position)) STRICT;
CREATE TABLE written_misreadings (
  {_TALK}, position INTEGER NOT NULL, head TEXT NOT NULL, literal TEXT NOT NULL, meant TEXT NOT NULL,
  {_PLACE}, PRIMARY KEY (talk_id, position)) STRICT;
CREATE TABLE written_questions (
  {_TALK}, position INTEGER NOT NULL, part INTEGER NOT NULL, english TEXT NOT NULL, chinese TEXT NOT NULL,
  PRIMARY KEY (talk_id, position)) STRICT;
CREATE TABLE written_drops (
  {_TALK}, position INTEGER NOT NULL, feature TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (talk_id, position)) STRICT
"""


@MIGRATIONS()
def m0023_what_a_language_model_wrote(db: Database) -> None:
    for statement in _WRITTEN_TABLES.split(";\n"):
        db.execute(statement)
    # Foreign keys are off in the sqlite3 program.
    tables = re.findall(r"CREATE TABLE (\w+)", _WRITTEN_TABLES)
    deletions = " ".join(f"DELETE FROM {table} WHERE talk_id = old.id;" for table in tables)
    db.execute(f"CREATE TRIGGER assistance_ad AFTER DELETE ON talks BEGIN {deletions} END")


@MIGRATIONS()
def m0024_demos_of_claims(db: Database) -> None:
    db.execute("ALTER TABLE claims ADD COLUMN demo TEXT")
    db.execute("ALTER TABLE claims ADD COLUMN verdict TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE claims ADD COLUMN verdict_zh TEXT NOT NULL DEFAULT ''")
