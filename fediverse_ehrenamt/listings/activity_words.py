"""Words by which a text shows what helpers do: beginnings of German words, umlauts written out. Our own list."""

_STEMS = {
    "begleiten_betreuen": """
        begleit, betreu, besuchsdienst, besuchshund, besuchen, besucht, patenschaft, familienpat, familienbegleit,
        hausbesuch, schulweghelf, schuelerpat, pate, patin, paten, patinnen, mentor, leihoma, leihopa, leihgross,
        wunschoma, wunschgross, oma opa, grosseltern auf zeit, spazier, zuhoer, gesellschaft leisten, sterbebegleit,
        seelsorge, gruene damen, bahnhofsmission, nachtwache, babysitt, stadtteilm, familienhilf, aufpassen,
        integrationslots, inklusionslots, patientenlots, kinderprogramm, kindergruppe,
        schuelerlots, arztbesuch, freizeitassist, in die praxis
    """,
    "beraten": """
        berat, chatberat, onlineberat, telefonberat, formular, antraege, sprechstunde, auskunft,
        sorgentelefon, telefonseelsorge, seelsorge am telefon, krisentelefon, kummer, schuldner, behoerdenlots,
        rentenberat, sozialberat, energiespar
    """,
    "unterrichten_vorlesen": """
        vorles, lesepat, leseoma, leseopa, unterricht, deutschkurs, sprachkurs, deutschlehr, deutsch lern,
        deutsch beibring, sprachlots,
        konversation, alphabetis, sprachpat, sprachcafe, sprachtandem, sprachpartner, lesen und schreiben, lesen u
        schreiben, maerchenerzaehl, erzaehlcafe
    """,
    "lernhilfe": """
        nachhilfe, hausaufgaben, lernhilf, lernpat, lernbegleit, lernfoerder, leselern, lesenlern, lesehelf,
        lesementor, schularbeiten, schuelerhilf, ausbildungspat, azubi, lernunterstuetz
    """,
    "anleiten_gruppenleitung": """
        gruppenleit, moderation, moderier, jugendleit, teamer, kursleit, workshopleit, tourenleit, wanderleit,
        gruppen leiten, leiten, anleiten, anleitung, stadtfuehr, gartenfuehr, museumsfuehr, kirchenfuehr,
        wanderfuehr, naturfuehr, fuehrungen, ferienfreizeit, freizeitbetreu, zeltlager, ferienspiel, ferienbetreu,
        pfadfinderleit
    """,
    "sport_training": """
        uebungsleit, trainer, training, turn, turnen, sportkurs, sportangebot, schwimm, gymnastik, laufgruppe,
        lauftreff, kampfrichter, schiedsrichter, fussball, handball, sportgruppe, walking, radtour, yoga
    """,
    "musik_kunst": """
        musik, musizier, chor, orchester, instrument, klavier, gitarre, singen, gesang, malen, kunst, bastel,
        theater spielen, theatergruppe, band, blaskapelle, kreativ
    """,
    "kochen_verteilen": """
        koch, kueche, essensausgabe, lebensmittel, fruehstueck, brote, backen, kuchen, tafel, bewirt, theke,
        ausschank, ausschenken, kiosk, getraenk, ausgabe von lebensmittel, ausgabe von kleid, ausgabe von essen,
         grillen, mittagstisch, suppe, kleiderkammer, kleiderausgabe, kleidung ausgeb,
        spenden sortier, spenden ausgeb, foodsharing, catering, kaffee kochen, essen ausgeb
    """,
    "fahren_transport": """
        fahrer, fahrerin, fahrdienst, kaeltebus, waermebus, rikscha, ausfahrer, chauffeur, ausliefer,
        essen auf raedern, menuebring,
        transport, kurier, buergerbus, austragen, einkaufsfahrt, umzugshelf, abholen
    """,
    "handwerk_reparatur": """
        reparatur, reparier, repair, handwerk, hausmeister, renovier, streichen, anstreich, fahrradwerkstatt,
        holzwerkstatt, textilwerkstatt, naehwerkstatt, reparaturwerkstatt, schrauben, naehen, naeh, buegeln,
        ausbesser, tischler,
        schreiner, elektro, loeten, zimmern, flicken, heimwerk, werkzeug, bauen, selbsthilfewerkstatt
    """,
    "garten_naturpflege": """
        garten, gaertn, baumschnitt, streuobst, hecke, unkraut, beete, hochbeet, naturschutz, biotop, pflanzen,
        pflanz, gruenflaeche, kroeten, amphib, muell, cleanup, giessen, landschaftspfleg, nistkaesten, nistkasten,
        baumpat, bachpat, kompost, imker, waldpfleg, dreck weg, rama dama, gruenpat, obstbaum, maehen
    """,
    "tiere_versorgen": """
        hund, hunde, gassi, katze, tierheim, tierpfleg, tiere, tierpat, fuettern, pferde, igel, wildtier, gnadenhof
    """,
    "organisieren_veranstalten": """
        organisieren, mitorganis, veranstaltungshelf, veranstaltungen, sommerfest, stadtteilfest, strassenfest,
        stadtfest, schulfest, herbstfest, gemeindefest, festival, aufbauhelf, aufbauteam, aufbau und abbau,
        auf und abbau, infostand, ordner,
        weihnachtsmarkt, basar, flohmarkt, eventhelf, vorbereiten, planung
    """,
    "verwalten_buero": """
        buero, verwalt, sekretari, schriftfuehr, telefondienst, empfangsdienst, datenpfleg, dateneingab,
        eingabe von daten, notenwart, ablage, mitgliederverwalt, geschaeftsstelle, protokoll
    """,
    "finanzen_kasse": """
        kassenwart, kassier, schatzmeister, buchhalt, buchfuehr, kassenpruef, rechnungspruef, finanz
    """,
    "oeffentlichkeitsarbeit": """
        oeffentlichkeitsarbeit, social media, instagram, facebook, pressearbeit, pressetext, flyer, newsletter,
        layout, vereinszeitung, indesign, redaktion, fotograf, grafik, plakat, werbung, blog, mediengestalt
    """,
    "it_digital": """
        computer, webseite, website, homepage, wordpress, edv, smartphone, tablet, digital, programmier, laptop,
        internet, software, datenbank, webmaster, it support
    """,
    "uebersetzen_dolmetschen": "uebersetz, dolmetsch, sprachmittl, gebaerdensprachdolmetsch",
    "spenden_sammeln": """
        fundrais, spendensamml, spendenaktion, spenden sammeln, sammelbuechse, haussammlung, spendenlauf,
        spendenakquise
    """,
    "vorstand_leitung": """
        vorstand, vorsitz, leitungsteam, beisitz, schriftfuehr, kassenwart, schatzmeister, beirat
    """,
    "rettung_einsatz": """
        feuerwehr, rettungsdienst, rettungsschwimm, rettungshund, sanitaet, thw, katastrophen, wachdienst, dlrg,
        erste hilfe, ersthelf, bergwacht, wasserwacht, einsatzkr, notfallseelsorg
    """,
    "forschung_dokumentation": """
        vogelzaehl, zaehlen, zaehlung, zaehlst, kartier, archiv, chronik, dokumentation, dokumentier, transkrib,
        heimatgeschicht, zeitzeug, digitalisier, citizen science, messstation, stadtgeschicht
    """,
    "kasse_einlass": """
        einlass, garderob, kartenverk, abendkasse, ladendienst, verkauf, museumsaufsicht, ausstellungsaufsicht,
        aufsichten, aufsicht im museum, aufsicht in der ausstellung, aufsicht und kasse, kassendienst,
        kasse, ticket
    """,
    "": """
        hundert, fahrerlaub, kassenwart, kassier, kassenpruef, bandscheib, bandbreit, banden, turnus, turnier,
        bewerbungstrain, gedaechtnistrain, konzentrationstrain, sprachtrain, deutschtrain, lesetrain, sozialtrain,
        kommunikationstrain, deeskalationstrain, couragetrain, zivilcouragetrain, alltagstrain, jobtrain, berufstrain,
        seniortrain, computertrain,
        naehe, naeher, lernbegleit, rettungsschwimm, elektroroll, elektromobil, theaterkasse, krankenkasse, fotografier
    """,
}  # fmt: skip

STEMS = {activity: tuple(" ".join(stem.split()) for stem in words.split(",")) for activity, words in _STEMS.items()}
