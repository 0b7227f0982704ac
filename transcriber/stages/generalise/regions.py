"""Regions that people know: English regions, Irish provinces, US census regions, and who lies in.

England's are the nine of the Office for National Statistics (ITL 1); the census regions are those
of the US Census Bureau.
"""

from transcriber.stages.words import plain_words

ENGLAND, SCOTLAND, WALES, NORTHERN_IRELAND = "England", "Scotland", "Wales", "Northern Ireland"

HOME_NATIONS = {
    "ENG": ENGLAND,
    "SCT": SCOTLAND,
    "WLS": WALES,
    "NIR": NORTHERN_IRELAND,
}
"""By GeoNames' codes of first order for the United Kingdom."""

PROVINCES = {"C": "Connacht", "L": "Leinster", "M": "Munster", "U": "Ulster"}
"""By GeoNames' codes of first order for Ireland."""

_CENSUS_REGIONS = {
    "the Northeast of the US": "CT ME MA NH RI VT NJ NY PA",
    "the Midwest of the US": "IL IN MI OH WI IA KS MN MO NE ND SD",
    "the South of the US": "DE DC FL GA MD NC SC VA WV AL KY MS TN AR LA OK TX",
    "the West of the US": "AZ CO ID MT NV NM UT WY AK CA HI OR WA",
}
CENSUS_REGIONS = {
    state: name.removeprefix("the ")
    for name, states in _CENSUS_REGIONS.items()
    for state in states.split()
}
"""By postal code of the state."""

_COUNTIES = {
    "North East of England": "Northumberland, County Durham, Tyne and Wear, Tyneside, Wearside, "
    "North Tyneside, South Tyneside, Teesside, Cleveland",
    "North West of England": "Cumbria, Cumberland, Westmorland, Lancashire, Greater Manchester, "
    "Merseyside, Cheshire, Wirral, Fylde, Lake District",
    "Yorkshire and the Humber": "Yorkshire, North Yorkshire, South Yorkshire, West Yorkshire, "
    "East Yorkshire, East Riding, East Riding of Yorkshire, Humberside, Yorkshire Dales",
    "East Midlands": "Derbyshire, Nottinghamshire, Leicestershire, Lincolnshire, "
    "Northamptonshire, Rutland, Peak District",
    "West Midlands": "Staffordshire, Shropshire, Herefordshire, Worcestershire, Warwickshire, "
    "Black Country",
    "East of England": "Norfolk, Suffolk, Cambridgeshire, Essex, Hertfordshire, Bedfordshire, "
    "Huntingdonshire",
    "London": "Middlesex, Greater London",
    "South East of England": "Kent, Surrey, Sussex, East Sussex, West Sussex, Hampshire, "
    "Berkshire, Buckinghamshire, Oxfordshire, Isle of Wight",
    "South West of England": "Cornwall, Devon, Dorset, Somerset, Wiltshire, Gloucestershire, "
    "Isles of Scilly, Cotswolds",
    SCOTLAND: "Aberdeenshire, Angus, Argyll, Argyll and Bute, Ayrshire, Banffshire, Berwickshire, "
    "Caithness, Clackmannanshire, Dumfriesshire, Dumfries and Galloway, Dunbartonshire, "
    "East Lothian, Fife, Inverness-shire, Inverclyde, Kincardineshire, Kinross-shire, "
    "Kirkcudbrightshire, Lanarkshire, Midlothian, Moray, Nairnshire, Orkney, Peeblesshire, "
    "Perthshire, Renfrewshire, Ross-shire, Roxburghshire, Selkirkshire, Shetland, Stirlingshire, "
    "Sutherland, West Lothian, Wigtownshire, Hebrides, Outer Hebrides, Western Isles, "
    "Scottish Borders, Skye, Mull, Islay, Barra, Lewis, Arran",
    WALES: "Anglesey, Blaenau Gwent, Brecknockshire, Caernarfonshire, Carmarthenshire, "
    "Ceredigion, Clwyd, Conwy, Denbighshire, Dyfed, Flintshire, Glamorgan, Mid Glamorgan, "
    "South Glamorgan, West Glamorgan, Gwent, Gwynedd, Merionethshire, Monmouthshire, "
    "Montgomeryshire, Pembrokeshire, Powys, Radnorshire, Snowdonia",
    NORTHERN_IRELAND: "Antrim, Armagh, Down, Fermanagh, Londonderry, Derry, Tyrone",
    "Connacht": "Galway, Leitrim, Mayo, Roscommon, Sligo",
    "Leinster": "Carlow, Dublin, Kildare, Kilkenny, Laois, Longford, Louth, Meath, Offaly, "
    "Westmeath, Wexford, Wicklow",
    "Munster": "Clare, Cork, Kerry, Limerick, Tipperary, Waterford",
    "Ulster": "Cavan, Donegal, Monaghan",
}
"""British and Irish counties, islands and national parks, of today and as people still say them."""

COUNTIES = {
    plain_words(county): region
    for region, counties in _COUNTIES.items()
    for county in counties.split(", ")
}
"""Region by the words of the county, without `County` where that stands apart from the name."""

_WHOLE_REGIONS = {
    ENGLAND: "North East, North West, Yorkshire and the Humber, East Midlands, West Midlands, "
    "Midlands, East of England, East Anglia, South East, South West, Home Counties, West Country, "
    "the North, the South, Fens, Pennines, Thames Valley",
    SCOTLAND: "Highlands, Highlands and Islands, Lowlands, Central Belt, Borders, Lothian, "
    "Clydeside, Speyside, Tayside, Strathclyde",
    WALES: "North Wales, South Wales, West Wales, Mid Wales, Valleys, the Valleys",
    "Ireland": "Connacht, Connaught, Leinster, Munster, Ulster, Connemara, Burren, Midlands",
    "United States": "Midwest, New England, Deep South, West Coast, East Coast, Northeast, "
    "Pacific Northwest, Appalachia, Great Plains, Bay Area, Delta",
}
WHOLE_REGIONS = {
    words[1:] if words[0] == "the" and len(words) > 2 else words: country
    for country, regions in _WHOLE_REGIONS.items()
    for words in map(plain_words, regions.split(", "))
}
"""The country in which a region lies, by the words of the region."""

COUNTRY_NAMES = {
    plain_words(name): code
    for code, names in {
        "US": "USA, US, U.S., U.S.A., America, States, United States of America",
        "GB": "UK, U.K., Britain, Great Britain",
        "IE": "Eire, Republic of Ireland",
        "NL": "Holland, Netherlands",
        "MM": "Burma",
        "TL": "East Timor",
        "CI": "Ivory Coast",
        "CZ": "Czech Republic, Czechoslovakia",
        "KR": "South Korea, Korea",
        "KP": "North Korea",
        "CD": "Congo, Zaire",
        "PS": "Palestine, Gaza, West Bank",
        "SZ": "Swaziland",
        "MK": "Macedonia",
        "RU": "Soviet Union, USSR",
        "RS": "Yugoslavia",
        "IR": "Persia",
        "CV": "Cape Verde",
        "TR": "Turkey",
        "AE": "Emirates",
        "ZW": "Rhodesia",
        "LK": "Ceylon",
        "GM": "Gambia",
    }.items()
    for name in names.split(", ")
}
"""Names of countries that the gazetteer spells otherwise."""

SEEDS = {
    "North East of England": """Newcastle upon Tyne, Sunderland, Durham, Darlington, Middlesbrough,
    Hartlepool, Berwick-Upon-Tweed, Hexham, Alnwick, Barnard Castle, Stockton-on-Tees, Redcar,
    Consett, Guisborough, Haltwhistle, Bishop Auckland, Morpeth""",
    "North West of England": """Carlisle, Penrith, Kendal, Barrow in Furness, Lancaster, Preston,
    Blackpool, Blackburn, Burnley, Colne, Manchester, Oldham, Rochdale, Bolton, Wigan, Warrington,
    Liverpool, Southport, Chester, Crewe, Macclesfield, Stockport, Clitheroe, Sedbergh, Alston,
    Bacup, Congleton, Nantwich, Barnoldswick, Mossley, Alsager""",
    "Yorkshire and the Humber": """Leeds, Bradford, Halifax, Huddersfield, Todmorden, Skipton,
    Settle, York, Harrogate, Ripon, Northallerton, Whitby, Scarborough, Kingston upon Hull,
    Beverley, Goole, Doncaster, Sheffield, Rotherham, Barnsley, Scunthorpe, Grimsby, Brigg,
    Holmfirth, Penistone, Stokesley, Hebden Bridge, Bedale, Silsden, Maltby, Wath upon Dearne""",
    "East Midlands": """Derby, Nottingham, Leicester, Lincoln, Northampton, Chesterfield, Mansfield,
    Worksop, Gainsborough, Louth, Skegness, Boston, Spalding, Stamford, Grantham, Newark on Trent,
    Loughborough, Hinckley, Corby, Kettering, Wellingborough, Daventry, Brackley, Glossop, Buxton,
    Matlock, Ashbourne, Swadlincote, Oakham, Market Harborough, Dronfield, Retford, Coalville,
    Lutterworth, Holbeach, Market Rasen""",
    "West Midlands": """Birmingham, Wolverhampton, Coventry, Stoke-on-Trent, Stafford,
    Burton upon Trent, Tamworth, Lichfield, Walsall, Dudley, Telford, Shrewsbury, Oswestry,
    Market Drayton, Hereford, Leominster, Ross on Wye, Ledbury, Worcester, Great Malvern, Evesham,
    Kidderminster, Redditch, Stratford-upon-Avon, Warwick, Royal Leamington Spa, Rugby, Nuneaton,
    Leek, Uttoxeter, Newcastle under Lyme, Ludlow, Atherstone, Cheadle, Kidsgrove""",
    "East of England": """Norwich, King's Lynn, Great Yarmouth, Lowestoft, Ipswich,
    Bury St Edmunds, Cambridge, Peterborough, Huntingdon, Wisbech, Ely, Saint Neots, Bedford, Luton,
    Dunstable, Leighton Buzzard, Stevenage, Hertford, St Albans, Watford, Hemel Hempstead,
    Bishops Stortford, Royston, Harlow, Chelmsford, Colchester, Clacton-on-Sea, Southend-on-Sea,
    Basildon, Brentwood, Grays, Thetford, Cheshunt, Chigwell, Biggleswade, Borehamwood, Tring,
    Waltham Abbey, Epping, Rickmansworth, Haverhill, Sudbury, Potters Bar, Tilbury""",
    "London": """London, Croydon, Bromley, Orpington, Bexleyheath, Romford, Ilford, Enfield Town,
    Harrow, Uxbridge, Hounslow, Twickenham, Kingston upon Thames, Sutton, Peckham, Hackney,
    Tottenham, Ealing, Walthamstow, Hornchurch, Wimbledon, Surbiton, Edgware, Bexley, Mitcham,
    Barking, Purley, Chingford, Upminster, Hayes, Southall, Wembley, Finchley""",
    "South East of England": """Reading, Oxford, Banbury, Milton Keynes, Aylesbury, High Wycombe,
    Slough, Windsor, Maidenhead, Newbury, Basingstoke, Southampton, Portsmouth, Winchester, Andover,
    Brighton, Worthing, Chichester, Hastings, Eastbourne, Crawley, Horsham, Guildford, Woking,
    Epsom, Redhill, Staines, Sevenoaks, Maidstone, Dartford, Gravesend, Chatham, Canterbury, Dover,
    Margate, Aldershot, Farnham, Ringwood, Bicester, Witney, Faringdon, Esher, Walton-on-Thames,
    Caterham, Leatherhead, Swanley, Beaconsfield, Amersham, Buckingham, Chipping Norton,
    Fordingbridge, Hungerford, Edenbridge, Rye, Ryde, Royal Tunbridge Wells, Lymington,
    Carterton, Banstead""",
    "South West of England": """Bristol, Bath, Gloucester, Cheltenham, Swindon, Salisbury,
    Bournemouth, Poole, Christchurch, Weymouth, Dorchester, Taunton, Yeovil, Exeter, Plymouth,
    Torquay, Barnstaple, Truro, Penzance, Bude, Weston-super-Mare, Chippenham, Trowbridge,
    Cirencester, Moreton in Marsh, Tewkesbury, Marlborough, Stroud, Bridgwater, Coleford,
    Warminster, Verwood, Highworth, Lechlade, Amesbury, Minehead, Newquay""",
}
"""Towns of England by region: any other town lies where the nearest of them does. The edges of
regions have more of them, so that the answer is right but for a few places on the very border."""
