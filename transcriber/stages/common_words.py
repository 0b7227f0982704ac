"""Words so frequent in English talk that a sound-alike of a name needs more evidence there."""

COMMON_WORDS = frozenset(
    """
a able about above accept across act action actually add after afternoon again against age ago
agree ah ahead air all almost alone along already also although always am amazing among amount an
and angry animal another answer any anybody anymore anyone anything anyway apart appointment are
area aren't arm around arrive art as ask asked asking at attention autumn away awful baby babies
back bad bag ball bar base based basically be bear beat beautiful became because become bed been
before began begin beginning behind being believe below best better between big bird birth
birthday bit black blood blue board body book born both bottle bottom bought box boy boys bread
break breakfast breast breastfeeding breath bring brother brothers brought brown build building
burn bus business busy but buy by call called calls came can cancer can't cannot car card care
careful carry case cat cause centre center certain certainly chair chance change changed chat
check child children christmas church city class clean clear clearly clinic close clothes coat
coffee cold college come comes coming community company computer concern control conversation cool
cost could couldn't council country couple course court cover crazy cried cross cry crying cup cut
dad daddy daughter daughters day days dead deal dear death decide decided decision deep definitely
depend depends did didn't die died difference different difficult dinner do doctor doctors does
doesn't dog doing done don't door double down dr draw dream dress drink drive drop dropped during
each early easier easily easy eat effect eight eighteen eighty either eleven else email emotional
end ended energy enough er erm especially even evening ever every everybody everyone everything
exactly example except excited exciting expect experience experiences explain eye eyes face fact
fair fall family far farm fast father fear fed feed feeding feel feeling feelings feels feet fell
felt few field fifteen fifty fight figure fill final finally find fine finish finished fire first
fish fit five fix floor fly focus follow food foot for force forever forget form forty forward
found four fourteen free friend friendly friends from front full fun funny further future game
garden gave general get gets getting gift girl girls give given gives giving glad go goes going
gold gone good got gotten grace grandma grandmother great green grew ground group groups grow
growing guess guy guys had hadn't hair half hall hand hands happen happened happening happens
happy hard hardly has hasn't hate have haven't having he head health healthy hear heard heart
heavy held hello help helped helpful helping helps her here hers herself hey hi high hill him
himself his hit hm hmm hold holding holiday home honest honestly hope horrible hospital hospitals
hot hour hours house how however huge huh human hundred hurt husband i ice idea if ill i'm imagine
important in including information inside instead interest interested interesting interview into
involved is isn't issue issues it its it's i've job join joined joy june just keep keeping kept
kid kids kill kind kinds kitchen knew knock know knowing known knows lack lady land language large
last late later laugh law lay lead learn learned learning least leave leaving led left leg less
let let's letter level library lie life light like liked likely line list listen listening little
live lived lives living local lonely long longer look looked looking looks lose lost lot lots loud
love loved lovely low luck lucky lunch ma mad made main make makes making man manage managed many
march mark market married matter may maybe me mean meaning means meant medical meet meeting member
members memory men mental mention mentioned met middle midwife midwives might mile miles milk mind
mine minute minutes miss missed mistake mm mmm mobile moment money month months mood more morning
most mostly mother mothers move moved mum mummy mums much music must my myself name names national
natural near nearly need needed needs nervous never new news next nice night nights nine nineteen
ninety no nobody none nor normal normally north not note nothing notice now number numbers nurse
nurses nursery of off offer office often oh okay ok old older on once one ones only open opened or
orange order other others otherwise ought our ours out outside over own page paid pain pair paper
parent parents park part partly partner parts party pass passed past patient pay peer people per
perfect perhaps period person phone pick picked picture piece place places plan plans play played
playing please plus point police poor positive possible possibly post power practice prefer
pregnant present pressure pretty price primary probably problem problems professional programme
project proper properly proud public pull push put question questions quick quickly quiet quite
race rain ran rang rather reach read reading ready real realise realised really reason reasons red
regular relationship remember report research respect rest result rich ride right ring rise road
robin rock role room rose round row rule run running sad safe said sale same sandwich sat saw say
saying says scared school schools sea season seat second secondary secret see seeing seem seemed
seems seen self send sense sent separate serious service services session set seven seventeen
seventy several shall share shared she she'd she's shop short should shouldn't show showed shown
sick side sight sign silly similar simple simply since sing single sister sisters sit site sitting
situation six sixteen sixty size skin sleep slept slow slowly small smell smile so social society
some somebody somehow someone something sometimes somewhere son song sons soon sorry sort sorts
sound sounds south space speak speaking special spend spent spoke spring staff stage stand
standing start started starting starts state station stay stayed step stick still stone stood stop
stopped story straight strange street stress stressed strong struggle struggled stuff stupid such
suddenly suit summer support supporter supporters supporting suppose supposed sure surprise
surprised system table take taken takes taking talk talked talking talks tea teach teacher team
tears tell telling ten term terms terrible test text than thank thanks that that's the their them
themselves then there therefore there's these they they'd they'll they're they've thing things
think thinking third thirteen thirty this those though thought thoughts thousand three through
throw tight till time times tired to today together told tomorrow tonight too took top touch tough
toward towards town train training travel treat tree tried triple trip trouble true trust truth
try trying tuesday turn turned twelve twenty twice two type uh um uncle under understand
understanding university unless until up upset us use used useful using usual usually very view
village visit visits voice volunteer volunteers wait waited waiting walk walked walking wall want
wanted wanting wants war ward warm was wash wasn't waste watch watching water way ways we we'd
wear weather week weekend weeks weight weird welcome well we'll went were we're weren't west wet
we've what whatever what's when whenever where whether which while white who whole who's whose why
wide wife will win wind window winter wish with within without woman women won won't wonder
wonderful wood word words wore work worked worker workers working works world worry worried worse
worst worth would wouldn't write writing written wrong wrote yeah year years yes yesterday yet you
you'd you'll young younger your you're yours yourself you've zero monday wednesday thursday friday
saturday sunday january february april july august september october november december
""".replace("'", "").split()
)
"""Plain forms (`stages.words.plain`); the list was written for this project from ordinary talk."""
