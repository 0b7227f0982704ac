"""Organisations as their kind, told by the words in their names: `[hospital]`, `[company]`."""

from transcriber.stages.words import plain_words

_KIND_PHRASES = {
    "primary school": "primary school, primary academy, infant school, infants school, "
    "junior school, elementary school, primary",
    "secondary school": "secondary school, high school, grammar school, comprehensive school, "
    "comprehensive, community school, girls school, boys school, upper school, middle school, "
    "secondary, high, grammar",
    "special school": "special school",
    "nursery": "nursery, nursery school, kindergarten, playschool, play school, pre school, "
    "preschool, creche, daycare, day care, head start, childrens nursery",
    "school": "school, academy",
    "college": "college, sixth form, further education college, community college, polytechnic",
    "university": "university, university of, medical school, nursing school, school of nursing, "
    "law school, business school, state university, university college",
    "hospital": "hospital, infirmary, royal infirmary, university hospital, maternity, "
    "maternity hospital, maternity unit, birth centre, general, medical center, ward",
    "GP surgery": "surgery, medical centre, health centre, medical practice, family practice, "
    "group practice, doctors surgery, practice",
    "clinic": "clinic, health center, health clinic, health partners, dental practice, dental",
    "hospice": "hospice",
    "care home": "care home, nursing home, residential home, rest home, retirement home, "
    "assisted living, day centre",
    "pharmacy": "pharmacy, chemist, chemists, drugstore",
    "health trust": "nhs trust, nhs foundation trust, foundation trust, hospital trust, "
    "hospitals trust, health board, health trust, healthcare trust, health authority, "
    "health service, health system",
    "council": "council, county council, city council, town council, parish council, "
    "borough council, district council, city hall",
    "housing association": "housing association, housing trust, housing, homes",
    "charity": "charity, foundation, appeal, society, association, relief, aid, charitable trust, "
    "helpline, food bank, foodbank, refuge, hostel, trust",
    "place of worship": "church, chapel, cathedral, abbey, minster, parish, mosque, synagogue, "
    "shul, temple, gurdwara, tabernacle, kirk, masjid, mandir, priory, convent, monastery, "
    "parish church",
    "community centre": "community centre, community center, childrens centre, family centre, "
    "sure start, youth centre, youth club, village hall, leisure centre, resource centre, "
    "drop in centre, centre, center, family hub",
    "group": "support group, playgroup, play group, toddlers, toddler group, mums group, "
    "baby group, group, cafe group, network, choir, circle",
    "police force": "police, constabulary, police force, police service, sheriffs office, garda, "
    "police department, police station",
    "fire service": "fire service, fire brigade, fire and rescue, fire department, fire station",
    "prison": "prison, hmp, jail, penitentiary, correctional facility, young offenders",
    "court": "court, crown court, magistrates court, county court, family court",
    "military unit": "regiment, battalion, squadron, brigade, platoon, company of, barracks, "
    "air base, airbase, fusiliers, rifles",
    "government department": "department of, department for, ministry, ministry of, "
    "bureau of, office for",
    "library": "library",
    "museum": "museum, gallery",
    "theatre": "theatre, theater, playhouse, opera house, cinema",
    "newspaper": "newspaper, gazette, messenger, herald, echo, chronicle, courier, argus, "
    "advertiser, tribune, evening post, evening news, observer, examiner",
    "broadcaster": "radio, fm, television, tv",
    "bank": "bank, building society, credit union",
    "hotel": "hotel, guest house, lodge",
    "pub or cafe": "cafe, coffee shop, tea room, tea rooms, tearoom, restaurant, diner, inn, pub, "
    "tavern, arms, kettle, kitchen, grill, bistro",
    "shop": "shop, store, stores, supermarket, bakery, bakers, butchers, barbers, hairdressers, "
    "salon, florist, florists, boutique, market, newsagents, grocery, book shop, bookshop, garage, "
    "motors, garden centre, shopping centre",
    "sports club": "fc, football club, rugby club, cricket club, golf club, rangers, united, "
    "athletic, harriers, rovers, sports club, gym, leisure club, rfc",
    "club": "club, legion, institute, womens institute, lodge of, masons, scouts, guides, brownies",
    "trade union": "union, trade union, trades union",
    "research institute": "research institute, institute of, research centre, laboratory, "
    "laboratories",
    "factory": "factory, mill, mills, works, foundry, packhouse, brewery, distillery, colliery, "
    "shipyard, steelworks",
    "farm": "farm, farms, ranch, dairy, nurseries, orchard, orchards",
    "firm of professionals": "solicitors, accountants, architects, attorneys, associates, "
    "chambers, estate agents, law firm, llp",
    "airline": "airlines, airways, airline",
    "transport company": "buses, coaches, taxis, cabs, railway, railways, haulage, logistics, "
    "travel, bus company",
    "company": "ltd, limited, plc, inc, incorporated, corporation, corp, company, llc, holdings, "
    "industries, enterprises, and sons, and son, brothers, bros, services, solutions, systems, "
    "consultancy, insurance, engineering, electronics, construction, builders, foods",
}
"""Kinds with what names of that kind end in or hold; a longer phrase says more than a shorter."""

_UNKNOWN = "organisation"

ORGANISATION_KINDS = frozenset(_KIND_PHRASES) | {_UNKNOWN}

_KINDS = {
    tuple(phrase.split()): kind
    for kind, phrases in _KIND_PHRASES.items()
    for phrase in phrases.split(", ")
}
_LONGEST = max(map(len, _KINDS))
_LEADING = frozenset({"hmp", "hotel", "cafe", "radio", "restaurant"})
_AFTER_HEAD = frozenset({"of", "for", "in", "at", "and"})


def organisation_kind(text: str) -> str:
    """Return the kind in brackets, `[organisation]` where the name does not tell it.

    Of several telling phrases the longest counts, of equally long ones the last: `St Mary's Church
    School` is a school and `Church of England Primary School` a primary school.
    """
    words = plain_words(text)
    told = [
        (size, at, _KINDS[words[at : at + size]])
        for size in range(1, _LONGEST + 1)
        for at in range(len(words) - size + 1)
        if words[at : at + size] in _KINDS and (size > 1 or _is_head(words, at))
    ]
    return f"[{max(told)[2] if told else _UNKNOWN}]"


def _is_head(words: tuple[str, ...], at: int) -> bool:
    """Whether a word is what the name is a name of: a mill is one in `Albion Mill` alone."""
    following = words[at + 1 : at + 2]
    return not following or following[0] in _AFTER_HEAD or (at == 0 and words[0] in _LEADING)
