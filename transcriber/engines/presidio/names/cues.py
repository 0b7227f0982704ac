"""Words beside names, and words that are parts of names, by what they tell."""

from transcriber.stages.words import word_set

TITLES = word_set(
    "mr mrs ms miss mx dr prof professor doctor nurse midwife sister brother father reverend rev "
    "councillor cllr sir lady lord dame president senator governor mayor judge inspector sergeant "
    "constable captain colonel general major king queen prince princess pastor imam rabbi bishop "
    "minister chancellor secretary congressman"
)
KIN = word_set(
    "auntie aunty aunt uncle nana nan gran granny grandma grandad grandpa cousin mum mam mom dad "
    "sister brother son daughter husband wife partner friend mate boyfriend girlfriend fiance ex "
    "niece nephew mother father neighbour colleague boss manager supervisor baby twin"
)
ROLES = word_set(
    "director president chair chairman founder manager editor author writer singer actor actress "
    "professor reporter journalist leader head spokesman spokeswoman member candidate owner ceo "
    "coach teacher lecturer researcher engineer poet producer host guest"
)
HEADS = word_set(
    "hospital infirmary school university college surgery council trust church academy nursery "
    "hospice clinic foundation institute society association charity centre center chapel "
    "cathedral mosque temple ltd limited inc plc llp museum magazine corporation company "
    "constabulary police party union club bank group agency department ministry office court "
    "committee board commission congress parliament senate assembly league federation network "
    "times post news herald gazette press radio media records studios pictures books games "
    "systems united rovers city fc band brothers army navy force service authority house lab "
    "laboratory bureau administration government studio team alliance project fund campaign"
)
SITES = word_set(
    "street road lane avenue drive close crescent terrace park square bridge castle hill river "
    "lake island mount mountain mountains valley bay beach sea ocean county town village station "
    "airport stadium hall tower estate green gardens market"
)
KINDS_OF_PLACES = word_set(
    "primary secondary high grammar infant infants junior middle special community comprehensive "
    "medical health childrens family birth maternity leisure county borough district parish "
    "general royal national foundation housing sixth form baptist methodist catholic training day "
    "care sports shopping teaching business state technical public research local old new my the "
    "of and our"
)
"""Words before a head that name nobody by themselves."""
JOINERS = word_set(
    "of and the for in on at de da di del della van von der den la le el al bin ibn dos ter y st "
    "s upon under with"
)
CUES = {
    word: code
    for code, cues in (("A", SITES), ("H", HEADS), ("R", ROLES), ("K", KIN), ("T", TITLES))
    for word in cues
}
"""Title, kin, role, head of an organisation or site of a place; a word that is two is the last."""
CONTRACTIONS = word_set(
    "youd youll youre youve theyd theyll theyre theyve wed well weve were hed hell hes shed shell "
    "shes its itd itll ill id im ive thats thatd thatll whos wholl whod whats wheres heres theres "
    "hows dont doesnt didnt wont wouldnt couldnt shouldnt cant isnt arent wasnt werent hasnt "
    "havent hadnt mustnt neednt aint lets yall gonna wanna gotta kinda sorta cuz cos cause dunno "
    "innit ya yep yup nah nope hmm mhm uh um er erm eh ooh aah wow hey oops eg ie etc okay ok "
    "alright"
)
"""What a recogniser makes of short forms; nobody's name."""
CALENDAR = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march july "
    "september october november december"
)
"""Hardly ever part of a name; `April`, `May`, `June` and `August` are also people."""
INITIALS = frozenset("bcdefghjklmnopqrtuvwxyz")
EXCLAMATIONS = word_set(
    "hey hi hello howdy bye aye yep yup nah nope mhm hm hmm hmmm hmmmm ooh ah aah aha haha uh "
    "um er erm wow ouch oops okay ok alright cheers thanks moreover furthermore however nobody "
    "everybody somebody anybody"
)
"""Words that open sentences, some of them too rare to be known as words of ordinary talk."""
NO_NAMES = word_set(
    "internet web wifi bluetooth tv dvd cd pdf gps dna hiv aids covid phd gcse gcses"
)
"""Written with capitals, and nobody's."""
