from __future__ import annotations

import pytest

from pipeline.reading.language import check_dutch
from pipeline.reading.rejection import RejectedInputError
from pipeline.schemas import Reason

DUTCH = (
    "De burgemeester van het stadje zei woensdag dat de brug over de rivier pas volgend jaar weer open gaat "
    "voor het verkeer. Bewoners moeten tot die tijd omrijden, en dat kost hun volgens de gemeente elke dag "
    "een half uur."
)
FOREIGN = {
    "English": "We will not walk away from this table before every prisoner has come home, and we expect our "
    "partners to say the same thing in public and in private.",
    "German": "Der Bundeskanzler hat am Mittwoch in Berlin erklärt, dass die Regierung die Hilfe im nächsten "
    "Jahr deutlich erhöhen will. Die Opposition hält den Plan für zu teuer.",
    "French": "Nous devons garder notre calme et défendre nos intérêts communs, parce que personne d'autre "
    "ne le fera à notre place dans les années qui viennent.",
    "Spanish": "El presidente dijo el miércoles en Madrid que el gobierno aumentará la ayuda a Ucrania el "
    "próximo año y pidió calma.",
    "Italian": "Il presidente ha detto mercoledì a Roma che il governo aumenterà gli aiuti all'Ucraina nel "
    "prossimo anno.",
    "Portuguese": "O presidente disse na quarta-feira em Lisboa que o governo vai aumentar a ajuda à Ucrânia "
    "no próximo ano.",
    "Danish": "Statsministeren sagde onsdag i København, at regeringen vil øge støtten til Ukraine til næste "
    "år, og at det haster.",
    "Norwegian": "Statsministeren sa onsdag i Oslo at regjeringen vil øke støtten til Ukraina neste år, og "
    "at det haster veldig.",
    "Swedish": "Statsministern sade i onsdags i Stockholm att regeringen vill öka stödet till Ukraina nästa "
    "år och att det brådskar.",
    "Polish": "Prezydent powiedział w środę w Warszawie, że rząd zwiększy w przyszłym roku pomoc dla Ukrainy "
    "i wezwał do spokoju.",
    "Russian": "Президент заявил в среду в Москве, что правительство в следующем году увеличит расходы на "
    "оборону и помощь регионам страны.",
    "Ukrainian": "Президент заявив у середу в Києві, що уряд наступного року збільшить видатки на оборону та "
    "допомогу регіонам країни.",
    "Turkish": "Cumhurbaşkanı çarşamba günü Ankara'da hükümetin gelecek yıl Ukrayna'ya yardımı artıracağını "
    "söyledi ve herkesi sakin olmaya çağırdı.",
    "Afrikaans": "Die burgemeester het Woensdag gesê dat die brug oor die rivier nie hierdie jaar vir verkeer sal "
    "oopgaan nie. Inwoners moet tot dan 'n ander pad ry, en dit kos hulle volgens die stad elke dag 'n halfuur.",
    "Arabic": "قال الرئيس يوم الأربعاء في القاهرة إن الحكومة ستزيد المساعدات إلى أوكرانيا في العام المقبل "
    "ودعا الجميع إلى الهدوء",
}


@pytest.mark.parametrize("language", FOREIGN)
def test_an_article_in_another_language_is_rejected_by_its_name(language: str) -> None:
    with pytest.raises(RejectedInputError) as caught:
        check_dutch(FOREIGN[language])
    assert caught.value.reason is Reason.NOT_DUTCH
    assert caught.value.detail == f"not Dutch: the text is {language}"


@pytest.mark.parametrize("language", ["French", "English", "German"])
def test_a_long_foreign_quotation_in_a_dutch_article_is_no_reason(language: str) -> None:
    check_dutch(f"{DUTCH} “{FOREIGN[language]}”, zei de minister na afloop van het overleg.")


def test_mostly_foreign_text_in_a_dutch_frame_is_rejected() -> None:
    with pytest.raises(RejectedInputError, match="the text is English"):
        check_dutch("De minister zei: " + FOREIGN["English"] * 4)


@pytest.mark.parametrize(
    "text",
    [
        DUTCH,
        DUTCH.upper(),
        "Poetin en Xi spreken elkaar in Peking over Oekraïne, Taiwan en de handel met de hele wereld.",
        "LIVE | NAVO-top Den Haag: Trump op Schiphol geland, ontvangst op Paleis Huis ten Bosch",
        "Aanwezig: Poetin, Xi Jinping, Kim Jong-un, Biden, Macron, Scholz, Zelensky, Orban, Modi, Netanyahu",
        "In Antwerpen hebben de vakbonden maandag aangekondigd dat ze gaan betogen tegen de pensioenplannen.",
    ],
    ids=["article", "capitals", "headline", "live", "names", "flemish"],
)
def test_dutch_is_accepted(text: str) -> None:
    check_dutch(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kim Jong-un in Wladiwostok",
        "Breaking: Putin arrives in Pyongyang",
        "Der Bundeskanzler hat am Mittwoch in Berlin mit dem Präsidenten gesprochen",
    ],
)
def test_texts_of_fewer_than_twelve_words_say_too_little_to_be_rejected(text: str) -> None:
    check_dutch(text)


def test_twelve_words_are_enough() -> None:
    with pytest.raises(RejectedInputError, match="the text is German"):
        check_dutch("Der Bundeskanzler hat am Mittwoch in Berlin mit dem neuen Präsidenten lange gesprochen")


def test_only_the_start_of_a_long_text_decides() -> None:
    check_dutch((DUTCH + " ") * 100 + FOREIGN["German"] * 1000)
