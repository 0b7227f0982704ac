"""Words that say nothing about anybody, for the second look at a redacted text.

The lists are made by `python -m transcriber.training.ordinary_words` from packages that we depend
on.
"""

from functools import cache
from importlib.resources import files

from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import word_set

ALWAYS_CAPITAL = word_set(
    "i im ive id ill monday tuesday wednesday thursday friday saturday sunday mondays tuesdays "
    "wednesdays thursdays fridays saturdays sundays january february march april may june july "
    "august september october november december christmas boxing easter ramadan eid diwali "
    "halloween thanksgiving hogmanay english british irish scottish welsh american european french "
    "german spanish italian polish indian pakistani chinese african asian caribbean latin british "
    "australian canadian nigerian ghanaian kenyan somali jamaican "
    "christian christians muslim muslims catholic catholics hindu sikh jewish god lord "
    "baptist baptists methodist methodists presbyterian anglican pentecostal buddhist "
    "buddhists quaker quakers "
    "nhs gp gps tv uk usa us eu ok bbc cv dvd pc id it a e aids hiv adhd ptsd icu nicu gcse gcses "
    "covid zoom facebook whatsapp google youtube instagram twitter skype uber amazon netflix "
    "mum mom dad mam nan nana gran granny grandad grandma grandpa daddy mummy auntie uncle "
    "arabic urdu punjabi gujarati bengali hindi turkish romanian ukrainian filipino iranian "
    "mr mrs ms miss dr sir madam king queen prince father sister doctor"
)
"""Written with a capital anyway; plain forms."""

HOMELY = word_set(
    "aye yep yup nope aw ooh aww wee lass lassie lad lads bairn mams nans cuppa brew telly fridge "
    "freezer cooker kettle teapot mug saucepan porridge broccoli carrot "
    "carrots cabbage lettuce cucumber tomato tomatoes banana bananas strawberry raspberry biscuit "
    "biscuits crisps sarnie butty chippy takeaway crumpet scone scones pudding custard gravy sofa "
    "settee duvet pillow wardrobe cupboard drawer curtains carpet hoover tumble dryer washing "
    "nappy nappies pram buggy pushchair cot dummy teether breastpump moses stairgate highchair "
    "playgroup childminder creche toddler toddlers newborn newborns twins siblings sibling sis "
    "midwifery doula lactation mastitis thrush latch colostrum formula syringe syringes plaster "
    "paracetamol ibuprofen antibiotics antibiotic inhaler asthma diabetes dementia arthritis "
    "epilepsy pneumonia chemo chemotherapy radiotherapy stroke physio physiotherapist dietitian "
    "paramedic paramedics carer carers caring chiropodist optician dentist plumber plumbers "
    "electrician electricians joiner joiners plasterer roofer bricklayer hairdresser hairdressers "
    "barber barbers bartender waitress cleaner cleaners caretaker lollipop warden wardens janitor "
    "headteacher headmistress headmaster classroom classrooms playground maths algebra homework "
    "timetable detention sudoku knitting crochet bingo snooker darts netball rounders "
    "keyboard choir pew hymn hymns sermon chapel chaplain vicar "
    "priest imam rabbi nun monk pastor tractor tractors lambing silage haystack slurry "
    "sheepdog heifer heifers ewe ewes greenhouse allotment allotments daffodil "
    "hedgehog squirrel kitten puppy hamster umbrella wellies anorak cardigan jumper trousers "
    "slippers trainers hoodie rucksack handbag suitcase minibus motorway roundabout layby tram "
    "trams ferry canal estuary reservoir quarry colliery foundry warehouse warehouses "
    "forklift payslip overtime rota rotas shift shifts redundancy redundant zero pension benefits "
    "nicked skint knackered gutted chuffed gobsmacked naff dodgy posh scruffy nosy grumpy moody "
    "poorly peckish parched soggy drizzle drizzly sleet thunder lightning icy slippery freezing "
    "itll thatll therell whod whove wholl howd whered wherere mustnt neednt shant aint gonna wanna "
    "gotta kinda sorta cos coz innit dunno cannae couldnae didnae wasnae doesnae havent hasnt "
    "wean weans mammy mammies noo doon aboot oot hoose wisnae isnae wouldnae lough boreen craic "
    "skelped brook brooks beck advert adverts postcode postcodes payslips pyjamas tills "
    "haemorrhage stillbirth sterilised anaesthetic anaesthetist paediatrician paediatric maternity "
    "saltfish tamales ramen biryani samosa samosas chapati naan roti kimchi sushi hummus falafel "
    "goodbye cheerio ta bleeding bloody flipping blimey crikey gosh golly haha"
)
"""Homely words of British and Irish talk that American lists lack; written for this project."""

SPEECH_LABELS = word_set("int mod interviewer moderator facilitator speaker unk all group voice")
"""What speakers are called at the start of a line."""


@cache
def ordinary_words() -> frozenset[str]:
    """Return about 27,000 plain forms, without names of people and places but for common words."""
    return _listed("words_ordinary.txt") | COMMON_WORDS | ALWAYS_CAPITAL | HOMELY


@cache
def also_words() -> frozenset[str]:
    """Return the names that are words as often: in lower case they are nobody's name."""
    return ordinary_words() | _listed("words_also_names.txt")


def _listed(name: str) -> frozenset[str]:
    return word_set(files("transcriber.stages").joinpath(name).read_text("utf-8"))
