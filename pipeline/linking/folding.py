"""Letters without their marks, so that İmamoğlu and Imamoglu are one name. Offsets stay as they are."""

from __future__ import annotations

import unicodedata


def _folding() -> dict[int, str]:
    """Latin letters with marks, each to the one letter below it: offsets stay as they are."""
    table = {
        ord("ł"): "l",
        ord("Ł"): "L",
        ord("ø"): "o",
        ord("Ø"): "O",
        ord("đ"): "d",
        ord("Đ"): "D",
        ord("ı"): "i",
    }
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFKD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table[code] = base
    table |= {ord(c): "'" for c in "’‘`´ʼ"} | {ord("\u2011"): "-", ord("\u00a0"): " "}
    return table


_FOLDING = _folding()


def fold(text: str) -> str:
    """`text` without diacritics and with straight apostrophes, as long as it was.

    İmamoğlu and Imamoglu, Zelensky’s and Zelensky's are one; case stays: Turkije is not turkije.
    """
    return text.translate(_FOLDING)
