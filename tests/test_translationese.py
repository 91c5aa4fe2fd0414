"""The score of machine translation, on texts written for this test: twelve of each kind."""

from __future__ import annotations

import pytest

from pipeline.cleaning.translationese import machine_translated as _machine_translated
from tests.documents import cleaned_page


def machine_translated(text: str, furniture: list[str]) -> float:
    """The score of a text that is long enough for one."""
    score = _machine_translated(text, furniture)
    assert score is not None
    return score


# Written in the manner of translated sites: what an English sentence becomes word by word.
TRANSLATED = [
    "De premier vertelde verslaggevers dat de gesprekken goed gingen, wat betekent dat een akkoord dichtbij is. De "
    "ministers zullen elkaar ontmoeten in December, functionarissen zeiden. Het kantoor bevestigde de datum niet.",
    "Het leger trok zich terug uit de stad Nadat de rebellen waren binnengekomen, volgens een verklaring. Het is een "
    "nederlaag Een die de regering niet verwachtte. De president zal spreken op Dinsdag over de situatie.",
    "De rechtbank in Lima heeft de aanklager gevraagd om te wachten, sluitend een week van protesten. “We zijn niet "
    "bang,” zei een van de leiders, die met haar familie naar de hoofdstad Was gereisd voor de zitting.",
    "Laten we duidelijk zijn: dit is geen overwinning. De beelden werden viraal nadat de senator het parlement verliet. "
    "Zijn woordvoerder vertelde CNN dat hij de zorgen van de kiezers had geadresseerd.",
    "De inflatie steeg met 3.5 procent in Oktober, het bureau zei. Analisten hadden gerekend op minder. De centrale bank "
    "zal de rente niet verlagen, zeggende dat de economie nog sterk is.",
    "De 45-jaar oude man werd aangehouden op het vliegveld Toen hij probeerde te vertrekken. De politie heeft zijn paspoort "
    "genomen, een woordvoerder zei. Zijn advocaat noemt de arrestatie politiek.",
    "Aan het einde van de dag is het aan de bevolking om te beslissen, de kandidaat zei. Hij nam plaats in kantoor op "
    "januari 20, 2021 en heeft sindsdien twee wetten getekend die Worden betwist.",
    "De brand begon in een magazijn in het westen van de stad Waar chemicaliën waren opgeslagen, volgens de brandweer, "
    "makend het blussen moeilijk. Bewoners werden gevraagd om ramen te sluiten, de burgemeester zei.",
    "Een soortgelijke beweging door de Verenigde Staten in Mei had geen effect. De olieprijs steeg naar $1,200 per lading, "
    "handelaren zeiden. Het ministerie weigerde commentaar.",
    "De coach gaf de spelers een vrije dag Na de wedstrijd tegen Kroatië. “Ze hebben alles gegeven,” vertelde hij "
    "verslaggevers. De ploeg speelt weer op Zaterdag.",
    "Het schip met the lading graan verliet de haven op Maandag, terwijl de onderhandelaars nog spraken. De gouverneur "
    "adresseerde de menigte en beloofde dat de doorgang open Blijft.",
    "De minister heeft het verdrag getekend, diplomaten zeiden. Het omvat 1.2 miljard euro aan hulp, makend het de "
    "grootste in zijn soort. De leiders zullen in Juni opnieuw spreken.",
]
# Plain Dutch, with what might be taken for a sign: capitals of names, quotations, dates, an English word.
WRITTEN = [
    "De premier zei tegen verslaggevers dat de gesprekken goed verlopen. In december komen de ministers opnieuw bijeen, "
    "melden functionarissen. De datum wilde zijn woordvoerder niet bevestigen.",
    "Premier Bart De Wever sprak in Londen met Keir Starmer. Het Britse Lagerhuis en De Nederlandsche Bank kregen de brief "
    "op dinsdag, Het Parool schreef er al over.",
    "Verbruggen; Timber, Van Dijk, Van de Ven, De Ligt; F. de Jong, Van der Vaart: zo begon het elftal maandag. Koeman "
    "wisselde in de rust twee keer en zag Oranje winnen.",
    "“Wij wachten niet langer”, zei de voorzitter van de boerenbond. ‘Op korte termijn verandert er niets,’ denkt een "
    "analist van de bank. De veiling begint in maart.",
    "De inflatie kwam in oktober uit op 3,5 procent, meldt het statistiekbureau. Dat is meer dan analisten dachten. De rente "
    "blijft volgens de bank voorlopig gelijk.",
    "De 45-jarige man werd op het vliegveld aangehouden toen hij wilde vertrekken. Zijn paspoort is ingenomen, zegt een "
    "woordvoerder van de politie. De advocaat noemt de arrestatie politiek.",
    "In The Guardian schreef zij dat de oorlog nog jaren kan duren. De Washington Post en The New York Times namen het stuk "
    "over. In Den Haag bleef het stil.",
    "Verwijzend naar het verdrag van 1993 weigerde de minister te tekenen. De oppositie, bekend om haar felle toon, noemde "
    "dat een fout. Volgende week stemt de Kamer.",
    "LIVE - Op Schiphol zijn zaterdag ruim honderd vluchten geschrapt. Reizigers kregen van KLM een bericht op hun telefoon. "
    "Het Koninklijk Nederlands Meteorologisch Instituut geeft code oranje.",
    "De Russische president Vladimir Poetin is maandag in Minsk aangekomen. Hij sprak er met zijn ambtgenoot Aleksandr "
    "Loekasjenko over de oorlog in Oekraïne, aldus het Kremlin.",
    "Het museum toont foto’s uit de jaren zestig. Curator Els de Wit vond ze op zolder, in een doos van haar grootvader. “Ik "
    "wist niet wat ik zag.” De tentoonstelling duurt tot juni.",
    "De nieuwe podcast van de omroep heet The Day After. Elke aflevering gaat over een stad na een ramp. De makers reisden "
    "naar Mariupol, Aleppo en New Orleans.",
]


@pytest.mark.parametrize("text", TRANSLATED)
def test_translationese_scores_high(text: str) -> None:
    assert machine_translated(text, []) >= 0.5


@pytest.mark.parametrize("text", WRITTEN)
def test_written_dutch_scores_low(text: str) -> None:
    assert machine_translated(text, []) < 0.2


@pytest.mark.parametrize("text", ["", "De haven ligt stil.", " ".join(["woord"] * 19)])
def test_a_text_too_short_to_say_has_no_score(text: str) -> None:
    assert _machine_translated(text, ["Leave a Reply"]) is None


def test_english_furniture_adds_to_signs_in_the_text_but_decides_nothing_alone() -> None:
    english = ["Leave a Reply", "3 min read", "Continue Reading", "READ  De haven ligt stil"]
    assert machine_translated(WRITTEN[0], english) < 0.2
    one_sign = f"{WRITTEN[0]} De beurs sluit in Juli."
    assert machine_translated(one_sign, []) < machine_translated(one_sign, english)


def test_one_slip_in_a_long_article_stays_low() -> None:
    assert machine_translated(" ".join([*WRITTEN, "De brug gaat open in Juli."]), []) < 0.2


def test_an_article_is_never_dropped_for_its_score() -> None:
    page = cleaned_page(TRANSLATED[0])
    assert page.article["machine_translated"] >= 0.5
    assert page.text == TRANSLATED[0]
