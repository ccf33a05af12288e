"""Many talks: listed, fetched, made by processes of this machine, on record, and stored by one writer."""

from studykit.batch.lists.job import Job, Listed
from studykit.batch.lists.listing import Arrivals, journal_name, list_talks
from studykit.batch.records import Journal, as_json, must_do, new_record
from studykit.batch.run import Batch, View

__all__ = [
    "Arrivals",
    "Batch",
    "Job",
    "Journal",
    "Listed",
    "View",
    "as_json",
    "journal_name",
    "list_talks",
    "must_do",
    "new_record",
]
