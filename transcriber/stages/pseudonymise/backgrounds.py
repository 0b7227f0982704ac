"""Where names are at home: Faker's lists by country, and our own where Faker has none that serve.

Faker writes Arabic, Urdu, Bengali and Chinese names in their own scripts, and its Pakistani list
holds surnames as given names; transcripts in English have them in Latin letters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from transcriber.domain.policy import Locale
from transcriber.stages.pseudonymise.person_names import FEMALE, MALE
from transcriber.stages.words import plain, word_set

HOME = {Locale.GB: "en_GB", Locale.IE: "en_IE", Locale.US: "en_US"}
FAKER = (
    *("en_GB", "en_IE", "en_US", "en_IN", "en_KE", "yo_NG", "ig_NG", "ha_NG", "tw_GH", "zu_ZA"),
    *("pl_PL", "ro_RO", "lt_LT", "lv_LV", "cs_CZ", "sk_SK", "hu_HU", "hr_HR", "sl_SI", "es_ES"),
    *("es_MX", "pt_PT", "pt_BR", "it_IT", "fr_FR", "de_DE", "nl_NL", "da_DK", "sv_SE", "no_NO"),
    *("fi_FI", "et_EE", "tr_TR", "ga_IE", "vi_VN", "id_ID", "en_TH"),
)
"""Faker's locales whose names are written in Latin letters, those at home first."""

OWN = {
    "welsh": (
        "Angharad Anwen Bethan Bronwen Carys Catrin Ceri Delyth Eira Eleri Eluned Ffion "
        "Gwenllian Gwyneth Heledd Lowri Mair Mared Megan Menna Myfanwy Nerys Nia Olwen Rhian "
        "Rhiannon Sian Sioned Tegwen",
        "Alun Aled Bryn Carwyn Dafydd Deiniol Dewi Dylan Elis Emlyn Emrys Eurig Gareth "
        "Geraint Gethin Gruffydd Gwilym Gwyn Huw Hywel Idris Ieuan Ifan Iolo Iorwerth Iwan "
        "Llewelyn Meirion Owain Rhodri Rhys Tegid Trefor Tudur",
        "Bebb Beynon Bowen Cadwaladr Ellis Evans Gittins Griffiths Gruffydd Gwynne Howells "
        "Hughes Jenkins Llewellyn Lloyd Meredith Morgan Nicholas Parry Powell Prosser "
        "Prydderch Pugh Rees Roderick Tudor Vaughan",
    ),
    "scottish": (
        "Agnes Aileen Ailsa Annag Beathag Catriona Effie Eilidh Elspeth Fionna Flora Iona "
        "Isla Isobel Jessie Kirsteen Kirsty Mairead Mairi Marsali Mhairi Morag Morven Oighrig "
        "Rhona Rowena Seonaid Shona Sorcha Una",
        "Alasdair Angus Archie Callum Calum Coll Donal Dougal Duncan Euan Ewan Farquhar "
        "Fergus Finlay Fraser Gillespie Gregor Hamish Iain Innes Keir Lachlan Lorne Magnus "
        "Malcolm Murdo Ranald Ross Ruaridh Rory Torquil",
        "Abercrombie Baird Buchanan Cameron Carmichael Colquhoun Crawford Drummond Dunbar "
        "Farquharson Forsyth Galbraith Galloway Geddes Gilchrist Imrie Kilbride Lamont "
        "Laidlaw MacAskill MacBain MacDougall MacIver MacKinnon MacLeod MacNab MacPhail "
        "Menzies Ogilvie Rennie Strachan Urquhart",
    ),
    "jewish": (
        "Aviva Batya Chana Chava Devorah Dvora Esther Faiga Freida Leah Malka Miriam Naomi "
        "Nechama Rivka Rochel Shira Shoshana Shulamit Tova Tzipora Yael Yehudit Zelda",
        "Aharon Akiva Avi Avraham Baruch Chaim Dov Dovid Efraim Eliezer Hillel Menachem "
        "Mendel Moishe Mordechai Naftali Pinchas Shlomo Shmuel Shimon Yaakov Yehuda Yisroel "
        "Yitzchak Zev",
        "Abrahams Abramson Bernstein Blumenthal Epstein Feldman Finkelstein Friedman Goldberg "
        "Goldstein Greenberg Hirsch Horowitz Kaplan Katz Landau Levine Lieberman Mendelsohn "
        "Perlman Rabinowitz Rosenberg Rosenthal Rubin Shapiro Silverman Wasserman Weinberg "
        "Weiss",
    ),
    "south_asian_muslim": (
        "Aaliyah Afshan Aisha Aleena Ambreen Amina Aneesa Anum Asma Ayesha Bushra Fahmida "
        "Faiza Farah Farhana Farida Farzana Fatima Fauzia Ghazala Hafsa Halima Hina Humaira "
        "Iqra Javeria Khadija Lubna Maryam Mehreen Naila Najma Nargis Nasreen Nazia Nighat "
        "Noreen Nusrat Parveen Rabia Razia Rehana Rifat Rukhsana Rubina Saba Sadaf Sadia "
        "Saima Saira Samina Samira Sana Shabana Shagufta Shahida Shaista Shamim Shazia Sidra "
        "Sobia Sultana Sumaira Tahira Tasneem Uzma Yasmin Zahida Zainab Zara Zubaida",
        "Aamir Abid Adeel Adil Afzal Ahmed Akbar Akram Ali Amir Amjad Anwar Arshad Asad Asif "
        "Aslam Atif Ayaz Azhar Babar Bilal Ejaz Fahad Faisal Farhan Farooq Fawad Ghulam Habib "
        "Hamid Hamza Haroon Hasan Hassan Ibrahim Iftikhar Ijaz Imran Iqbal Irfan Ismail Jamil "
        "Javed Junaid Kamran Karim Kashif Khalid Khurram Mahmood Majid Masood Mohammed Mohsin "
        "Muhammad Mushtaq Nadeem Naeem Nasir Naveed Nawaz Omar Pervez Qasim Rafiq Rashid "
        "Rizwan Saad Saeed Sajid Saleem Salman Shabir Shafiq Shahid Shakeel Shoaib Sohail "
        "Tahir Talha Tariq Umar Usman Waheed Waqar Waseem Yasir Yousaf Yusuf Zafar Zahid "
        "Zeeshan Zubair",
        "Abbasi Afridi Ahmad Ahmed Akhtar Akram Alam Ali Ansari Anwar Arshad Ashraf Aslam "
        "Awan Aziz Baig Bashir Begum Bhatti Bibi Butt Chaudhry Chaudhary Chowdhury Choudhury "
        "Dar Farooq Ghani Gondal Gul Habib Haider Hameed Haq Hashmi Hossain Huq Hussain Iqbal "
        "Islam Ismail Jabeen Jamil Javed Kamal Karim Kausar Kazmi Khaliq Khalid Khan Khatun "
        "Kiani Lodhi Mahmood Majeed Malik Masood Memon Miah Mirza Mughal Mushtaq Nawaz Naqvi "
        "Qadir Qureshi Rafiq Rahman Rana Rashid Raza Rehman Riaz Saddique Saeed Saleem Sarwar "
        "Shafiq Shah Shaikh Sharif Sheikh Siddiqui Sultan Tariq Uddin Ullah Yaqub Yousaf "
        "Younis Zafar Zaman",
    ),
    "arabic": (
        "Abeer Afaf Aisha Amal Amira Asma Aya Basma Dalia Dima Dina Fadwa Farah Fatima Ghada "
        "Hala Hanan Hayat Huda Iman Jamila Khadija Lamia Layla Leila Lina Lubna Maha Mariam "
        "Mona Nada Nadia Najwa Nawal Nour Rania Rasha Reem Rima Ruba Sahar Salma Samar Samira "
        "Sawsan Shaima Suha Wafa Yara Zahra Zeina",
        "Abdullah Adel Ahmad Akram Amr Anas Ashraf Ayman Bassam Bashar Fadi Fahd Faris "
        "Ghassan Hadi Hani Hatem Haytham Hisham Hussein Ihab Issam Jamal Karim Khaled Khalil "
        "Mahmoud Majed Mazen Mohamed Mourad Muhannad Mustafa Nabil Nader Nizar Omar Osama "
        "Rami Rashad Samer Sami Tarek Walid Wael Yasser Youssef Zaid Ziad",
        "Abboud Abdallah Aziz Barakat Bakri Darwish Dabbagh Eid Fahmy Farah Fares Ghanem "
        "Habib Haddad Hakim Hamdan Hamdi Hariri Hassan Hijazi Hussein Issa Jaber Kassab "
        "Kassem Khalil Khatib Khoury Mahfouz Malouf Mansour Masri Mikhail Mubarak Najjar "
        "Naser Nasser Osman Qasim Rahal Rashed Saad Sabbagh Said Salameh Saleh Salem Sayegh "
        "Shaheen Sharif Suleiman Tawfik Wahba Yacoub Zaki Zidan",
    ),
    "chinese": (
        "Fang Huifang Jiayi Jing Juan Lan Lili Meiling Meili Min Ping Qian Shufen Siyu Ting "
        "Xiaoli Xiaoyan Xinyi Xiuying Yan Yanli Ying Yuting Yulan Zhen",
        "Bingwen Changming Dawei Guowei Haoran Hongwei Jianguo Jianhua Jiahao Jianming Jun "
        "Junjie Minghao Peng Qiang Weiming Wenbin Xiaodong Xiaoming Yifan Yong Zhiwei Zhiyuan "
        "Zihan",
        "Cao Chan Chang Chen Cheng Cheung Chow Deng Feng Guo Han Huang Jiang Lam Leung Liang "
        "Liu Luo Pan Peng Qian Shen Tang Tsang Wang Wei Wong Xiao Yang Yeung Zhang Zhao Zheng "
        "Zhou Zhu",
    ),
    "yoruba": (
        "Abimbola Adebisi Adunni Bisi Bolanle Folake Folasade Funke Ibironke Morenike Olabisi "
        "Omolara Ronke Sade Temitope Titilayo Tolulope Yetunde Yewande",
        "Adebayo Ademola Adewale Akinola Ayodele Babajide Babatunde Dayo Kayode Kunle "
        "Olatunji Oluwaseun Oluwaseyi Rotimi Segun Taiwo Tunde Wale Yinka",
        "Abiola Adebayo Adeleke Ademola Adeniyi Adewale Adeyemi Afolabi Ajayi Akande Akinyemi "
        "Alabi Balogun Bankole Fashola Ogunleye Ojo Oladipo Olaniyan Olatunji Oyelaran "
        "Shobande",
    ),
}  # fmt: skip
"""Names of women, of men, and last names."""

SURNAMES_OF = {
    "pl_PL": word_set(
        "Nowak Wójcik Kowalczyk Woźniak Mazur Kaczmarek Krawczyk Wieczorek Stępień Dudek "
        "Pawlak Walczak Michalak Król Wróbel Sikora Baran Duda Szewczyk Tomczak Pietrzak "
        "Marciniak Zając Bąk Włodarczyk Kubiak Wilk Lis Mazurek Kaźmierczak Sobczak Cieślak "
        "Głowacki Urban Kołodziej Szymczak Szulc Błaszczyk Mróz Sikorski Maciejewski Gajda "
        "Klimek Kowalski Kowalska Wiśniewski Wiśniewska Dąbrowski Dąbrowska Lewandowski "
        "Lewandowska Zieliński Zielińska Kamiński Kamińska Szymański Szymańska"
    )
}
"""Last names where Faker keeps only a handful under the usual name."""

SETTLED = word_set(
    "patel singh kaur sharma shah gill sandhu dhillon chauhan mistry desai joshi parmar solanki "
    "rao reddy nair gupta verma kumar mehta chopra kapoor bose banerjee mukherjee das sidhu bains"
) | {
    plain(name)
    for place, (_, _, last) in OWN.items()
    if place not in ("welsh", "scottish")
    for name in last.split()
}
"""Last names that lists of English-speaking countries have because families settled there."""

BACKGROUNDS = (*FAKER, *OWN)

HOME_FIRST = 3.0
"""How much likelier a background at home is before the name is looked at."""
UNLISTED = 1e-5
"""Share of a name in a country whose list does not have it."""
MOST_COMMON = 1 / 300
"""A short list would make each of its names look typical of its country."""


@dataclass(frozen=True)
class Background:
    """Names by gender as written, and the share of each in plain form."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    everybody: tuple[str, ...]
    last_names: tuple[str, ...]
    first_shares: Mapping[str, float]
    last_shares: Mapping[str, float]


@cache
def background(place: str) -> Background:
    """Return the names of one of BACKGROUNDS."""
    if place in OWN:
        women, men, last = (dict.fromkeys(names.split(), 1.0) for names in OWN[place])
        every = {**women, **men}
    else:
        women, men = _listed(place, "first_names_female"), _listed(place, "first_names_male")
        every = {**_listed(place, "first_names"), **women, **men}
        own = SURNAMES_OF.get(place)
        last = dict.fromkeys(sorted(own), 1.0) if own else _listed(place, "last_names")
    return Background(
        tuple(women), tuple(men), tuple(every), tuple(last), _shares(every), _shares(last)
    )


def backgrounds_of(first: str, last: str, locale: Locale) -> tuple[str, ...]:
    """Return the likeliest background of a name in plain form and, behind it, that at home.

    Either part may be empty. Bayes' rule, with the shares of the names in each country's lists.
    """
    home = HOME[locale]

    def likelihood(place: str) -> float:
        names = background(place)
        settled = place in FAKER[:3] and not SETTLED.union(_spanish()).isdisjoint(last.split("-"))
        told = UNLISTED if settled else _share(names.last_shares, last)
        told *= _share(names.first_shares, first)
        return told * (HOME_FIRST if place == home else 1.0)

    order = (home, *(place for place in BACKGROUNDS if place != home))
    return tuple(dict.fromkeys((max(order, key=likelihood), home, *FAKER[:3])))


@cache
def gender_of(first: str) -> str:
    """Return `f` or `m` where the lists give a plain first name to one sex only, else empty.

    Lists at home decide where they have the name: Andrea is a woman in Britain.
    """
    name = first.partition("-")[0]
    for places in (FAKER[:3], BACKGROUNDS):
        told = {
            gender
            for place in places
            for gender, names in _plain_by_gender(place).items()
            if name in names
        }
        if told:
            return next(iter(told)) if len(told) == 1 else ""
    return ""


@cache
def _plain_by_gender(place: str) -> Mapping[str, frozenset[str]]:
    names = background(place)
    return {FEMALE: frozenset(map(plain, names.women)), MALE: frozenset(map(plain, names.men))}


@cache
def _spanish() -> frozenset[str]:
    """Spanish last names, which the American list holds too."""
    spanish = {*background("es_ES").last_shares, *background("es_MX").last_shares}
    return frozenset(spanish.difference(background("en_GB").last_shares))


def _listed(place: str, name: str) -> dict[str, float]:
    """Return one of Faker's lists with weights; some are mere lists, some have pairs."""
    provider = import_module(f"faker.providers.person.{place}").Provider
    listed = getattr(provider, name, ())
    if isinstance(listed, property):
        return {}
    if isinstance(listed, Mapping):
        return dict(listed)
    return {item if isinstance(item, str) else item[0]: 1.0 for item in listed}


def _shares(listed: Mapping[str, float]) -> Mapping[str, float]:
    total = sum(listed.values())
    shares: dict[str, float] = {}
    for name, weight in listed.items():
        key = plain(name)
        shares[key] = min(MOST_COMMON, shares.get(key, 0) + weight / total)
    return shares


def _share(shares: Mapping[str, float], name: str) -> float:
    """Return the share of a name, or of the most telling part of a compound."""
    found: Iterable[float] = (shares.get(part, UNLISTED) for part in name.split("-"))
    return max(found) if name else 1.0
