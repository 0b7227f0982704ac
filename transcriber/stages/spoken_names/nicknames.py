"""Short and familiar forms of given names: `Saz` may be Sarah, `Bill` may be William.

The table is our own, from common usage in Britain, Ireland and the United States and in the
communities that live there. An entry holds the spellings of one name, a colon, and its short
forms; a semicolon ends it.
"""

from collections.abc import Mapping
from functools import cache

from transcriber.stages.words import plain

_TABLE = """
abigail: abi abby abbie gail; abdul abdullah: abs; abraham: abe bram; adaeze: ada;
agnieszka: aga agi agnes; agnes: aggie nessie; aiden aidan: ade; ajay: aj;
albert: al bert bertie albie; alan allan allen: al;
aleksandra alexandra: alex sandra sandy ola lexi lexie xandra sasha;
alexander aleksander: alex al alec xander sandy sasha alistair; alfred: alf alfie fred;
alice: ali allie; alison allison: ali ally; alistair alasdair alastair: al ali;
amanda: mandy manda; amelia: millie mel amy milly; anastasia: stacey ana stasia nastia;
andrew andrzej: andy drew; angela: angie ange; angharad: hari haz; anita: nita;
ann anne anna: annie nan nancy ania; annabel annabelle: bella belle anna; anthony antony: tony ant;
antoinette: toni; arabella: bella; archibald: archie; arthur: art artie; asha ayesha aisha: ash;
augustine: gus; babatunde: tunde baba; barbara: barb babs barbie; barnaby: barney;
barry: baz bazza; bartholomew: bart; beatrice beatrix: bea bee trixie; belinda: bel lindy;
benedict: ben benny; benjamin: ben benny benji; bernadette: bernie detta; bernard: bernie;
bethany: beth bethie; beverley beverly: bev; blessing: bles; brendan: bren; brian bryan: bri;
bridget brigid: biddy bridie bride; calum callum: cal; cameron: cam; carol carole: caz;
caroline carolyn: caz caro carrie lyn; caitriona catriona: triona trina cat katrina;
cassandra: cass cassie sandra; cecilia: cissie celia; charles: charlie chas chuck chaz;
charlotte: charlie lottie lotte char shar; chidi chidiebere: chi; christian: chris;
christina christine kristina krystyna: chris chrissie tina chrissy krysia;
christopher kristopher: chris kit topher; clare claire: clarey; clement: clem; clifford: cliff;
clive: cliffy; conor connor: con; constance: connie; craig: craigy; cynthia: cindy; dagmara: daga;
daniel: dan danny; danielle: dani danni; darren: daz dazza;
david dafydd: dave davey dai davie taffy; deborah debra: deb debs debbie; delia: dee; denise: den;
dennis denis: den; derek: del; desmond: des; diana diane dianne: di; diarmuid dermot: derm;
dominic dominik: dom; donald: don donny; donna: don; dorota: dorotka;
dorothy: dot dottie dolly dora; douglas: doug dougie; duncan: dunc; eamon eamonn: ed; edith: edie;
edward: ed eddie ted teddy ned; edwin: ed eddie; eileen: eily; elaine: lainey;
eleanor elinor: ellie nell nellie nora ella;
elizabeth elisabeth elzbieta: liz lizzie beth betty bess bessie libby eliza lisa betsy ela;
ellen: nell nellie ellie; emily: em emmy millie; emma: em emmie; emmanuel emanuel: manny emma;
eric erik: rick; ernest: ernie; esther: essie; eugene: gene; evelyn: evie eve; ewa: ewka;
ezekiel: zeke; fatima fatimah: fati tima; fiona: fi; florence: flo florrie flossie;
frances: fran franny frankie francie; francis franciszek: frank frankie; franklin: frank;
frederick fryderyk: fred freddie freddy; gabriel: gabe; gabrielle gabriela: gabby gabi;
gareth: gaz gary; gary: gaz gazza; gavin: gav; gemma: gem; geoffrey jeffrey: geoff jeff;
george jerzy: georgie jurek; georgia: georgie; georgina: georgie gina; gerald: gerry jerry;
geraldine: gerry ger; gerard: gerry ger; gillian jillian: gill jill gilly; gladys: glad;
gloria: glo; graham graeme: gray; grzegorz: grzes; gwendolen gwendoline: gwen;
gwyneth: gwyn gwen; hannah hanna: han hania; harold: harry hal; harriet: hattie harrie;
haroon: harry; hassan: hass; heather: hev; helen helena: nell nellie hels lena;
henry henryk: harry hal hank heniek; hilary hillary: hils; hugh: hughie shug; ian iain: ianto;
ignatius: iggy; imelda: mel; imogen: immy immie; iris: rissy; irene: rene renie; isaac: ike zac;
isabel isabelle isobel isabella: izzy bella belle issy bel; ismail: ish; iwona: iwonka;
jacob jakub: jake kuba coby; jacqueline: jackie jacqui jacks; james: jim jimmy jamie jem;
jan: janek; jane: janie janey jen; janet: jan jannie; janice: jan; jasmine jasmin: jas jaz;
jason: jay jase; jean: jeannie; jeanette: jean nettie; jemima: jem mima;
jennifer: jen jenny jenn jenna; jeremy: jez jem jerry; jermaine: jay; jerome: jerry;
jessica: jess jessie; joan: joanie; joanna joanne johanna: jo joey annie asia joasia;
john jon: johnny jack jacko johnno; jonathan johnathan jonathon: jon jonny jono; jordan: jord;
joseph jozef: joe joey joss; josephine: jo josie jojo; joshua: josh; judith: jude judy;
julia julie juliana: jules julka; julian: jules; juliet juliette: jules; justine: jus;
karen: kaz caz; karolina: karola; katarzyna: kasia kaska;
katherine catherine kathryn katharine cathryn catharine: kate katie kath kathy cath cathy kat cat;
kathleen cathleen: kath kathy kay; keith: keefy; kelly: kel; kenneth: ken kenny; kerry: kez;
kevin: kev; khadija khadijah: khads; kieran ciaran: kier; kimberley kimberly: kim;
krzysztof: krzys krzysiek chris; kwabena: kobby; lakshmi laxmi: laks; laura: lauri lolly;
lauren: loz lozza; lawrence laurence: larry laz lol; leonard: len lenny leo; leslie lesley: les;
lewis louis: lou lew; lillian lilian: lil lily; linda lynda: lin lindy; lindsay lindsey: linz;
lorraine: lol lori raine; louise louisa: lou lulu; lucy lucinda: lu luce; luke lukasz: lukie;
madeleine madeline: maddy maddie mads; magdalena: magda magdalenka lena; malcolm: mal malc;
malgorzata: gosia goska margaret; marcin: martin; marek: mark;
margaret: maggie mags meg peggy peg marge margie madge greta rita mairead; marian: maz;
marie maria: mia mimi; marilyn: maz; marion: maz; marjorie margery: marge margie;
mark marc marcus: marky; martha: marty mattie; martin martyn: marty; martina: tina;
mary: molly polly moll; matilda: tilly tilda mattie; matthew: matt matty mat;
maureen: mo maur reenie; maurice: mo; maxwell maximilian: max; mehmet: memo; melanie: mel;
melissa: mel lissa; michael: mike mick mickey mikey micky mitch; michal: misiek;
michelle michele: shell shelly mich chelle; mildred: millie; miriam: mim miri;
mohammed muhammad mohammad mohamed muhammed: mo moh; moira: mo; monica monika: mon; morgan: mo;
muriel: mu; nadia: nads; nancy: nan; naomi: nomi; nasreen: nas; natalie: nat nats;
natasha: tash tasha nat; nathan nathaniel: nat nate; neil niall: neily;
nicholas nicolas: nick nicky nico; nicola nicole: nic nicky nikki nix; nigel: nige; nikhil: nik;
noreen: nor; norman: norm; nuala: nu; obinna: obi; olivia: liv livvy olly; oliver: ollie olly;
oluwaseun: seun; oluwatobiloba: tobi; oluwaseyi: seyi; pamela: pam; parveen: parv;
patricia: pat trish tricia patsy pattie trisha paddy; patrick padraig padraic: pat paddy pady rick;
paul pawel: pauly; paula pauline: paul; penelope: penny pen; percival: percy; peter: pete petey;
philip phillip: phil pip; philippa: pippa pip phil; philomena: phil mena phyl; phyllis: phyl;
piotr: piotrek peter; prakash: kash; priscilla: cilla prissy; priyanka: priya;
rachel rachael: rach rache; rajesh rajinder rajiv: raj; ramesh: ram; raymond: ray;
rebecca rebekah: becky becca becs bex beck; reginald: reg reggie;
richard: rick dick richie ricky rich dickie; rhiannon: rhi annie;
robert: rob bob bobby robbie bert rab robby; roberta: bobbie; robin robyn: rob;
roderick: rod roddy; rodney: rod; roger: rog; roisin: ro rosie; ronald: ron ronnie;
rosalind: roz ros lindy; rosemary: rose rosie romy; rosamund: ros roz; rukhsana: rukhi;
russell: russ; samantha: sam sammy sammie; samina: mina; samuel: sam sammy; sandra: sandy sand;
sanjay: sanj; sarah sara: saz sally sadie sal sassy; sean shaun shawn: shaunie; sebastian: seb bas;
shahid: shah; shannon: shan shaz; sharon: shaz shazza shar; shazia: shaz; sheila: shee;
shirley: shirl; sian: shan; siobhan: shiv shivvy; simon szymon: si; sinead: shin;
sophie sophia zofia: soph zosia; stanislaw stanley: stan staszek; stefan: stef;
stephanie stefanie: steph steff stevie; stephen steven: steve stevie ste; stuart stewart: stu stew;
sumaira: sumi; susan suzanne susanna susannah: sue susie suzie suzy sukie zuzia;
svetlana: sveta lana; sylvia: syl sylvie; tabitha: tab tabby; tadhg: tady; tamsin tamzin: tam tams;
tanya: tan; temitope: temi tope; terence terrence: terry tel tez;
teresa theresa therese: terry tess tessa tree resa; thaddeus: tad; theodore: theo ted teddy;
thomas tomasz: tom tommy tam tomek; timothy: tim timmy; titilayo: titi; tobias: toby;
tracey tracy: trace tray; trevor: trev; ursula: ursie; valerie: val; vanessa: nessa ness;
veronica weronika: ronnie vera vron; victor wiktor: vic;
victoria wiktoria: vicky vicki tori vic vix; vincent: vince vinny; violet: vi;
virginia: ginny ginnie; vivian vivien vivienne: viv; walter: wally walt wat; wendy: wend;
wilfred: wilf; wilhelmina: mina; william: will bill billy willy wills gwil;
winifred: win winnie freda; winston: win; wojciech: wojtek; yasmin yasmine: yas yaz;
yusuf yousef: joe; yvonne: von eve; zachary: zac zak zach; zainab: zee zen
"""


@cache
def variants(first_name: str) -> frozenset[str]:
    """Return other given names by which the same person may be called, in plain form.

    A name's other spellings and short forms; for a short form also the names that it is short for
    and, where that is one name only, its other short forms. The name itself is not among them.
    """
    name = plain(first_name)
    found = formal(name)
    for spellings, short in _entries():
        if name in spellings or (name in short and len(_short_for()[name]) == 1):
            found |= spellings | short
    return found - {name}


@cache
def formal(first_name: str) -> frozenset[str]:
    """Return the full names, in all spellings, that this name may be short for; itself left out."""
    name = plain(first_name)
    entries = _entries()
    return frozenset().union(*(entries[n][0] for n in _short_for().get(name, ()))) - {name}


@cache
def _entries() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Each entry's spellings and short forms."""
    parted = (entry.partition(":") for entry in _TABLE.split(";"))
    return tuple((frozenset(full.split()), frozenset(short.split())) for full, _, short in parted)


@cache
def _short_for() -> Mapping[str, tuple[int, ...]]:
    """Numbers of the entries that have a short form."""
    numbers: dict[str, tuple[int, ...]] = {}
    for number, (_, short) in enumerate(_entries()):
        for name in short:
            numbers[name] = (*numbers.get(name, ()), number)
    return numbers
