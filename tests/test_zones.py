from __future__ import annotations

import pytest

from pipeline.cleaning.zones import Part, zone_parts
from pipeline.schemas import Zone
from tests.documents import cleaned_page

_ZONES = {
    "T": "title",
    "B": "body",
    "H": "heading",
    "C": "caption",
    "F": "furniture",
    "M": "metadata",
}

#: Small pages; the letter before a line says which zone it has, a blank line is one of the page.
PAGES = {
    "poll between two paragraphs": """
T Letland sluit grensovergang bij Terehova
B Letland heeft dinsdag de grensovergang bij Terehova gesloten, omdat er te weinig douaniers zijn voor de nacht.
F STELLING
F Europa moet Letland helpen bij de grens
F Eens
F Oneens
F 1.204 stemmen
B De minister van Binnenlandse Zaken zegt dat de overgang in het voorjaar weer open kan, als er mensen zijn.
""",
    "numbered headings": """
T Drie vragen over Letland en zijn grens
B Letland heeft dinsdag de grensovergang bij Terehova gesloten, omdat er te weinig douaniers zijn voor de nacht.
H 1. Een hek
B De minister van Binnenlandse Zaken zegt dat de overgang in het voorjaar weer open kan, als er mensen zijn.
H 2. Een hond
B De honden van de douane blijven wel aan het werk, want die hebben volgens de minister nog nooit geklaagd.
""",
    "a place alone above the text": """
T Letse premier wil meer honden aan de grens
F Door Els de Wit
M 14 maart 2024
B Riga
B Wie in Riga naar de grens vraagt, krijgt een verhaal over honden te horen, en daarna pas een over mensen.
B De minister van Binnenlandse Zaken zegt dat de overgang in het voorjaar weer open kan, als er mensen zijn.
""",
    "section that paragraphs begin with": """
F Letland
T Grensovergang bij Terehova gaat dicht
B Letland heeft dinsdag de grensovergang bij Terehova gesloten, omdat er te weinig douaniers zijn voor de nacht.
B Letland wil dat Europa betaalt voor nieuwe honden, zegt de minister van Binnenlandse Zaken van het land.
""",
    "agency copy": """
T Armeense premier praat in Brussel over douanerechten
B BRUSSEL (ANP) - De Armeense premier praat in Brussel over lagere douanerechten voor zijn land. Hij blijft.
B Vrijdag ontmoet hij de Belgische minister van Buitenlandse Zaken en drie leden van het Europees Parlement.
""",
    "agency copy signed at the end": """
T Kazachstan sluit twee grensposten
B Kazachstan heeft woensdag twee grensposten met Kirgizië gesloten vanwege zware sneeuwval in de bergen.
B Vrachtwagens moeten volgens het ministerie zeker tot vrijdag omrijden over de weg langs Taraz.
M (Belga)
""",
    "source line at the end": """
T Moldavië koopt gas in Roemenië
B De regering van Moldavië koopt deze winter extra gas in Roemenië, omdat de voorraad kleiner is dan gedacht.
M Bron: Belga
""",
    "date and author above the text": """
T Servië en Kosovo praten weer met elkaar
F Door Els de Wit
M 14 maart 2024
B De leiders van Servië en Kosovo zaten dinsdag voor het eerst in een half jaar weer aan één tafel.
B Na vier uur gingen zij uit elkaar zonder gezamenlijke verklaring, maar met een nieuwe afspraak in mei.
""",
    "date with a clock time": """
T Parlement van Georgië stemt over begroting
M ma 19 dec. 2022 om 10.30 uur
B Het parlement van Georgië stemt maandag over de begroting, waarin meer geld voor wegen en dijken staat.
""",
    "Flemish clock time": """
T Waalse regering spaart op busvervoer
M 14/10/2025, 16u42
B De Waalse regering wil volgend jaar twintig miljoen euro minder uitgeven aan het busvervoer in de stad.
""",
    "bar with name, section and date": """
F Maaskoerier
M Maaskoerier | Politiek | 14/10/2025, 16u42
T Brussel krijgt na een jaar een regering
B Na meer dan een jaar onderhandelen heeft het Brussels Gewest eindelijk een regering met zeven partijen.
""",
    "breadcrumbs": """
F Home › Nieuws › Buitenland
T Finland bouwt hek langs grens met Rusland
B Finland begint in het voorjaar met de bouw van een hek langs een deel van de grens met Rusland.
""",
    "menu above the title": """
F Menu
F Zoeken
F Inloggen
T Zweedse premier waarschuwt voor lange winter
B De Zweedse premier heeft de bevolking zondag gewaarschuwd voor een lange winter met hoge energieprijzen.
""",
    "site name and motto": """
F De Dijkbode
F Elke dag het nieuws van achter de dijk
T Waterschap wil hogere dijken na storm
B Het waterschap wil de dijken langs de kust ophogen, nu de storm van januari meer schade deed dan verwacht.
""",
    "site name with a motto that ends in a full stop": """
M november 23, 2024

F Polderblik

F Dagelijks het nieuws over dijken, dorpen en polders in heel het land, zonder reclame.

T Nieuwe brug bij Gorinchem een jaar later klaar

B De nieuwe brug bij Gorinchem gaat een jaar later open dan gepland, omdat er te weinig staal is geleverd.
""",
    "title twice": """
T Live: Turkije kiest een nieuw parlement
F Live: Turkije kiest een nieuw parlement
B In Turkije zijn zondag de stembureaus opengegaan voor de verkiezing van een parlement en een president.
B In Ankara stonden volgens persbureau Anadolu al voor zonsopgang lange rijen voor de deuren van de scholen.
""",
    "title in two parts": """
F Analyse
T Waarom Hongarije zijn stem zo duur verkoopt
B Wie de Hongaarse premier wil begrijpen, moet kijken naar de cijfers van het begrotingstekort van dit jaar.
""",
    "question as a title": """
T Wat gebeurt er als de OVSE ophoudt te bestaan?
B De organisatie die na de Koude Oorlog de vrede in Europa moest bewaken, heeft al drie jaar geen begroting.
""",
    "quotation as a title": """
T „Wij wachten niet op toestemming uit Parijs”
B De minister van Defensie van Niger kondigde zaterdag aan dat de laatste Franse militairen moeten vertrekken.
""",
    "no title at all": """
B De Russische minister van Financiën leent Belarus drie miljard roebel. De lening loopt tot 2030.
B Het geld is bedoeld voor de bouw van een tweede reactor in de kerncentrale bij Astravets, vlak bij de grens.
""",
    "headings between the paragraphs": """
T Top in Astana eindigt zonder slotverklaring
B De leiders van zes landen spraken dinsdag in Astana over hun gezamenlijke grensbewaking, zonder resultaat.
H Ruzie over geld
B Vooral over de verdeling van de kosten liepen de meningen uiteen, zeiden diplomaten na de zitting.
H Volgende top in Doesjanbe
B In het najaar komen de leiders opnieuw bijeen, dan in Doesjanbe, de hoofdstad van Tadzjikistan.
""",
    "quoted heading": """
T Boeren in Polen blokkeren de grens
B Poolse boeren hebben maandag opnieuw drie grensovergangen geblokkeerd, uit protest tegen goedkoop graan.
H “Geen korrel meer”
B „Zolang het graan binnenkomt, blijven wij hier staan”, zei de voorzitter van de boerenbond tegen de radio.
""",
    "question as a heading": """
T Vier vragen over de nieuwe sancties
B De Europese Unie heeft vrijdag een nieuw pakket sancties tegen Rusland aangenomen, het veertiende al.
H Wat verandert er?
B Schepen die olie boven de maximumprijs vervoeren, mogen niet langer aanleggen in havens van de Unie.
""",
    "heading Reacties inside an article": """
T Noord-Korea lanceert raket over Japan
B Noord-Korea heeft in de nacht op maandag een raket gelanceerd die over het oosten van Japan vloog.
H Reacties
B De Japanse premier sprak van een onaanvaardbare daad en riep zijn veiligheidsraad bijeen in Tokio.
B Zuid-Korea en de Verenigde Staten hielden uren later al een gezamenlijke oefening boven de Gele Zee.
""",
    "comments of readers below the article": """
T Gemeente wil geen windmolens bij het meer
B De gemeenteraad heeft dinsdag met grote meerderheid tegen de komst van acht windmolens bij het meer gestemd.
B De wethouder gaat nu met de provincie praten over een andere plek, waarschijnlijk langs de snelweg.
F 2 reacties
F Henk uit Urk
F Eindelijk een raad die luistert naar de mensen die er wonen, daar mag ook weleens iets over gezegd worden.
""",
    "one-sentence paragraphs": """
T Roemenië kiest opnieuw
B Roemenië kiest in mei opnieuw een president.
B Het hooggerechtshof verklaarde de eerste ronde ongeldig.
B Dat besluit kwam volgens juristen als een verrassing.
B De regering belooft nu strenger toezicht op reclame.
""",
    "paragraph that begins with Lees": """
T Rechter leest vonnis van honderd bladzijden voor
B De rechtbank in Almaty deed woensdag uitspraak in de zaak tegen acht voormalige ambtenaren van de douane.
B Lees je het vonnis goed, dan blijkt dat de rechters vooral de leiding van de dienst verantwoordelijk houden.
B Lees de brief van de minister erbij en het wordt duidelijk waarom niemand hem durfde te ondervragen.
""",
    "paragraph that begins with Foto": """
T Museum in Jerevan zoekt eigenaars van oude foto's
B Het museum in Jerevan heeft een doos met tweehonderd oude foto's gevonden en zoekt families die erop staan.
B Foto na foto legt conservator Ani Sargsian op tafel, tot het hele blad van haar bureau is verdwenen.
B Foto's van bruiloften zitten er het meest tussen, maar ook van soldaten die nooit zijn teruggekeerd.
""",
    "paragraphs that begin with words of furniture": """
T Wat u moet weten over de stroomstoring
B Volg de aanwijzingen van de brandweer, zegt de burgemeester, en ga alleen met de auto weg als het echt moet.
B Deel van de stad zat woensdagavond nog zonder stroom, al deden de meeste verkeerslichten het weer.
B Meer dan duizend huishoudens zijn inmiddels weer aangesloten, laat de netbeheerder van de provincie weten.
B Print media hebben het in zulke uren moeilijk, want de persen in de buurgemeente lagen de hele nacht stil.
""",
    "read-also inside the text": """
T Slowakije stopt met leveren van munitie
B De Slowaakse regering stopt met het leveren van munitie uit eigen voorraad, zei de premier maandag.
F Lees ook: Waarom Bratislava van koers verandert
B Bedrijven mogen volgens hem wel munitie blijven verkopen, zolang zij dat op eigen rekening doen.
""",
    "block of teasers inside the text": """
T België stuurt tweede fregat naar Rode Zee
B België stuurt in maart een tweede fregat naar de Rode Zee om schepen te beschermen, zei de minister.
F LEES OOK
F Scheepvaart mijdt Suezkanaal nu al drie maanden
F Rederijen rekenen op hogere vrachtprijzen
F “Wij varen liever om de Kaap heen”
B Het schip vertrekt op 10 maart uit Zeebrugge en blijft volgens de minister zeker drie maanden weg.
""",
    "teasers and then a heading": """
T Litouwen wil meer luchtafweer
B Litouwen vraagt de bondgenoten om meer luchtafweer, nadat een drone uit Belarus bij Vilnius was neergekomen.
F Bekijk ook
F Drone boven Vilnius was van hout
H Snelle hulp
B Duitsland heeft al toegezegd een batterij te sturen, die eind september in Litouwen moet aankomen.
""",
    "watch-also on one line": """
T Storting van aarde legt spoor in Zwitserland plat
B Een aardverschuiving heeft zaterdag het spoor tussen Bern en Brig over tweehonderd meter bedolven.
F Bekijk ook: Zo ruimt een klein dorp een hele berg op
B De spoorwegen verwachten dat er zeker twee weken geen treinen tussen beide steden kunnen rijden.
""",
    "English read-plug inside machine-translated text": """
T Verenigd Koninkrijk houdt aan visserijakkoord vast
B De Britse regering houdt vast aan het akkoord over de visserij dat zij met Noorwegen heeft gesloten.
F READ  Noorwegen opent drie nieuwe havens voor Britse kotters
B Vissers uit Schotland hadden gevraagd om een nieuwe verdeling van de quota voor kabeljauw en makreel.
""",
    "captions": """
T Tienduizenden vieren onafhankelijkheid in Chisinau
C Foto: Een parade trekt langs het parlement van Moldavië
B Tienduizenden mensen vierden zondag in Chisinau dat Moldavië vijfendertig jaar geleden onafhankelijk werd.
C KIJK. Zo zag het vuurwerk boven de rivier eruit
B De president hield een toespraak waarin zij vooral de jongeren bedankte die uit het buitenland kwamen.
""",
    "caption with its photographer": """
T Trein met graan bereikt Constanta
C Een trein met graan uit Oekraïne rijdt de haven van Constanta binnen © Reuters
B De eerste trein met graan uit Oekraïne is dinsdag na een reis van vier dagen in Constanta aangekomen.
""",
    "caption with an agency's name": """
T Letse kust vol dode vis
C Vrijwilligers ruimen het strand bij Liepaja op. Foto ANP
B Op het strand bij Liepaja in Letland zijn in de nacht van zondag duizenden dode vissen aangespoeld.
""",
    "share line and buttons": """
T Estland voert digitale stembus in
F Deel dit artikel
F Facebook | Twitter | WhatsApp | E-mail
B Estland voert bij de volgende verkiezingen een nieuwe digitale stembus in, die ook op oude telefoons werkt.
""",
    "reading time": """
T Hoe een dorp in Albanië de kust redt
M Leestijd: 4 minuten
B In een dorp aan de kust van Albanië planten kinderen sinds dit voorjaar elke zaterdag gras in het duin.
""",
    "published and updated": """
T Kabinet valt over begroting
M Gepubliceerd op 3 mei 2024 om 10:00
M Laatst bijgewerkt: 04-05-2024 11:12
B Het kabinet is vrijdagavond gevallen na een ruzie over de begroting voor onderwijs en zorg in dit jaar.
""",
    "newsletter in the middle": """
T Kirgizië en Tadzjikistan tekenen grensverdrag
B Kirgizië en Tadzjikistan hebben na dertig jaar een verdrag getekend over hun grens van duizend kilometer.
F Schrijf je in voor onze nieuwsbrief en ontvang elke ochtend het nieuws
B In de afgelopen jaren vielen er bij gevechten om water en weiland aan beide kanten tientallen doden.
""",
    "advertisement and subscription": """
T Griekenland verkoopt oude straaljagers
F Advertentie
B Griekenland wil zijn oudste straaljagers verkopen en er nieuwe toestellen uit Frankrijk van betalen.
F Word abonnee en lees onbeperkt verder
""",
    "cookie banner": """
F Wij gebruiken cookies om onze site te verbeteren. Klik op akkoord om alle cookies te accepteren.
T Oostenrijk houdt vast aan neutraliteit
B Oostenrijk houdt vast aan zijn neutraliteit, zei de bondskanselier woensdag na een bezoek aan het leger.
""",
    "tags and copyright": """
T Cyprus opent tweede grensovergang
B Op Cyprus is maandag een tweede grensovergang voor voetgangers geopend tussen het noorden en het zuiden.
F Tags: Cyprus, Turkije, Griekenland
F © 2024 Zuidpost
""",
    "headlines at the end": """
T Bulgarije krijgt in januari de euro
B Bulgarije mag in januari de euro invoeren, hebben de ministers van Financiën van de eurolanden besloten.
B De centrale bank in Sofia heeft inmiddels genoeg munten geslagen om alle automaten in het land te vullen.
F Kroatië viert twee jaar euro
F Zo ziet de Bulgaarse munt eruit
F Prijzen in Sofia stijgen sneller
""",
    "more-from block at the end": """
T Israël en Libanon ruilen gevangenen
B Israël en Libanon hebben dinsdag via het Rode Kruis elf gevangenen geruild bij de grenspost van Naqoura.
F Meer uit Buitenland
F Jordanië opent luchtruim weer
F Syrië krijgt nieuw parlement
F Irak stelt verkiezingen uit
""",
    "live feed with relative times": """
T Oezbekistan verlaagt prijs van gas
B TASJKENT (ANP) - Oezbekistan verlaagt per direct de prijs van gas voor gezinnen. Dat zei de president.
F Meer uit Buitenland
F LIMA (ANP) - In Peru zijn bij een busongeluk zeker negen mensen omgekomen. De bus viel in een ravijn.
F 13 minuten geledenWENEN (ANP) - Oostenrijk levert twee verdachten uit aan Italië. Het gaat om fraude.
F 2 uur geledenMADRID (ANP) - Spanje heeft drie bosbranden geblust. De brandweer blijft nog een week.
""",
    "live feed with the time above its item": """
T Mongolië sluit kolenmijn na ongeluk
B ULAANBAATAR (ANP) - Mongolië heeft een grote kolenmijn gesloten na een ongeluk waarbij vier mensen omkwamen.
F Net binnen
F 5 minuten geleden
F OSLO (ANP) - Noorwegen verhoogt de rente met een kwart procentpunt. Dat had niemand verwacht.
F 40 minuten geleden
F ROME (ANP) - Italië stuurt een schip naar de kust van Libië. Het vertrekt zaterdag uit Tarente.
""",
    "label before the title": """
F Buitenland
T Noorse premier bezoekt Spitsbergen
B De Noorse premier is donderdag op Spitsbergen aangekomen om met de bewoners over de toekomst te praten.
""",
    "column": """
F Column
T De stilte van Tbilisi
F Door Marieke van den Berg
B Er zijn steden die hard praten en steden die zwijgen. Tbilisi zwijgt, al drie weken, en dat is het teken.
B Op de Roestaveli-laan staat elke avond een rij mensen met een kaars, en niemand van hen roept iets.
""",
    "interview": """
T „Een kleine bondgenoot moet hard roepen”
B De Letse minister van Defensie ontvangt in een kamer zonder ramen, drie trappen onder de straat in Riga.
H Waarom is het budget zo snel gestegen?
B „Omdat wij geen keuze hebben. Onze grens met Rusland en Belarus is samen langer dan vierhonderd kilometer.”
""",
    "list of points in running text": """
T Dit staat in het bestand
B De beide partijen hebben woensdag een bestand getekend dat dertig dagen duurt en deze afspraken bevat:
B - alle gevangenen worden binnen een week vrijgelaten via het Rode Kruis;
B - de zware wapens gaan vijftien kilometer achter de linie;
B - waarnemers van de OVSE krijgen vrije toegang tot het hele gebied.
B De ondertekening werd in Wenen uitgezonden op een scherm voor het gebouw van de Verenigde Naties.
""",
    "author with an office": """
T Portugal zoekt water
F Van onze correspondent Joost Verbruggen
B In het zuiden van Portugal staat het water in de stuwmeren lager dan in alle jaren waarin het werd gemeten.
""",
    "regional news with a lead": """
T Bus rijdt winkel binnen in Genk
B In Genk is een lijnbus vrijdagochtend een winkel binnengereden; twee klanten raakten daarbij lichtgewond.
B De chauffeur werd volgens de politie onwel. De bus reed daarna nog honderd meter door over het voetpad.
F Lees meer over Genk
""",
    "title and a deck without a full stop": """
T Estse regering verhoogt belasting op suiker
B Limonade wordt in januari dertig cent duurder
B De regering van Estland verhoogt in januari de belasting op drank met suiker, ondanks verzet van de winkels.
""",
    "paragraph broken in mid-sentence": """
T Sneeuw legt Ankara lam
B In de Turkse hoofdstad Ankara zijn dinsdag alle scholen gesloten gebleven nadat er in de nacht
B veertig centimeter sneeuw was gevallen. Ook de metro reed volgens de gemeente urenlang niet.
""",
    "title that begins with Update": """
T Update: Servië meldt 12 gewonden na aardbeving
B In het zuiden van Servië zijn bij een lichte aardbeving twaalf mensen gewond geraakt, meldt het ministerie.
""",
    "title that begins with a word of metadata": """
T Aangepast klimaatplan kost 12 miljard euro
B Het aangepaste klimaatplan van de Deense regering kost twaalf miljard euro, twee keer zoveel als gedacht.
""",
    "heading that looks like a by-line": """
T Begrotingsoverleg verplaatst zich naar Amerika
B De eurolanden praten deze week verder over hun begrotingen aan de rand van een vergadering in Washington.
H Van Peteghem in Washington
B De Belgische minister heeft er een gesprek met zijn Canadese collega over de rente op staatsleningen.
""",
    "paragraphs that begin with a time ago": """
T Twee raadsels rond het gezonken schip
B Een dag geleden wist niemand in Tallinn nog waar het schip lag. Nu kent iedereen de plek bij het eiland.
B De kustwacht stuurde er maandagochtend meteen een duiker heen, die na een halfuur weer boven kwam.
B 10 dagen geleden vertrok het schip met staal uit Riga. De lading was bestemd voor een werf in Gdansk.
""",
    "buttons under the title": """
T Malta verkoopt geen paspoorten meer
F Delen
F Opslaan
F Luister naar dit artikel
B Malta stopt met de verkoop van paspoorten aan rijke investeerders, nadat het Europees Hof dat had verboden.
""",
    "text goes on below the picture": """
T Poolse stad vangt honderd gezinnen op
B De Poolse stad Rzeszów vangt vanaf maandag honderd gezinnen op die uit Charkov zijn gevlucht.
F Tekst gaat verder onder de foto
B De gezinnen slapen voorlopig in een sporthal, maar de gemeente zoekt woningen in de dorpen eromheen.
F Lees verder onder de advertentie
B Kinderen kunnen volgens de wethouder al na een week naar school, waar twee klassen zijn vrijgehouden.
""",
    "clock time without a date": """
T Spaanse koning bezoekt Melilla
M Vandaag, 10:32
B De Spaanse koning brengt woensdag een bezoek aan Melilla, de eerste keer in bijna twintig jaar tijd.
""",
    "date in English with its weekday": """
M Monday, January 2, 2023
T Kroatië betaalt voortaan met euro's
B In Kroatië is zondag de euro ingevoerd, en in de meeste winkels ging dat volgens de kassa's goed.
""",
    "time stamp": """
T Andorra houdt een referendum
M 2023-02-12T10:30:00Z
B Andorra houdt in het najaar een referendum over een verdrag met de Europese Unie, zei de premier zondag.
""",
    "links at the foot of the page": """
T IJsland opent nieuwe weg na uitbarsting
B IJsland heeft een nieuwe weg geopend naar het dorp Grindavik, dat na een uitbarsting was afgesloten.
B De weg ligt op een dam van steen en kan volgens de dienst ook bij een volgende uitbarsting open blijven.
F Privacybeleid
F Algemene voorwaarden
F Contact
""",
    "short sentences after a list of headlines": """
T Zwitserland levert verdachte uit
B Zwitserland heeft een verdachte van fraude uitgeleverd aan Frankrijk, waar justitie hem al jaren zocht.
F Hoofdpunten
F Bank verliest miljoenen
F Rechter begint pas in juni met de zaak
B Zijn advocaat noemt de uitlevering een fout. Hij gaat in beroep bij het hof in Lausanne, zei hij dinsdag.
""",
    "only furniture": """
F Menu
F Deel dit artikel
F Facebook | Twitter | WhatsApp
F 12 reacties
F © 2024 Zuidpost
""",
}


def _expected(page: str) -> tuple[str, list[tuple[str, str]]]:
    """The raw text of a page, and its segments as (zone, line)."""
    lines = [(line[:1], line[2:]) for line in page.strip("\n").split("\n")]
    return "\n".join(text for _, text in lines), [(_ZONES[zone], text) for zone, text in lines if text]


@pytest.mark.parametrize("name", PAGES)
def test_zones_of_a_page(name: str) -> None:
    raw, expected = _expected(PAGES[name])
    assert cleaned_page(raw).zones() == expected


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n\n", " \n", "\n\u00a0\n", "\u2028", "\v"])
@pytest.mark.parametrize("name", ["agency copy", "block of teasers inside the text", "captions"])
def test_zones_do_not_depend_on_the_kind_of_line_break(name: str, newline: str) -> None:
    raw, expected = _expected(PAGES[name])
    assert cleaned_page(raw.replace("\n", newline)).zones() == expected


def test_furniture_of_a_page_is_not_in_its_text() -> None:
    raw, expected = _expected(PAGES["block of teasers inside the text"])
    text = "\n\n".join(line for zone, line in expected if zone != "furniture")
    assert cleaned_page(raw).text == text


_SENTENCE = "De premier van Armenië sprak dinsdag met de minister van Handel over de nieuwe douanerechten."


def test_a_date_prefix_is_split_off_its_line() -> None:
    assert zone_parts(f" date 2022-12 {_SENTENCE}") == [
        Part(1, 13, Zone.METADATA, "date"),
        Part(14, 14 + len(_SENTENCE), Zone.BODY, "prose"),
    ]


@pytest.mark.parametrize("prefix", ["date 2022", "Date: 2022-12-19", "  date 2022-12-19"])
def test_forms_of_the_date_prefix(prefix: str) -> None:
    page = cleaned_page(f"{prefix} {_SENTENCE}")
    assert page.zones() == [("metadata", prefix.strip()), ("body", _SENTENCE)]


def test_a_date_prefix_is_only_one_at_the_start() -> None:
    line = f"date 2022-12 {_SENTENCE}"
    assert cleaned_page(f"{_SENTENCE}\n{line}").zones()[1] == ("body", line)


def test_the_title_field_is_known_again_in_the_text() -> None:
    raw = f"Polderblik\nElke dag iets nieuws van het land\nTop in  Minsk\n{_SENTENCE}"
    page = cleaned_page(raw, title=" Top in Minsk ")
    assert page.zones() == [
        ("furniture", "Polderblik"),
        ("furniture", "Elke dag iets nieuws van het land"),
        ("title", "Top in  Minsk"),
        ("body", _SENTENCE),
    ]


def test_a_title_field_that_is_not_in_the_text_stands_before_it() -> None:
    page = cleaned_page(_SENTENCE, title="Top in Minsk")
    assert page.text == f"Top in Minsk\n\n{_SENTENCE}"
    assert [(s["zone"], s["raw_start"], s["raw_end"], s["rule"]) for s in page.segments] == [
        ("title", 0, 0, "title-field"),
        ("body", 0, len(_SENTENCE), "prose"),
    ]


@pytest.mark.parametrize("raw", ["", " ", "\n\t\r\n", "\u2028"])
def test_a_blank_text_has_no_parts(raw: str) -> None:
    assert zone_parts(raw) == []
