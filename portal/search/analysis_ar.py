"""Arabic words folded and stemmed before the engine sees them: its own stemmer misses most inflected forms.

The stemmer is light10 (Larkey, Ballesteros, Connell: Light Stemming for Arabic Information Retrieval, 2007),
written from its description, with two lists of the field's words that only look as if they had a particle or suffix.
"""

import re
import unicodedata

# Read without them, however a text was typed or extracted: vowel signs, Koranic marks, tatweel, bidi controls.
_RANGES = """
    0610-061A 061C-061C 0640-0640 064B-065F 0670-0670 06D6-06DC 06DF-06E4 06E7-06E8 06EA-06ED 08D3-08E1 08E3-08FF
    200E-200F 202A-202E 2066-2069 FEFF-FEFF
"""
UNSEEN = {
    code: None
    for first, last in (pair.split("-") for pair in _RANGES.split())
    for code in range(int(first, 16), int(last, 16) + 1)
}
UNSEEN_SIGNS = frozenset(map(chr, UNSEEN))
# Presentation forms of a mark alone, which NFKC would turn into a blank and the mark.
MARKS_ALONE = dict.fromkeys([*range(0xFC5E, 0xFC64), *range(0xFE70, 0xFE80, 2)])
# Letters written in several ways: alef with and without hamza, hamza on its seats, final ya and ta; Persian and Urdu
# keyboards' kaf, ya and ha; both rows of Arabic digits.
ONE_LETTER = str.maketrans(
    "أإآٱٲٳ" + "ؤئ" + "ىیېے" + "ک" + "ةہھۀەۃ" + "٠١٢٣٤٥٦٧٨٩" + "۰۱۲۳۴۵۶۷۸۹",
    "اااااا" + "ءء" + "يييي" + "ك" + "هههههه" + "0123456789" + "0123456789",
)

CONJUNCTION = "و"
ARTICLES = ("ال", "بال", "كال", "فال", "لل")
SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")  # ta marbuta and final ya are folded by now
# The conjunction is also a common first letter, so more must be left after it.
LEAST_AFTER_CONJUNCTION = 3
LEAST = 2


def normalise(text: str) -> str:
    """One spelling for words that readers take for the same; other scripts come out as NFKC leaves them."""
    text = unicodedata.normalize("NFKC", text.translate(MARKS_ALONE)).translate(UNSEEN)
    text = unicodedata.normalize("NFC", text)  # what was taken out may have stood between a letter and its accent
    return text.replace("ىء", "ئ").translate(ONE_LETTER)


def visible(text: str) -> str:
    """A composed text without what is read over, so that it can be cut into words; `stem` does the rest."""
    for sign in UNSEEN_SIGNS.intersection(text):
        text = text.replace(sign, "")
    return unicodedata.normalize("NFC", text)


def stem(word: str) -> str:
    """The stem of one word, normalised; a word of another script comes back normalised only."""
    word = normalise(word)
    if not ARABIC.fullmatch(word):
        return word
    if (bare := _without_suffixes(word)) in WHOLE:
        return bare
    if word.startswith(CONJUNCTION) and len(word) > LEAST_AFTER_CONJUNCTION:
        word = word[1:]
        if (bare := _without_suffixes(word)) in WHOLE:
            return bare
    article = next((a for a in ARTICLES if word.startswith(a) and len(word) >= len(a) + LEAST), "")
    # "For the" and a word's own lam are written as two, never three: for the asylum is للجوء.
    if article == "لل" and (bare := _without_suffixes(word[1:])) in WHOLE:
        return bare
    return _without_suffixes(word[len(article) :])


def _without_suffixes(word: str) -> str:
    """Each suffix is looked for once, in this order, so two can go: their integration, اندماج + ات + ها."""
    for suffix in SUFFIXES:
        if word in ENDED:
            break
        if word.endswith(suffix) and len(word) >= len(suffix) + LEAST:
            word = word.removesuffix(suffix)
    return word


# Words whose last letters are no suffix, so that law meets legal, and Lebanon Lebanese.
ENDED = frozenset(
    map(
        normalise,
        (
            *(
                "قانون",
                "إنسان",
                "تعاون",
                "برلمان",
                "سكان",
                "ميدان",
                "ضمان",
                "مكان",
                "تكوين",
                "لبنان",
                "سودان",
                "فلسطين",
            ),
            *("يونان", "يابان", "إيران", "باكستان", "أفغانستان", "أذربيجان", "عمان", "بحرين", "إمارات", "أرجنتين"),
            *("كازاخستان", "أوزبكستان", "طاجيكستان", "تركمانستان", "قيرغيزستان"),
        ),
    )
)
ARABIC = re.compile(r"[ء-يٮ-ە]+")
# Stems whose first letters are their own and no particle's: minister, document, agency, job, arrival, guardianship;
# refugee, asylum, committee, language, Lebanon, Libya; commitment, request, electronic, Germany, Albania; adult.
WHOLE = frozenset(
    _without_suffixes(normalise(word))
    for word in (
        *(
            "وزير",
            "وزارة",
            "وزراء",
            "وثيقة",
            "وثائق",
            "وطن",
            "وكالة",
            "وكيل",
            "وكلاء",
            "ولاية",
            "ولادة",
            "وصول",
            "وصاية",
        ),
        *("وسيط", "وساطة", "وسيلة", "وسائل", "وظيفة", "وظائف", "وفود", "وفاة", "وافد", "ورشة", "واجب", "وقاية", "وباء"),
        *(
            "لاجئ",
            "لجوء",
            "لجنة",
            "لجان",
            "لغة",
            "لقاء",
            "لبنان",
            "ليبيا",
            "ليبي",
            "لاتفيا",
            "ليتوانيا",
            "لائحة",
            "لوائح",
        ),
        *(
            "التزام",
            "التماس",
            "التحاق",
            "إلكتروني",
            "إلزام",
            "إلزامي",
            "إلغاء",
            "ألمانيا",
            "ألماني",
            "ألبانيا",
            "ألباني",
        ),
        "بالغ",
    )
)
