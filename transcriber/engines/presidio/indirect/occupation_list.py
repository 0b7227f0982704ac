"""Occupations, from everyday knowledge of British, Irish and American working life."""

CARE_AND_SCHOOL = """
doctor, gp, nurse, midwife, health visitor, consultant, surgeon, paediatrician, pediatrician,
obstetrician, gynaecologist, gynecologist, psychologist, psychiatrist, therapist, counsellor,
counselor, physio, physiotherapist, dietitian, dietician, paramedic, social worker, key worker,
support worker, care worker, carer, caregiver, case worker, family worker, youth worker, outreach
worker, community worker, teacher, tutor, lecturer, professor, teaching assistant, ta, classroom
assistant, manager, receptionist, secretary, cleaner, porter, interpreter, translator, chemist,
dentist, optician, specialist, volunteer coordinator, coordinator, team leader, supervisor,
student, student nurse, student midwife, apprentice, trainee, security guard, police officer,
policeman, policewoman, taxi driver, cab driver, bus driver, driver, landlord, landlady,
solicitor, lawyer, plumber, electrician, builder, mechanic, postman, postwoman, mailman,
hairdresser, barber, shop assistant, shopkeeper, cashier, waiter, waitress, bartender, barman,
barmaid, cook, priest, vicar, minister, judge, farmer, soldier, officer, director, owner,
journalist, reporter, writer, singer, musician, actor, artist, coach, trainer, scientist,
researcher, engineer, technician, assistant, adviser, advisor, administrator, admin, officer,
childminder, nursery nurse, nanny, babysitter, au pair, housekeeper, worker, labourer, laborer,
guard, clerk, agent, inspector, editor, dancer, runner, model, operator, analyst, planner, guide
"""
"""Work that people of any interview meet and talk about: telling only of the one who does it."""

TELLING = """
accountant, bookkeeper, auditor, actuary, banker, bank clerk, bank manager, stockbroker,
insurance broker, underwriter, financial adviser, mortgage adviser, estate agent, letting agent,
realtor, surveyor, quantity surveyor, valuer, auctioneer, architect, town planner, draughtsman,
civil engineer, structural engineer, mechanical engineer, electrical engineer, marine engineer,
gas engineer, heating engineer, sound engineer, software engineer, software developer, web
developer, web designer, computer programmer, programmer, data analyst, systems analyst, data
scientist, network engineer, it manager, lift engineer, railway engineer, barrister, magistrate,
justice of the peace, high court judge, coroner, notary, paralegal, legal secretary, court clerk,
court usher, bailiff, conveyancer, clerk of the court, councillor, councilman, councilwoman,
alderman, mayor, mayoress, lord mayor, mp, td, senator, congressman, congresswoman, assemblyman,
msp, parish clerk, returning officer, diplomat, ambassador, consul, civil servant, sheriff,
deputy sheriff, state trooper, detective, superintendent, police sergeant, police inspector,
chief constable, garda, prison officer, prison guard, corrections officer, prison governor,
probation officer, parole officer, customs officer, immigration officer, border guard,
firefighter, fireman, fire fighter, fire chief, coastguard, lifeboatman, lifeboat crew,
lifeguard, park ranger, game warden, gamekeeper, ghillie, huntsman, pastor, deacon, deaconess,
curate, rector, canon, bishop, archdeacon, archbishop, chaplain, hospital chaplain, prison
chaplain, army chaplain, lay preacher, lay reader, preacher, minister of religion, elder of the
church, church warden, churchwarden, verger, sacristan, sexton, organist, church organist,
choirmaster, choir master, bell ringer, bellringer, imam, muezzin, rabbi, cantor, granthi,
pandit, monk, nun, friar, missionary, scribe, headteacher, head teacher, headmaster,
headmistress, deputy head, head of year, school principal, vice principal, school governor,
school secretary, school caretaker, school nurse, lollipop lady, lollipop man, crossing guard,
dinner lady, dinnerlady, lunch lady, cafeteria worker, school cook, maths teacher, math teacher,
english teacher, french teacher, spanish teacher, german teacher, science teacher, physics
teacher, chemistry teacher, biology teacher, history teacher, geography teacher, music teacher,
art teacher, drama teacher, pe teacher, gym teacher, primary teacher, primary school teacher,
secondary school teacher, kindergarten teacher, supply teacher, substitute teacher, special needs
teacher, piano teacher, violin teacher, guitar teacher, dance teacher, swimming teacher, yoga
teacher, driving instructor, ski instructor, flying instructor, vice chancellor, dean, librarian,
archivist, curator, museum curator, archaeologist, anthropologist, historian, linguist,
economist, statistician, mathematician, physicist, biologist, geologist, astronomer,
meteorologist, botanist, zoologist, marine biologist, ecologist, agronomist, lab technician,
laboratory technician, radiographer, radiologist, sonographer, phlebotomist, cardiologist,
neurologist, oncologist, dermatologist, urologist, orthopaedic surgeon, brain surgeon, heart
surgeon, neurosurgeon, anaesthetist, anesthetist, anesthesiologist, pathologist, haematologist,
pharmacist, pharmacy technician, dental nurse, dental hygienist, orthodontist, optometrist,
audiologist, chiropodist, podiatrist, osteopath, chiropractor, acupuncturist, homeopath,
herbalist, speech therapist, speech and language therapist, occupational therapist, art
therapist, music therapist, drama therapist, play therapist, nutritionist, lactation consultant,
ibclc, doula, community health worker, lpn, rn, licensed practical nurse, practical nurse,
registered nurse, nurse practitioner, physician assistant, enrolled nurse, district nurse,
psychiatric nurse, mental health nurse, theatre nurse, scrub nurse, army nurse, ward sister,
matron, charge nurse, staff nurse, health care assistant, healthcare assistant, nursing
assistant, certified nursing assistant, cna, ward clerk, medical secretary, ambulance driver,
hospital porter, embalmer, undertaker, funeral director, mortician, gravedigger, grave digger,
vet, veterinary nurse, vet nurse, veterinarian, farrier, blacksmith, groom, jockey, stable hand,
stable lad, horse trainer, dog groomer, dog walker, kennel maid, beekeeper, shepherd, shearer,
sheep farmer, dairy farmer, pig farmer, cattle farmer, hill farmer, fish farmer, fruit picker,
farm worker, farm labourer, farm hand, farmhand, rancher, cowboy, herdsman, cowman, milkman,
agricultural worker, crofter, forester, lumberjack, tree surgeon, gardener, landscape gardener,
groundsman, greenkeeper, florist, fisherman, trawlerman, lobster fisherman, oysterman,
fishmonger, deckhand, deck hand, sailor, seaman, merchant seaman, merchant navy, sea captain,
ship captain, ships captain, harbour master, harbourmaster, lighthouse keeper, docker, stevedore,
longshoreman, shipwright, shipbuilder, boat builder, boatbuilder, bargeman, bargee, ferryman,
lock keeper, diver, rig worker, roughneck, miner, coal miner, pitman, quarryman, quarry worker,
steelworker, steel worker, plater, welder, riveter, boilermaker, fitter, pipe fitter, pipefitter,
turner, machinist, sheet metal worker, toolmaker, foundryman, foundry worker, moulder, pattern
maker, mill worker, mill hand, weaver, spinner, knitter, seamstress, dressmaker, tailor, cobbler,
shoemaker, saddler, milliner, upholsterer, tanner, potter, glassblower, glass blower, stonemason,
stone mason, bricklayer, brickie, plasterer, roofer, thatcher, slater, tiler, scaffolder, joiner,
carpenter, cabinet maker, french polisher, glazier, painter and decorator, decorator, house
painter, sign writer, signwriter, floor layer, carpet fitter, kitchen fitter, crane driver, crane
operator, digger driver, forklift driver, forklift operator, lorry driver, truck driver, trucker,
hgv driver, long haul driver, van driver, delivery driver, train driver, tram driver, tube
driver, school bus driver, coach driver, minicab driver, chauffeur, train conductor, bus
conductor, bus conductress, signalman, railway signalman, railwayman, railway worker, railroad
worker, ticket inspector, station master, stationmaster, lift operator, postmistress, postmaster,
mail carrier, letter carrier, bin man, binman, refuse collector, garbage collector, garbage man,
road sweeper, street sweeper, lollipop man, traffic warden, parking attendant, toll collector,
window cleaner, chimney sweep, pest controller, locksmith, clockmaker, clock maker, watchmaker,
watch maker, jeweller, jeweler, goldsmith, silversmith, engraver, printer, typesetter,
bookbinder, bookseller, newsagent, greengrocer, grocer, butcher, baker, confectioner, pastry
chef, chocolatier, brewer, distiller, cheesemaker, cheese maker, winemaker, wine merchant,
publican, pub landlord, innkeeper, hotelier, hotel manager, chef, head chef, sous chef, line
cook, cook in the army, caterer, barista, croupier, bookmaker, bookie, doorman, bouncer,
nightclub owner, disc jockey, dj, piano tuner, instrument maker, violin maker, luthier, composer,
opera singer, folk singer, jazz singer, concert pianist, pianist, violinist, cellist, drummer,
guitarist, trumpeter, bagpiper, piper, fiddler, ballet dancer, ballerina, choreographer, actress,
stuntman, film director, film maker, filmmaker, cameraman, camerawoman, photographer, wedding
photographer, newsreader, newscaster, weather presenter, radio presenter, tv presenter,
broadcaster, sports reporter, war correspondent, newspaper editor, columnist, novelist, poet,
playwright, screenwriter, illustrator, cartoonist, sculptor, painter, graphic designer, fashion
designer, interior designer, costume designer, set designer, fashion model, beautician, nail
technician, make up artist, makeup artist, tattooist, tattoo artist, masseuse, wig maker,
footballer, football player, professional footballer, rugby player, cricketer, boxer, wrestler,
golfer, racing driver, referee, umpire, football coach, swimming coach, personal trainer,
olympian, olympic athlete, pilot, airline pilot, helicopter pilot, fighter pilot, flight
attendant, air hostess, stewardess, cabin crew, air traffic controller, aircraft mechanic,
baggage handler, astronaut, army officer, naval officer, navy officer, squaddie, paratrooper,
marine, royal marine, commando, sniper, gunner, sergeant major, drill sergeant, tank driver,
submariner, bomb disposal, reservist, territorial army, army cadet, intelligence officer,
translator for the army, spy, factory worker, assembly line worker, production worker, packer,
warehouse worker, warehouse operative, warehouseman, picker, night watchman, caretaker, janitor,
building superintendent, concierge, chambermaid, hotel maid, butler, valet, nursemaid, governess,
domestic servant, call centre worker, call center worker, telephonist, switchboard operator,
telephone operator, typist, shorthand typist, court reporter, stenographer, proofreader,
copywriter, publicist, press officer, events organiser, wedding planner, travel agent, tour
guide, recruiter, headhunter, hr manager, payroll clerk, tax inspector, customs broker, debt
collector, pawnbroker, market trader, stallholder, stall holder, street trader, scrap dealer,
scrap metal dealer, car dealer, car salesman, used car salesman, antique dealer, antiques dealer,
art dealer, horse dealer, travelling salesman, traveling salesman, sales rep, sales
representative, medical rep, union rep, shop steward, trade unionist, union organizer, trade
union official, community organizer, lobbyist, politician, party agent, campaign manager, ceo,
chief executive, managing director, finance director, entrepreneur, company director, business
owner, shop owner, restaurant owner, foster care worker, care home manager, nursery manager,
registrar, registrar of births, toastmaster, town crier, auction clerk, clown, magician,
puppeteer, circus performer, acrobat, fortune teller, sex worker, drug dealer, bricklayers mate,
navvy, forensic scientist, forensic accountant, toxicologist, epidemiologist, immunologist,
geneticist, handyman, odd job man, blind fitter, sail maker, sailmaker, rope maker, net maker,
basket maker, quilter, lacemaker, lace maker, taxidermist
"""
"""Work that helps to tell who is meant wherever it is named."""
