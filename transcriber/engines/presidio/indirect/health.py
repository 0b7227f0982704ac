"""Illness, operations, medicines, disability and loss: `she had a stillbirth`, `his bad heart`.

Flags are read one by one by a person, and too many make people blind. So a diagnosis, an injury
or operation, a lasting medicine or aid, a disability, ill mind, addiction and the loss of a
pregnancy or child count. What every second interview on health or feeding is about does not:
birth as such, latch and weight, tiredness, colds, vaccines, being worried or in pain.
"""

from collections.abc import Iterable, Iterator

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.indirect.phrases import OWNERS, Phrases, joined, words_before
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.words import TextWords, word_set

TYPE = EntityType.HEALTH.value

CONDITIONS = Phrases(
    """cancer, breast cancer, lung cancer, bowel cancer, skin cancer, prostate cancer, cervical
    cancer, ovarian cancer, throat cancer, brain tumour, brain tumor, tumour, tumor, leukaemia,
    leukemia, lymphoma, melanoma, myeloma, terminal illness, terminally ill, prostate, diabetes,
    diabetic, type one diabetes, type two diabetes, gestational diabetes, pre diabetic, sickle
    cell, thalassaemia, haemophilia, hemophilia, anaemia, anemia, anaemic, anemic, heart attack,
    heart failure, heart disease, heart condition, heart murmur, angina, pacemaker, hole in the
    heart, high blood pressure, hypertension, stroke, mini stroke, aneurysm, blood clot, deep
    vein thrombosis, dvt, pulmonary embolism, sepsis, septicaemia, meningitis, encephalitis,
    copd, emphysema, asthma, asthmatic, pneumonia, pleurisy, tuberculosis, tb, asbestosis,
    pneumoconiosis, silicosis, black lung, farmers lung, cystic fibrosis, pulmonary fibrosis,
    epilepsy, epileptic, multiple sclerosis, ms diagnosis, motor neurone, motor neurone disease,
    als, parkinson, parkinsons, alzheimer, alzheimers, dementia, huntington, huntingtons,
    muscular dystrophy, cerebral palsy, spina bifida, hydrocephalus, polio, lupus, crohns, crohn,
    colitis, coeliac, celiac, irritable bowel, ibs, diverticulitis, stomach ulcer, stoma,
    colostomy, colostomy bag, hernia, gallstones, gall bladder, pancreatitis, cirrhosis,
    hepatitis, jaundice at birth, kidney failure, kidney disease, kidney stone, dialysis,
    transplant, kidney transplant, liver transplant, heart transplant, bone marrow, hiv, hiv
    positive, aids, herpes, syphilis, chlamydia, gonorrhoea, std, sti, arthritis, arthritic,
    rheumatoid arthritis, osteoporosis, fibromyalgia, sciatica, slipped disc, scoliosis, gout,
    chronic fatigue, chronic fatigue syndrome, me diagnosis, long covid, psoriasis, eczema,
    vitiligo, alopecia, glaucoma, cataract, macular degeneration, partially sighted, registered
    blind, gone blind, went blind, blind in one eye, visually impaired, deaf, hard of hearing,
    hearing aid, cochlear implant, hearing loss, sight loss, wheelchair, wheelchair user,
    paralysed, paralyzed, amputee, amputated, amputation, prosthetic leg, prosthesis, disabled,
    disability, learning disability, learning difficulty, learning difficulties, special needs,
    downs syndrome, down syndrome, downs, autism, autistic, asperger, aspergers, on the spectrum,
    adhd, dyslexia, dyslexic, dyspraxia, dyspraxic, tourettes, stammer, stutter, cleft, cleft
    lip, cleft palate, club foot, tongue tie, tongue tied baby, hip dysplasia, global delay,
    developmental delay, depression, depressed, post natal depression, postnatal depression,
    postpartum depression, prenatal depression, antenatal depression, anxiety disorder, panic
    attack, panic disorder, ptsd, post traumatic stress, post traumatic stress disorder, bipolar,
    manic depression, schizophrenia, schizophrenic, psychosis, psychotic, postpartum psychosis,
    personality disorder, ocd, obsessive compulsive, anorexia, anorexic, bulimia, bulimic, eating
    disorder, self harm, self harmed, self harming, suicidal, overdose, nervous breakdown,
    breakdown of nerves, sectioned, psychiatric ward, mental hospital, alcoholic, alcoholism,
    drink problem, drinking problem, rehab, detox, addict, addiction, heroin, methadone, crack
    cocaine, cocaine habit, miscarriage, miscarried, stillbirth, stillborn, still birth, still
    born, cot death, sids, termination, abortion, ectopic, ectopic pregnancy, molar pregnancy,
    neonatal death, lost the baby, lost a baby, lost our baby, lost my baby, lost her baby,
    premature baby, premature, prem baby, preemie, born early at, neonatal unit, nicu, scbu,
    special care baby unit, ivf, infertility, infertile, fertility treatment, endometriosis,
    endometritis, polycystic, pcos, fibroids, hysterectomy, mastectomy, lumpectomy, vasectomy,
    preeclampsia, pre eclampsia, eclampsia, hyperemesis, obstetric cholestasis, placenta praevia,
    placenta previa, placental abruption, haemorrhage, hemorrhage, haemorrhaged, hemorrhaged, c
    section, cesarean, caesarean, caesarian, emergency section, forceps, ventouse, third degree
    tear, fourth degree tear, mastitis, breast abscess, breast reduction, breast implant,
    inverted nipple, insufficient glandular tissue, thyroid, underactive thyroid, overactive
    thyroid, goitre, chemotherapy, chemo, radiotherapy, radiation treatment, insulin, warfarin,
    statins, steroids, methotrexate, antidepressant, sertraline, citalopram, fluoxetine, prozac,
    lithium, diazepam, valium, morphine, oxycodone, opioids, fentanyl, ritalin, antipsychotic,
    epipen, inhaler, oxygen tank, hip replacement, knee replacement, knee operation, hip
    operation, bypass, triple bypass, stent, heart bypass, open heart surgery, brain surgery,
    back surgery, spinal injury, brain injury, head injury, brain damage, brain damaged,
    fractured skull, broken hip, broken back, broken neck, broken leg, broken arm, coma, life
    support, intensive care, hospice care, palliative care, end of life care, sick cell, scarlet
    fever, rheumatic fever, smallpox, malaria, typhoid, cholera, dengue, ebola, shingles,
    anaphylaxis, anaphylactic, peanut allergy, nut allergy, narcolepsy, sleep apnoea, sleep
    apnea, vertigo, menieres, tinnitus, bells palsy, seizure, fits and seizures, trapped nerve,
    frozen shoulder, carpal tunnel, hallucinations, hearing voices, delirium, catheter, feeding
    tube, tube fed, tracheostomy, incontinent, incontinence, obese, gastric band"""
)
"""Names of conditions, treatments and aids, from everyday knowledge."""

BARE = word_set("premature termination stroke prostate depressed forceps steroids downs coma polio")
"""Words with another use: they count behind a word that makes them somebody's."""
BARE_CUES = (
    word_set(
        "a the his her my their had has have having another with of by was is were been being im "
        "shes hes got big massive mini born severely clinically very from and after took"
    )
    | OWNERS
)

PARTS = word_set(
    "heart hip hips knee knees back chest lung lungs leg legs eyes eye kidney kidneys liver bowel "
    "bladder womb hearing sight shoulder ankle ankles foot feet lump bones hand "
    "hands spine"
)
BAD = word_set(
    "bad dodgy gammy weak poorly dicky new artificial replacement false enlarged plastic"
)
DONE = word_set("done replaced removed out amputated operated fused fixed scanned")
OPERATED = word_set("broke fractured lost injured shattered dislocated")


class HealthRecogniser(WordRecogniser):
    """Finds what is or was wrong with somebody's health."""

    types = (TYPE,)
    title = "health"

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield conditions and treatments, then parts of the body that are bad or were mended."""
        for first, last in CONDITIONS.find(words):
            if last > first or words.plain(first) not in BARE or _is_somebodys(words, first):
                yield Match(TYPE, first, last, 0.7)
        yield from _parts(words)


def _is_somebodys(words: TextWords, at: int) -> bool:
    before = words_before(words, at, 1)
    if words.plain(at) == "stroke" and words.plain(at + 1) in ("of", "your", "the", "his", "her"):
        return False
    return bool(before) and before[0] in BARE_CUES


def _parts(words: TextWords) -> Iterator[Match]:
    """Yield `a bad heart`, `had the hip done`, `broke her back`."""
    for at, word in enumerate(words):
        if word.plain not in PARTS:
            continue
        before = words.plain(at - 1)
        if before in BAD and joined(words, at - 1, at):
            yield Match(TYPE, at - 1, at, 0.6)
        elif (before in OWNERS or before == "the") and _is_mended(words, at):
            yield Match(TYPE, at, at, 0.6)


def _is_mended(words: TextWords, at: int) -> bool:
    if words.plain(at + 1) in DONE and joined(words, at, at + 1):
        return True
    return words.plain(at - 2) in OPERATED and words.plain(at - 1) in OWNERS
