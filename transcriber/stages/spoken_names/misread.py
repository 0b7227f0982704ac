"""Names that are not said as they look: neither dictionary nor spelling rules get them right."""

from functools import lru_cache

from transcriber.stages.spoken_names.pronunciation import phones

Sounds = tuple[str, ...]

WORDS_KEPT = 100_000

_SAID = """
ailbhe AE L V AH; ailis EY L IH SH; aine AO N Y AH; aisha AY IY SH AH; aisling AE SH L IH NG
angharad AE NG HH AE R AE D; aodhan EY D AH N; aoibheann IY V IY N; aoibhinn IY V IY N
aoife IY F AH; blathnaid B L AO N IH D; brid B R IY D; bronagh B R OW N AH; caoilfhionn K IY L IH N
caoimhe K IY V AH; caolan K EY L AH N; catriona K AH T R IY N AH; caitriona K AH T R IY N AH
cathal K AA HH AH L|K AE TH AH L; cian K IY AH N; ciara K IH R AH|K IY R AH; ciaran K IH R AH N
cillian K IH L IY AH N; clodagh K L OW D AH; cliona K L IY AH N AH; conchobhar K AA N AH HH UW R
daithi D AO HH IY; dearbhla D ER V L AH; dervla D ER V L AH; diarmuid D IH R M IH D
diarmaid D IH R M IH D; donnchadh D AH N AH HH AH; eabha EY V AH; eamon EY M AH N; eamonn EY M AH N
eilidh EY L IY; eilis AY L IY SH; eimear IY M ER; emer IY M ER; eithne EH TH N AH|EH N Y AH
eoghan OW IH N; eoin OW IH N; feargal F ER G AH L; fiadh F IY AH; fionn F Y AH N|F IH N
fionnuala F AH N UW L AH; grainne G R AO N Y AH|G R EY N; iarlaith IY R L AH; iain IY AH N
isla AY L AH; islay AY L AH; laoise L IY SH AH; lorcan L AO R K AH N; lughaidh L UW IY
mairead M AH R EY D; mairi M AA R IY; maebh M EY V; meabh M EY V; medb M EY V; mhairi V AA R IY
micheal M IY HH AO L; muireann M W IH R AH N; naoise N IY SH AH; niall N AY AH L
niamh N IY V; nuala N UW L AH; odhran AO R AH N; oisin AH SH IY N|OW SH IY N; oonagh UW N AH
orlaith AO R L AH; padraig P AO D R IH G|P AO R IH K; peadar P AE D ER
proinsias P R AH N SH IY AH S
roisin R OW SH IY N|R AH SH IY N; ruairi R UW R IY; ruaridh R UW R IY; ruadhan R UW AH N
sadhbh S AY V; saoirse S ER SH AH|S IH R SH AH; sean SH AO N; seamus SH EY M AH S; senan S EH N AH N
sian SH AA N; sinead SH AH N EY D; siobhan SH AH V AO N; sorcha S AO R AH K AH|S ER AH K AH
tadhg T AY G; teagan T IY G AH N; treasa T R AE S AH; una UW N AH; uaine UW N Y AH
beathag B EH HH AE K; calum K AE L AH M; catrina K AH T R IY N AH; fearghas F ER G AH S
hamish HH EY M IH SH; seonaid SH AO N AH CH; dalziel D IY EH L; menzies M IH NG IH S
milngavie M AH L G AY; cholmondeley CH AH M L IY; featherstonehaugh F AE N SH AO
beaulieu B Y UW L IY; leicester L EH S T ER; gloucester G L AO S T ER; worcester W UH S T ER
bicester B IH S T ER; towcester T OW S T ER; salisbury S AO L Z B R IY; shrewsbury SH R OW Z B R IY
greenwich G R EH N IH CH; norwich N AO R IH CH; warwick W AO R IH K; southwark S AH DH AH K
marylebone M AA L AH B AH N; happisburgh HH EY Z B R AH; wymondham W IH N D AH M
dun D AH N; laoghaire L IH R IY; cobh K OW V; drogheda D R AO HH AH D AH; youghal Y AO L
reading R EH D IH NG; keighley K IY TH L IY; barnoldswick B AA L IH K; alnwick AE N IH K
berwick B EH R IH K; chiswick CH IH Z IH K; plymouth P L IH M AH TH; slough S L AW
llanelli L AH N EH TH L IY|K L AH N EH L IY; pwllheli P UH L HH EH L IY; ynys AH N IH S
dafydd D AE V IH DH; delyth D EH L IH TH; dewi D EH W IY; eirlys AY R L IH S; eluned EH L IH N EH D
ffion F IY AO N; gethin G EH TH IH N; geraint G EH R AY N T; gruffydd G R IH F IH DH
gwenllian G W EH N L IY AH N; gwilym G W IH L IH M; hywel HH AH W AH L; ieuan Y AY AH N
iestyn Y EH S T IH N; ifan IY V AE N; ioan Y OW AH N; llinos L IY N AO S; llew L UW
llewelyn L UW EH L IH N; lleucu L AY K IY; myfanwy M AH V AE N W IY; nerys N EH R IH S
owain OW AY N; rhodri R AO D R IY; rhys R IY S; sioned SH AO N EH D; siriol S IH R Y AO L
tecwyn T EH K W IH N; tomos T AO M AO S; ywain OW AY N
chidi CH IY D IY; chiamaka CH IY AH M AA K AH; chinwe CH IH N W EY; femi F EH M IY
kwabena K W AA B EH N AH; ngozi IH N G OW Z IY|N G OW Z IY; nkechi N K EH CH IY|IH N K EY CH IY
oluwaseun OW L UW W AA SH EY UH N; adwoa AH JH W OW AH; akua AH K W IY AH; esi EH S IY
hauwa HH AW W AH; xolani K OW L AA N IY; thandiwe T AA N D IY W EY; tendai T EH N D AY
xiao SH AW; xin SH IH N; qi CH IY; qing CH IH NG; zhang JH AA NG; xu SH UW
nguyen W IH N|N UW Y EH N
jesus HH EY S UW S; jorge HH AO R HH EY; jose HH OW Z EY; javier HH AA V IY EH R
guillermo G IY Y EH R M OW; joaquin W AA K IY N; xochitl S OW CH IY L; jesse JH EH S IY
wojciech V OY CH EH K; krzysztof K SH IH SH T AO F; szymon SH IH M AO N; jacek Y AA T S EH K
grzegorz G ZH EH G AO SH; malgorzata M AW G AO ZH AA T AH; agnieszka AA G N Y EH SH K AH
jadwiga Y AA D V IY G AH; jerzy Y EH ZH IH; jozef Y UW Z EH F; lukasz W UW K AA SH
"""


@lru_cache(maxsize=WORDS_KEPT)
def said(word: str) -> tuple[Sounds, ...]:
    """Return the ways to say a plain word, in ARPAbet: as its bearers do, then as it is read."""
    return tuple(dict.fromkeys((*_TABLE.get(word, ()), *phones(word))))


def _entry(line: str) -> tuple[str, tuple[Sounds, ...]]:
    name, _, ways = line.strip().partition(" ")
    return name, tuple(tuple(way.split()) for way in ways.split("|"))


_TABLE = dict(
    _entry(entry) for line in _SAID.strip().splitlines() for entry in line.split(";") if entry
)
