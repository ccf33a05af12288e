"""Composes the stages, skips what is done, resumes; writes what comes out."""

from studykit.pipeline.claims_checks import FoundClaims, check_files, claims_of_file
from studykit.pipeline.download import Downloaded, download, write_list
from studykit.pipeline.media import media_digest, recogniser_for, transcript_of
from studykit.pipeline.notes import LINK_STAGES, STAGES, TRANSLATION_STAGES, NotesResult, make_notes
from studykit.pipeline.options import PipelineOptions
from studykit.pipeline.outputs import Skipped, Written, recording_of, write_all, write_notes
from studykit.pipeline.review import Change, ReviewedBead, Reviewer, lost_locks, reviewed, worst
from studykit.pipeline.site import SiteWritten, with_terms_of, write_site
from studykit.pipeline.stages import Progress, StageReport
from studykit.pipeline.translate_talk import TalkToTranslate
from studykit.pipeline.translated import TranslatedSentence, Translation
from studykit.pipeline.translation import Estimate
from studykit.pipeline.vocabulary import StudyList, study_list

__all__ = [
    "LINK_STAGES",
    "STAGES",
    "TRANSLATION_STAGES",
    "Change",
    "Downloaded",
    "Estimate",
    "FoundClaims",
    "NotesResult",
    "PipelineOptions",
    "Progress",
    "ReviewedBead",
    "Reviewer",
    "SiteWritten",
    "Skipped",
    "StageReport",
    "StudyList",
    "TalkToTranslate",
    "TranslatedSentence",
    "Translation",
    "Written",
    "check_files",
    "claims_of_file",
    "download",
    "lost_locks",
    "make_notes",
    "media_digest",
    "recogniser_for",
    "recording_of",
    "reviewed",
    "study_list",
    "transcript_of",
    "with_terms_of",
    "worst",
    "write_all",
    "write_list",
    "write_notes",
    "write_site",
]
