"""Is a text Dutch? By its function words, and where those leave a doubt by py3langid.

In: raw text. Out: nothing, or `RejectedInputError`. The detector is asked about the languages that
scraped European news is in; it costs as much as all other cleaning together, so that plain Dutch,
nearly every text, is let through on words that no other language shares.
"""

from __future__ import annotations

import py3langid

from pipeline.reading.rejection import RejectedInputError
from pipeline.schemas import Reason

# Afrikaans is left out on purpose: Dutch headlines are often taken for it. It has a test of its own.
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


def _word_set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


#: Function words of Dutch that neither Afrikaans nor another language of the list has.
_DUTCH = _word_set(
    "een zijn niet voor naar bij wordt werd worden werden heeft hebben hij zij deze door zich zou zouden "
    "hun zei zegt kunnen gaat zullen zal zo zoals toen nog tijdens terwijl vanuit geen"
)
#: Function words of Afrikaans that Dutch writes otherwise (nie: niet, vir: voor, hulle: hun, sê: zeggen).
_AFRIKAANS = _word_set("nie 'n ʼn ’n vir hulle sê hy")
#: News text has about 0.09 of the Dutch ones (0.07 to 0.13); a text that is half foreign stays below.
_MIN_DUTCH = 0.055
_MIN_AFRIKAANS = 0.04


def check_dutch(text: str) -> None:
    """Raise RejectedInputError when most of `text` is in another language than Dutch.

    A foreign quotation in a Dutch article is no reason: the whole is looked at.
    """
    sample = text[:_SAMPLE_CHARS]
    words = sample.casefold().split()
    if len(words) < _MIN_WORDS:
        return
    if _share(words, _DUTCH) >= _MIN_DUTCH:
        return
    if _share(words, _AFRIKAANS) >= _MIN_AFRIKAANS:
        raise RejectedInputError(Reason.NOT_DUTCH, "not Dutch: the text is Afrikaans")
    py3langid.set_languages(_LANGUAGES)
    language, _ = py3langid.classify(sample)
    if language != "nl":
        detail = f"not Dutch: the text is {_NAMES[language]}"
        raise RejectedInputError(Reason.NOT_DUTCH, detail)


def _share(words: list[str], known: frozenset[str]) -> float:
    return sum(word in known for word in words) / len(words)
