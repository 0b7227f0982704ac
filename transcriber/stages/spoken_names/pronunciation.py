"""How a name is said: from PocketSphinx's dictionary, else by rules from its spelling.

Sounds are written in ARPAbet without stress (`S EH R AH` for Sarah). The rules are our own: one
table for English, and one for each tradition whose spelling English readers cannot guess; a name
that looks like one is given both readings, because nobody knows which of them was said.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from heapq import nsmallest
from importlib.resources import files
from itertools import pairwise

from transcriber.stages.words import plain

Sounds = tuple[str, ...]

MOST_PRONUNCIATIONS = 6
"""Ways to say one word that are worth trying; more of them only match more of what is not it."""
MOST_OF_ONE_TABLE = 3
LONGEST_WORD = 40
"""Letters; what is longer is no name, and only its beginning is read."""
SHORTEST_HALF = 4
"""Letters of either half of a name that is read as two words, such as Mill-brook."""
WORDS_KEPT = 50_000

_ENGLISH = """
^kn N; ^gn N; ^wr R; ^ps S; ^x Z; ^mc M AH K|M IH K; ^mac(?=[^eiy]) M AH K|M AE K; ^sch SH|S K
^o'? OW; tch CH; dge JH; dg JH; sch SH; ssi SH; tion SH AH N; sion ZH AH N; cian SH AH N; eigh EY
aigh EY; igh AY; ough AO|OW|AH F; augh AO; ugh$ Y UW; ugh(?=e) Y UW; gh(?=[aeiou]) G; gh $|G; ph F
th TH|DH; sh SH; ch(?=[rl]) K; ch CH|K; ck K; cc(?=[eiy]) K S; qu K W; q K; wh W; zz Z|T S; x K S
hurst$ HH ER S T; worth$ W ER TH; borough$ B R AH; burgh$ B ER G|B R AH; bury$ B ER IY
ford$ F ER D; ham$ AH M; wich$ W IH CH|IH JH; wick$ W IH K|IH K; shire$ SH ER; stone$ S T AH N
ton$ T AH N; don$ D AH N; son$ S AH N; man$ M AH N; land$ L AH N D; mouth$ M AH TH; combe$ K AH M
well$ W EH L; field$ F IY L D; wood$ W UH D; house$ HH AW S; more$ M AO R; stow$ S T OW; ley$ L IY
leigh$ L IY; ey$ IY; ie$ IY; y$ IY; ay EY; ai(?=r) EH; ai$ AY; ai EY; au AO; aw AO; ah$ AH; aa AA
ae IY|EY; a(?=[^aeiouywxr](e|es)$) EY; a(?=r[^aeiouyr]|r$) AA; a(?=rr|r[aeiouy]) EH; a$ AH
a(?=ll|lk|ld) AO; a(?=nge|ste) EY; a(?=[^aeiouywx][aeiouy]) EY|AE|AH; a AE; eau OW; eer IH R
ee IY; ea(?=r[^aeiou]) ER; ea(?=r) IH; ea(?=d$|th$|ven) EH; ea IY; eu Y UW; ew Y UW|UW
ei IY|EY|AY; er$ ER; er(?=[^aeiouyr]) ER; e(?=rr|r[aeiouy]) EH; e(?=[^aeiouywxr]e$) IY; es$ Z|IH Z
(?<=[^aeiou])ed$ D; (?<=[aeiouy].)e$ $; (?<=[aeiouy]..)e$ $; e$ IY; el$ AH L; en$ AH N
et$ AH T|EH T; e(?=[^aeiouywx][aeiouy]) EH|IY; e EH; ir(?=[^aeiouy]|$) ER; ie(?=[^aeiouy]) IY
ia IY AH; io IY OW; i(?=[^aeiouywxr](e|es)$) AY|IY; i(?=nd$|ld$) AY; i$ IY; i IH|AY; oo(?=k) UH
oo UW; oa(?=r) AO; oa OW; oi OY; oy OY; ou(?=r) AO; ou(?=l) OW; ous$ AH S; ou AW|UW; ow OW|AW
(?<=[^aeiou])or$ ER; or(?=[^aeiouyr]|$) AO R; oe$ OW; ow(?=s?$) OW; o(?=[^aeiouywxr](e|es)$) OW
o(?=ld|lt|ll$|st$) OW; o$ OW; oh OW; on$ AH N; o(?=[^aeiouywx][aeiouy]) OW|AA; o AA|AO
ur(?=[^aeiouy]|$) ER; ue$ UW; ui UW; u(?=[^aeiouywxr](e|es)$) UW; u$ UW
u(?=[^aeiouywx][aeiouy]) UW|AH; (?<=g)u(?=[ei]) $; u AH; yr(?=[^aeiouy]) ER; ^y(?=[aeou]) Y
y(?=[aeiou]) Y; y(?=[^aeiouywx]e$) AY; y IH; (?<=[aeiouy])tt(?=[aeiouy]) T; bb B; b B
c(?=[eiy]) S; c K; dd D; d D; ff F; f F; gg G; ge$ JH; g(?=[eiy]) JH|G; gn(?=$) N; g G; ^h HH
(?<=[aeiou])h(?=[aeiou]) HH; h(?=[aeiouy]) HH; h $; j JH; k K; ll L; lm$ L M; l L; mm M; m M
ng$ NG; n(?=k) NG; nn N; n N; pp P; p P; rr R; r R; ss S; (?<=[aeiouy])se$ Z|S
(?<=[bdgvmnlr])s$ Z; s(?=[aeiouy]) S|Z; s S; tt T; t T; v V; w(?=[aeiouy]) W; w $; z Z
"""

_IRISH = """
^siobh SH AH V; ^si SH; ^se SH; ^caoi K IY; ^aoi IY; ^eoin OW AH N; ^eo OW; ^s(?=[eiy]) SH; aoi IY
aoidh IY; eoi OW; eoghain OW IH N; eogh OW; iadh IY; iabh IY V; abha AW; amha AW; eadh AH; adh$ AH
aigh$ IY; eigh$ EY; igh$ IY; idh$ IY; aodh EY; odh OW; ogh OW; ough$ AA K; bhf W; bh(?=[eiy]|$) V
bh V|W; mh(?=[eiy]|$) V; mh V|W; (?<=[aeiou])dh(?=[aeiou]) $; dh Y|G; (?<=[aeiou])gh(?=[aeiou]) $
gh $|G; fh $; th HH|$; sh HH; ph F; ch K|HH; ea(?=r) AA; ea AA|EH; ei EH|IY; ia IY AH; io IH|IY
iu UW; ai AA|AE; ao EY|IY; ui IH; oi IH|OY; a$ AH; a AA|AE; e$ AH|EH; e EH; i IH|IY; o OW|AA
u UW|AH; c K; s(?=[ie]) SH; s S; ll L; nn N; rr R; g G; j JH
"""

_WELSH = """
^ll L|K L|TH L; ll L|TH L; dd DH; ff F; f V; rh R; ch K|HH; ph F; th TH; ngh NG; ng NG
^gw(?=[aeiouy]) G W; gw(?=[aeiouyn]) G W; w(?=[aeiouy]) W; wy UW IY|W IH; w UH|UW; ae AY; ai AY
au AY; aw AW; ei AY|EY; eu AY; ey AY|EY; ew EH UW; oe OY; oi OY; ou OY; ow OW; iw IY UW
si(?=[aeou]) SH; i(?=[aeou]) Y; y(?=.*[aeiouwy]) AH; y IH|IY; u IY|IH; a$ AH; a AE|AA; e EH
i IH|IY; o AA|AO; c K; g G; s S
"""

_CONTINENTAL = """
aa AA; ae AY|EY; ai AY|EY; ay AY|EY; au AW; aw AW; a$ AH; ah$ AH; a AA|AH; ee IY; ei EY; ey EY
eu EH UW; e$ EY|IY; e EH; ii IY; ia IY AH; ie IY EH; io IY OW; iu IY UW
i(?=[^aeiouy]*[aeiou]) IY|IH; i IY; oo UW; ou UW; ow OW; oi OY; oy OY; o OW|AA; uu UW; ue W EH
ui UW IY; u(?=[aeo]) W; u UW|UH; bh B; chh CH; ch CH; ck K; c(?=[ei]) S|CH; c K; dh D; dj JH
gb G B|B; gh G; jh JH; j JH|Y; kh K; kp K P; ^mb M B; ^nd N D; ^ng(?=[aeiou]) N G|IH NG G
^nk N K|IH NG K; ng(?=[aeiou]) NG G; ng NG; ny N Y; ph F; qu K; q K; rh R; sch SH; sh SH; th T|TH
ts T S; tz T S; v V; w V|W; x K S|Z|SH; y(?=[aeiou]) Y; y IY; zh ZH; z Z
(?<=[aeiou])h(?=[aeiou]) HH; ^h HH; h $; g G; hua HH W AA; xi SH IY; zh JH
"""

_POLISH = """
szcz SH CH; sz SH; cz CH; rz ZH; dzi JH; dz D Z; drz JH; ch HH; ci(?=[aeou]) CH; ci CH IY
si(?=[aeou]) SH; si SH IY; zi(?=[aeou]) ZH; ni(?=[aeou]) N Y; i(?=[aeou]) Y; ie Y EH; aw$ AA F
ow$ AH F; w(?=[ptksc]|$) F; w V; ck T S K; c T S; j Y; ia Y AH; ow(?=s) AO F; a$ AH; a AA; e EH
i IY; o AO|OW; u UW; y IH; s S; z Z; g G; h HH
"""

_LOOKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        _IRISH,
        re.compile(
            r"bh|mh|[aeiou]dh|[aeiou]gh(?!t|s|$|l[ae])|fh|aoi|^ao|eoi|^eo|^sea|^si[oa]|^sine"
            r"|ain[nt]?$|(?<!^)ea[dr]?[gn]h?$|^cia|^nia|^ois|^aoi|oir|aith|^dea"
        ),
    ),
    (
        _WELSH,
        re.compile(
            r"^ll|ll[aeiouwy]n$|[^aeiou]w[^aeiouyh]|dd[^aeioy]|dd$|^rh|^gw|ff$|^cad|^ang?har|wen$"
            r"|^eir|[^aeiou]yn|[^aeiou]yr|^y[^aeiou]|yw|wyn|^[^aeiouy]+[wy][^aeiouwy]*$"
        ),
    ),
    (
        _POLISH,
        re.compile(r"sz|cz|rz|dz|sk[aiy]$|[^aeiouc]ck[ai]$|wicz|ws?k|[ao]wa$|slaw|^w[^aeiouhry]"),
    ),
    (
        _CONTINENTAL,
        re.compile(
            r"aa|[ai]h$|kh|[bdjk]h|^[mn][bdgkzj]|gb|kp|[aeiou]j|q(?!u)|zh|^x|uu|ii|ng?w|[aoui]$"
            r"|^[oa][bdfghjklmnrst][aeiou]|iy|ou[bdhkmrsz]|sch|tz$|[^aeiou]j|ez$|hw|dz|^[^aeiouy]{0,2}([aeiou][^aeiouy]{1,2}){2,}e$"
        ),
    ),
)
"""How each tradition shows in a spelling without accents; a wrong guess costs one search."""


def phones(word: str) -> tuple[Sounds, ...]:
    """Return the ways to say one word, the likeliest first, as ARPAbet sounds without stress.

    Case, accents and marks do not matter. The empty tuple stands for what cannot be said, such as
    a word without letters or in another script.
    """
    return _phones(_spelling(word))


@lru_cache(maxsize=WORDS_KEPT)
def _phones(word: str) -> tuple[Sounds, ...]:
    if not word:
        return ()
    ways = list(_known(word))
    if not ways and (stem := _without_s(word)):
        ways = [(*way, _plural(way)) for way in _known(stem)]
    by_rule = [] if ways else [*_halves(word), *_read(word, _ENGLISH)]
    foreign = list(_foreign(word, 1 if ways else MOST_OF_ONE_TABLE))
    # English readers say a name as they read it, others as it is said at home: take from both.
    half = MOST_PRONUNCIATIONS // 2
    ordered = [*ways, *by_rule[:half], *foreign, *by_rule[half:]]
    return tuple(dict.fromkeys(way for way in ordered if way))[:MOST_PRONUNCIATIONS]


def _foreign(word: str, most: int) -> Iterator[Sounds]:
    """Read a word by every tradition that its spelling looks like."""
    for table, look in _LOOKS:
        if look.search(word):
            yield from _read(word, table + _ENGLISH)[:most]


def is_in_dictionary(word: str) -> bool:
    """Whether the dictionary of the built-in recogniser knows how this word is said."""
    return bool(_known(_spelling(word)))


def _spelling(word: str) -> str:
    """The word in the letters a to z."""
    joined = plain(word.replace("ł", "w").replace("Ł", "W").replace("ß", "ss").replace("ø", "o"))
    return joined[:LONGEST_WORD] if joined.isascii() and joined.isalpha() else ""


def _known(word: str) -> tuple[Sounds, ...]:
    return tuple(tuple(way.split()) for way in _dictionary().get(word, "").split(";") if way)


@cache
def _dictionary() -> dict[str, str]:
    """Words to their pronunciations, parted by semicolons: one string a word keeps it small."""
    ways: dict[str, str] = {}
    path = files("pocketsphinx") / "model" / "en-us" / "cmudict-en-us.dict"
    for line in path.read_text("utf-8").splitlines():
        entry, _, sounds = line.partition(" ")
        word = entry.partition("(")[0].replace("'", "").replace(".", "").replace("-", "")
        before = ways.get(word)
        ways[word] = sounds if before is None else f"{before};{sounds}"
    return ways


def _without_s(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > SHORTEST_HALF else ""


def _plural(way: Sounds) -> str:
    return "S" if way[-1] in {"P", "T", "K", "F", "TH"} else "Z"


def _halves(word: str) -> Iterator[Sounds]:
    """Read Millbrook as two known words; the longest first half is the likeliest."""
    for cut in range(len(word) - SHORTEST_HALF, SHORTEST_HALF - 1, -1):
        first, second = _known(word[:cut]), _known(word[cut:])
        if first and second:
            yield (*first[0], *second[0])
            return


def _read(word: str, table: str) -> list[Sounds]:
    """Read a word by a table: the likeliest readings, those with the fewest second choices."""
    steps: list[tuple[Sounds, ...]] = []
    at = 0
    while at < len(word):
        for pattern, readings in _rules(table):
            found = pattern.match(word, at)
            if found and found.end() > at:
                steps.append(readings)
                at = found.end()
                break
        else:
            at += 1
    best: list[tuple[int, Sounds]] = [(0, ())]
    for readings in steps:
        longer = (
            (seconds + rank, (*so_far, *sounds))
            for seconds, so_far in best
            for rank, sounds in enumerate(readings)
        )
        best = nsmallest(MOST_OF_ONE_TABLE, longer, key=lambda choice: choice[0])
    return [_settled(sounds) for _, sounds in best]


def _settled(sounds: Sounds) -> Sounds:
    """Say twin consonants once."""
    if not sounds:
        return ()
    return (sounds[0], *(after for before, after in pairwise(sounds) if after != before))


@cache
def _rules(table: str) -> tuple[tuple[re.Pattern[str], tuple[Sounds, ...]], ...]:
    """Compile a table: `spelling sounds|other sounds`, `$` for silence; the first match counts."""
    rules = []
    for rule in re.split(r"[;\n]", table):
        spelling, _, readings = rule.strip().partition(" ")
        if spelling:
            ways = tuple(
                () if way == "$" else tuple(way.split()) for way in readings.strip().split("|")
            )
            rules.append((re.compile(spelling), ways))
    return tuple(rules)
