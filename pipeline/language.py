"""Is a text Dutch? By py3langid, on the languages that scraped European news is in."""

from __future__ import annotations

import py3langid

from pipeline.rejection import RejectedInputError
from pipeline.schemas import Reason

# Afrikaans is left out on purpose: Dutch headlines are often taken for it, the reverse does no harm.
_LANGUAGES = [
    "nl",
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "da",
    "no",
    "sv",
    "pl",
    "ru",
    "uk",
    "tr",
    "ar",
]
_NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "pt": "Portuguese", "da": "Danish", "no": "Norwegian", "sv": "Swedish", "pl": "Polish",
    "ru": "Russian", "uk": "Ukrainian", "tr": "Turkish", "ar": "Arabic",
}  # fmt: skip
#: Fewer words than this say too little: "Kim Jong-un in Wladiwostok" could be any language.
_MIN_WORDS = 12
#: Enough to decide; the detector's cost grows with the text.
_SAMPLE_CHARS = 20_000


def check_dutch(text: str) -> None:
    """Raise RejectedInputError when most of `text` is in another language than Dutch.

    A foreign quotation in a Dutch article is no reason: the detector sees the whole.
    """
    sample = text[:_SAMPLE_CHARS]
    if len(sample.split()) < _MIN_WORDS:
        return
    py3langid.set_languages(_LANGUAGES)
    language, _ = py3langid.classify(sample)
    if language != "nl":
        detail = f"not Dutch: the text is {_NAMES[language]}"
        raise RejectedInputError(Reason.NOT_DUTCH, detail)
