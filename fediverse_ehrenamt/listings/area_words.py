"""Words by which a text shows which area it is about: beginnings of German words, umlauts written out. Our own list."""

_STEMS = {
    "sport": """
        sport, trainer, training, turn, fussball, schwimm, laufgruppe, lauftreff, radfahr, fahrrad, uebungsleit,
        gymnastik, tanzgruppe, handball, volleyball, basketball, tischtennis, tennis, wander, klettern, yoga, judo,
        badminton, kegel, boule, schiedsrichter, bewegungs, fitness, turnier, mannschaft, rudern, reiten, skaten,
        kanu, regatta, kampfrichter, streckenpost, stadtlauf, volkslauf, marathon, laufveranstalt
    """,
    "kultur": """
        musik, chor, orchester, theater, museum, museen, ausstellung, konzert, kultur, kunst, buecherei, bibliothek,
        archiv, literatur, buehne, kino, film, lesung, denkmal, stadtfuehr, museumsfuehr, heimatgeschichte,
        instrument, galerie, festival, heimatverein, geschichtswerkstatt, stadtteilgeschicht, stadtgeschicht,
        zeitzeug, musizier, karneval, bandprobe, radio, podcast, fotograf, malen, malkurs,
        krippe, klavier, klavierbegleit, notenwart, gesang
    """,
    "freizeit": """
        spielenachmittag, spieleabend, spieletreff, cafe, treffpunkt, begegnung, nachbarschaft, stadtteil,
        strickgruppe, strick, handarbeit, basteln, bastel, ausflug, ausfluege, freizeit, gesellschaftsspiel,
        gemeinsam kochen, repaircafe, repair, reparatur, werkstatt, brettspiel, schach, quartier, feste, sommerfest,
        stammtisch, hobby, gesellig, reparier, naehcafe, naehtreff, naehkurs, naehgruppe, naehstube, modellbau
    """,
    "soziales": """
        senior, aeltere, alten, altenheim, pflegeheim, besuchsdienst, besuche, fluechtling, gefluechtet, migra,
        zuwander, zugewander, handicap, behinder, rollstuhl, inklusion, inklusiv, obdachlos, wohnungslos, tafel,
        lebensmittel, kleiderkammer, kleider, rikscha, beduerftig, einsam, patenschaft, paten, mentor, begleit,
        betreu, familien, alltag, einkauf, behoerden, aemter, ankommen, integration, asyl, frauenhaus, schuldner,
        armut, fahrdienst, bewohner, seelsorge, sozial, hilfsbeduerft, alleinerzieh, rollator, spazier,
        sozialkaufhaus, bahnhofsmission, suppenkueche, formular, dolmetsch, sprachmittl, waermestube, kaeltebus,
        notunterkunft, notschlaf, wunschoma, leihoma, leihgross, eltern, zuhoer, sorgentelefon, telefonseelsorge,
        mehrgeneration, mittagstisch
    """,
    "gesundheit": """
        krankenhaus, klinik, patient, hospiz, sterbe, trauer, palliativ, demenz, krebs, suchtberat, suchthilfe,
        suchtkrank, selbsthilfe, blutspende, gesundheit, psychisch, seelische, gruene damen, pflegebeduerftig,
        kranke, rehabilitation, kinderklinik, erkrank, pflegedienst, pflegestation, altenpfleg, pflegende,
        pflegekraft, clown, genesung, diabetes, schlaganfall, parkinson,
        hospizbegleit, trauerbegleit, sterbebegleit
    """,
    "schule_kita": """
        schule, schueler, kita, kindergarten, kindertagesst, lesepat, hausaufgaben, grundschul, lernpat,
        nachhilfe, ganztag, schulklasse, unterricht, lesementor, lesehelf, schulkind, vorschul, kindergruppe,
        schulbib, schulhof, schulweg, leselern, lernhilfe, lernbegleit, lernfoerder, schulgarten, lesenlern,
        schulfruehst
    """,
    "jugend_bildung": """
        jugend, pfadfinder, ferienfreizeit, zeltlager, deutschkurs, sprachkurs, deutsch lern, sprachcafe,
        sprachtandem, sprachpartner, sprachpat, alltagsdeutsch, bildung, ausbildung, azubi, bewerbung, computer,
        smartphone, tablet, internet, medienkompetenz, deutschlehr, workshop, volkshochschule, juleica, kinderfreizeit,
        ferienpat, ferienbetreu, ferienprogramm, ferienspiele,
        konversation, alphabet, berufswahl, berufseinst, kurs, seminar, teamer, gruppenleit,
        deutschunterricht, sprachfoerder, programmier, lesen und schreiben, lesen u schreiben
    """,
    "umwelt_tiere": """
        natur, umwelt, tierheim, tiere, tierschutz, hunde, gassi, katze, vogel, voegel, wald, baeume, baum, garten,
        gaertn, klima, biotop, insekt, bienen, streuobst, amphib, kroeten, muell, cleanup, foodsharing,
        lebensmittelrett, nachhaltig, wildtier, pflanz, bachpat, solar, beete, ernte, kompost, igel, fledermaus,
        oekolog, landschaftspfleg, imker, recycling, gruenflaech, artenschutz, muellsamm, dreck weg, rama dama,
        fruehjahrsputz, putzaktion, bachputz, stadtputz, stadt sauber, subbotnik, kleidertausch,
        nistkaest
    """,
    "politik": """
        politi, demokrat, kampagne, menschenrecht, wahlhelf, wahlvorst, parlament, seniorenbeirat,
        buergerbeteiligung, fairer handel, fairtrade, weltladen, eine welt, stadtrat, buergerinitiative,
        antidiskriminierung, rassismus, gleichberechtigung, entwicklungshilfe, entwicklungszusammen, petition,
        verbraucherschutz, europa
    """,
    "beruf": "gewerkschaft, betriebsrat, berufsverband, tarif, arbeitnehmer, existenzgruend, kammer, fachkraeft",
    "kirche_religion": """
        kirche, gottesdienst, pfarr, gemeindehaus, konfirm, bibel, moschee, synagoge, kirchengemeinde, ministrant,
        messdiener, religi, glaube, kommunion, interreligioes, gemeindebrief
    """,
    "justiz": """
        strafvollzug, gefangen, haftentlass, inhaftiert, bewaehrung, opferhilfe, justiz, straffaellig, schoeff,
        rechtliche betreu, gericht, gewaltpraevention, kriminal, zeugen, sozialstunden, taeter, strafentlass
    """,
    "rettung_feuerwehr": """
        feuerwehr, rettungsdienst, sanitaet, katastrophenschutz, wasserrettung, thw, erste hilfe, bergwacht,
        rettung, rettungsschwimm, notfall, dlrg, rettungshund, einsatzkraft, einsatzkraefte, wasserwacht,
        zivilschutz, ersthelf, blaulicht, seenot, loeschzug, jugendfeuer
    """,
    "": """
        kleidertausch, hospizbegleit, trauerbegleit, sterbebegleit, klavierbegleit, chorbegleit, lernbegleit,
        rettungsschwimm, geschichtswerkstatt, stadtteilgeschicht
    """,
}  # fmt: skip

STEMS = {area: tuple(" ".join(stem.split()) for stem in words.split(",")) for area, words in _STEMS.items()}
