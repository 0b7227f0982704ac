"""Faiths, origins and languages, from everyday knowledge."""

FAITHS = """
muslim, moslem, sunni, shia, shiite, ismaili, ahmadi, ahmadiyya, sufi, islam, islamic, koran,
quran, mosque, madrasa, madrassa, hajj, halal, hijab, niqab, headscarf, burqa, ramadan, hindu,
hinduism, mandir, hindu temple, hare krishna, swaminarayan, brahmin, dalit, sikh, sikhism,
gurdwara, khalsa, amritdhari, turban, jain, buddhist, buddhism, jewish, jew, judaism, orthodox
jew, orthodox jewish, ultra orthodox, haredi, hasidic, hassidic, synagogue, shul, shabbat,
shabbos, bar mitzvah, bat mitzvah, kosher, christian, christianity, catholic, roman catholic,
irish catholic, catholicism, lapsed catholic, protestant, proddy, anglican, episcopalian,
episcopal, church of england, church of scotland, church of ireland, methodist, primitive
methodist, wesleyan, baptist, strict baptist, southern baptist, strict and particular,
presbyterian, free presbyterian, wee free, calvinist, congregationalist, united reformed,
lutheran, pentecostal, evangelical, born again, born again christian, adventist, seventh day
adventist, jehovahs witness, jehovah s witness, jehovah witness, mormon, latter day saints,
quaker, salvation army, salvationist, plymouth brethren, exclusive brethren, brethren, mennonite,
amish, hutterite, moravian, unitarian, christadelphian, christian scientist, greek orthodox,
russian orthodox, eastern orthodox, coptic, copt, maronite, assyrian christian, armenian church,
charismatic church, apostolic church, elim church, nazarene, rastafarian, rasta, zoroastrian,
parsi, parsee, yazidi, druze, bahai, pagan, wiccan, druid, voodoo, santeria, spiritualist,
spiritualist church, scientologist, atheist, agnostic, humanist, speaking in tongues, confirmed
catholic, went to mass, go to mass, goes to mass, at mass, excommunicated, converted to, orange
order, orange lodge, orangeman, freemason, masonic lodge
"""

ORIGINS = """
asian, south asian, east asian, british asian, asian american, african, west african, east
african, african american, african caribbean, afro caribbean, caribbean, west indian, windrush,
windrush generation, mixed race, mixed heritage, biracial, dual heritage, black british, black
woman, black man, black girl, black boy, black lad, black mum, black mother, black family, white
woman, white man, white girl, white lad, white british, white irish, brown woman, brown girl,
coloured girl, latino, latina, hispanic, chicano, chicana, mestizo, arab, kurd, palestinian,
mirpuri, pathan, pashtun, punjabi family, gujarati family, bengali family, roma, romany, gypsy,
gypsies, traveller community, irish traveller, settled traveller, native american, first nations,
lakota, sioux, apache, choctaw, ojibwe, metis, aboriginal, aborigine, pacific islander, puerto
rican, ashanti, akan, kikuyu, tigrayan, amhara, hmong, uyghur, rohingya, hazara, han chinese,
cantonese family, asylum seeker, refugee, migrant, migrant worker, immigrant, undocumented,
illegal immigrant, green card, indefinite leave, leave to remain, visa overstayer, work visa,
spouse visa, student visa, daca, second generation, third generation, foreign born, anglo indian,
anglo irish, cajun, creole, geordie, scouser, cockney, brummie, glaswegian
"""
"""Origins that are no country's, and what the law makes of somebody who came from elsewhere."""

DEMONYMS = """
afghan, albanian, algerian, american, angolan, argentinian, argentine, armenian, australian,
aussie, austrian, azerbaijani, bahamian, bahraini, bajan, bangladeshi, barbadian, belarusian,
belgian, belizean, beninese, bhutanese, bolivian, bosnian, botswanan, brazilian, british,
bulgarian, burmese, burundian, cambodian, cameroonian, canadian, cape verdean, catalan, chadian,
chilean, chinese, colombian, congolese, corsican, costa rican, cornish, croatian, croat, cuban,
cypriot, greek cypriot, turkish cypriot, czech, danish, dane, dominican, dutch, ecuadorian,
egyptian, english, eritrean, estonian, ethiopian, fijian, filipino, filipina, finnish, finn,
flemish, french, french canadian, gabonese, gambian, georgian, german, east german, ghanaian,
ghanian, greek, grenadian, guatemalan, guinean, guyanese, haitian, honduran, hungarian,
icelandic, indian, indonesian, iranian, iraqi, irish, northern irish, israeli, italian, ivorian,
jamaican, japanese, jordanian, kazakh, kenyan, korean, north korean, south korean, kosovan,
kosovar, kuwaiti, kyrgyz, laotian, latvian, lebanese, liberian, libyan, lithuanian, luxembourger,
macedonian, malagasy, malawian, malaysian, maldivian, malian, maltese, manx, mauritian, mexican,
moldovan, mongolian, montenegrin, montserratian, moroccan, mozambican, namibian, nepalese,
nepali, new zealander, kiwi by birth, nicaraguan, nigerian, norwegian, omani, pakistani,
panamanian, paraguayan, persian, peruvian, polish, pole by birth, portuguese, qatari, romanian,
russian, rwandan, salvadoran, salvadorean, samoan, saudi, scottish, senegalese, serbian, serb,
sicilian, sierra leonean, singaporean, slovak, slovakian, slovenian, south african, spanish,
spaniard, sri lankan, sudanese, south sudanese, surinamese, swedish, swede by birth, swiss,
syrian, taiwanese, tajik, tanzanian, thai, tibetan, togolese, tongan, trinidadian, tobagonian,
tunisian, turkish, turk, turkmen, ugandan, ukrainian, emirati, uruguayan, uzbek, venezuelan,
vietnamese, welsh, yemeni, yugoslav, yugoslavian, zambian, zimbabwean, kurdish, tamil, yoruba,
igbo, hausa, zulu, xhosa, shona, somali, oromo, sylheti, kashmiri, cherokee, navajo, maori,
hawaiian, romani, inuit, berber, bengali
"""

LANGUAGES = """
afrikaans, amharic, arabic, aramaic, bambara, bengali, cantonese, creole french, dari, doric,
esperanto, farsi, fula, gaelic, scottish gaelic, irish gaelic, gujarati, gujerati, haitian
creole, hebrew, hindi, hokkien, kannada, khmer, kinyarwanda, kirundi, konkani, krio, kurmanji,
lingala, luganda, malayalam, mandarin, marathi, mixtec, nahuatl, ndebele, odia, pashto, pashtu,
patois, patwa, pidgin, punjabi, panjabi, quechua, sign language, bsl, british sign language,
american sign language, asl, irish sign language, makaton, sinhala, sinhalese, sorani, sotho,
swahili, tagalog, telugu, tigrinya, tok pisin, tswana, twi, ulster scots, urdu, wolof, yiddish,
zapotec, english as a second language, second language, first language, mother tongue, native
speaker, speak no english, no english, broken english, speak any english, didnt speak english,
doesnt speak english, dont speak english, not speak english, didnt have english, bilingual,
trilingual, native tongue, needed an interpreter, needs an interpreter, need an interpreter
"""
"""Languages that are no country's name as well, and ways to tell of somebody's languages."""
