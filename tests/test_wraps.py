from __future__ import annotations

import pytest

from pipeline.cleaning.wraps import find_wraps
from pipeline.offsets import apply_edits

WRAPPED = """\
De premier van Armenië sprak dinsdag in Brussel met de minister van Han-
del over lagere douanerechten voor zijn land. Hij blijft tot vrijdag en
ontmoet ook zijn Belgische ambtgenoot. Een akkoord over de NAVO- en EU-
missie is er volgens diplomaten nog niet, al ligt de tekst van Kassym-
Jomart klaar.
   Vrijdag reist hij door naar Parijs, waar de Franse president hem ont-
vangt met militaire eer.

Kort nieuws
"""
JOINED = """\
De premier van Armenië sprak dinsdag in Brussel met de minister van Handel over lagere douanerechten voor zijn land. \
Hij blijft tot vrijdag en ontmoet ook zijn Belgische ambtgenoot. Een akkoord over de NAVO- en EU-missie is er \
volgens diplomaten nog niet, al ligt de tekst van Kassym-Jomart klaar.
   Vrijdag reist hij door naar Parijs, waar de Franse president hem ontvangt met militaire eer.

Kort nieuws
"""


def joined(raw: str) -> str:
    return apply_edits(raw, find_wraps(raw)).text


@pytest.mark.parametrize("newline", ["\n", "\r\n", " \n"])
def test_a_wrapped_paragraph_is_joined_and_its_words_are_whole(newline: str) -> None:
    found = joined(WRAPPED.replace("\n", newline))
    assert found.replace(newline, "\n").replace(" \n", "\n") == JOINED


LONG = "De premier van Armenië sprak dinsdag in Brussel met de minister van Handel over lagere douanerechten voor zijn land, "


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "een regel",
        f"{LONG}zei hij.\n{LONG}zei zij.\n{LONG}zeiden wij.",
        # headlines of the same length: nothing goes on in lower case
        "Kabinet valt over begroting voor onderwijs en zorg\nBoeren blokkeren grens met Polen opnieuw dagen\n"
        "Noord-Korea lanceert raket over oosten van Japan\nFinland bouwt hek langs de grens met Rusland",
        # verses
        "Wie weggaat neemt zijn schoenen mee\nwie blijft bewaart de sleutel\nen wie terugkomt\nvindt de deur",
        # paragraphs with blank lines
        "de ene alinea van ongeveer zestig tekens die klein begint\n\n" * 6,
    ],
)
def test_what_is_not_wrapped_stays(raw: str) -> None:
    assert list(find_wraps(raw)) == []
