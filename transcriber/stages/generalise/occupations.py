"""Occupations as their major group: `midwife` becomes `[professional occupation]`."""

from transcriber.stages.words import plain_words

_GROUP_WORDS = {
    "manager or director": "manager director owner proprietor publican landlord landlady "
    "shopkeeper restaurateur mayor mayoress councillor mp senator ceo",
    "professional occupation": "doctor gp surgeon consultant physician nurse midwife matron sister "
    "psychologist psychiatrist pharmacist dentist optometrist vet veterinarian physio "
    "physiotherapist therapist dietitian dietician radiographer paramedic podiatrist chiropodist "
    "teacher headteacher headmaster headmistress tutor lecturer professor researcher scientist "
    "chemist physicist biologist "
    "geologist archaeologist engineer programmer developer architect surveyor solicitor barrister "
    "lawyer attorney judge magistrate coroner accountant auditor actuary economist statistician "
    "librarian archivist curator journalist editor priest vicar pastor minister rabbi imam deacon "
    "bishop chaplain curate rector nun monk cardiologist oncologist neurologist radiologist "
    "paediatrician pediatrician obstetrician gynaecologist anaesthetist nutritionist lpn "
    "rn ibclc historian",
    "associate professional": "technician soldier sailor policeman policewoman detective "
    "garda firefighter fireman marine pilot counsellor counselor artist author writer "
    "actor musician singer dancer designer photographer coach trainer analyst adviser "
    "advisor inspector buyer broker interpreter translator draughtsman footballer athlete jockey "
    "paralegal organist sculptor sergeant corporal trooper hygienist optician",
    "administrative occupation": "secretary receptionist clerk administrator typist bookkeeper "
    "cashier",
    "skilled trade": "plumber electrician builder bricklayer joiner carpenter plasterer painter "
    "decorator roofer mechanic welder fitter plater boilermaker blacksmith toolmaker tailor "
    "upholsterer printer butcher baker chef cook fishmonger gardener groundsman gamekeeper "
    "farmer fisherman trawlerman thatcher stonemason glazier tuner weaver dressmaker florist "
    "crofter beekeeper watchmaker jeweller saddler glassblower potter",
    "caring, leisure or service occupation": "carer caregiver childminder nanny babysitter "
    "hairdresser barber beautician undertaker caretaker housekeeper cna steward stewardess "
    "embalmer lifeguard playworker",
    "sales or customer service occupation": "salesman saleswoman salesperson assistant "
    "merchandiser telephonist",
    "plant or machine operative": "driver operator operative miner trucker signalman "
    "machinist spinner scaffolder assembler cabbie",
    "elementary occupation": "cleaner porter labourer laborer waiter waitress barman barmaid "
    "bartender guard janitor postman postwoman postie mailman binman farmhand farmworker picker "
    "packer warehouseman",
}
"""The nine major groups of the Standard Occupational Classification 2020 of the UK's Office for
National Statistics, each with heads of the job titles that its index puts there."""

_PHRASES = {
    ("social", "worker"): "professional occupation",
    ("health", "visitor"): "professional occupation",
    ("software", "developer"): "professional occupation",
    ("lactation", "consultant"): "professional occupation",
    ("speech", "therapist"): "professional occupation",
    ("head", "teacher"): "professional occupation",
    ("youth", "worker"): "associate professional",
    ("prison", "officer"): "associate professional",
    ("police", "officer"): "associate professional",
    ("customs", "officer"): "associate professional",
    ("immigration", "officer"): "associate professional",
    ("probation", "officer"): "professional occupation",
    ("market", "trader"): "sales or customer service occupation",
    ("gas", "engineer"): "skilled trade",
    ("heating", "engineer"): "skilled trade",
    ("lift", "engineer"): "skilled trade",
    ("driving", "instructor"): "plant or machine operative",
    ("estate", "agent"): "associate professional",
    ("civil", "servant"): "administrative occupation",
    ("teaching", "assistant"): "caring, leisure or service occupation",
    ("classroom", "assistant"): "caring, leisure or service occupation",
    ("nursing", "assistant"): "caring, leisure or service occupation",
    ("healthcare", "assistant"): "caring, leisure or service occupation",
    ("care", "assistant"): "caring, leisure or service occupation",
    ("dental", "nurse"): "caring, leisure or service occupation",
    ("nursery", "nurse"): "caring, leisure or service occupation",
    ("care", "worker"): "caring, leisure or service occupation",
    ("support", "worker"): "caring, leisure or service occupation",
    ("au", "pair"): "caring, leisure or service occupation",
    ("travel", "agent"): "caring, leisure or service occupation",
    ("factory", "worker"): "plant or machine operative",
    ("farm", "worker"): "elementary occupation",
    ("security", "guard"): "elementary occupation",
    ("dinner", "lady"): "elementary occupation",
    ("lollipop", "lady"): "elementary occupation",
    ("lunch", "lady"): "elementary occupation",
}
"""Titles whose last word alone would mislead."""

_GROUPS = {word: group for group, words in _GROUP_WORDS.items() for word in words.split()}

OCCUPATION_WORDING = "|".join(_GROUP_WORDS)


def occupation_group(text: str) -> str | None:
    """Return the major group in brackets, None for a job that the table does not hold."""
    words = plain_words(text)
    for at in range(len(words) - 1, -1, -1):
        singular = words[at].removesuffix("s")
        before = words[at - 1] if at else ""
        group = _PHRASES.get((before, singular)) or _GROUPS.get(words[at]) or _GROUPS.get(singular)
        if group:
            return f"[{group}]"
    return None
