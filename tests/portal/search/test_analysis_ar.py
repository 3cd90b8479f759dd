"""Arabic: the forms of the field's words that must meet in the index, and words that must not."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.search.analysis_ar import normalise, stem

MEET = [
    # migration, migrant
    "هجرة الهجرة والهجرة للهجرة بالهجرة وهجرة",
    "مهاجر المهاجر المهاجرين المهاجرون مهاجرين مهاجرات المهاجرات والمهاجرين للمهاجرين مهاجرة",
    # refugee, asylum: a lam of their own
    "لاجئ لاجىء اللاجئ لاجئين اللاجئين اللاجئون لاجئات للاجئين وللاجئين واللاجئات كاللاجئين",
    "لجوء اللجوء واللجوء للجوء باللجوء",
    # return, returns; border; integration; protection
    "عودة العودة والعودة للعودة بالعودة",
    "حدود الحدود والحدود للحدود حدودها",
    "اندماج الاندماج للاندماج اندماجها",
    "إدماج الإدماج ادماج للإدماج",
    "حماية الحماية والحماية للحماية",
    # trafficking, persons, smuggling
    "اتجار الاتجار والاتجار للاتجار",
    "أشخاص الأشخاص اشخاص للأشخاص والأشخاص",
    "تهريب التهريب والتهريب",
    # state, country, region, union, partnership, mobility, labour, skills
    "دولة الدولة والدولة للدولة دولي الدولية الدوليين",
    "بلدان البلدان للبلدان والبلدان",
    "منطقة المنطقة والمنطقة للمنطقة",
    "اتحاد الاتحاد والاتحاد للاتحاد",
    "شراكة الشراكة الشراكات شراكات والشراكات",
    "تنقل التنقل والتنقل للتنقل",
    "عمالة العمالة والعمالة",
    "مهارة مهارات المهارات والمهارات للمهارات",
    # policy, strategy, programme, project, report, cooperation, dialogue
    "سياسة السياسة سياسات السياسات والسياسات سياسي السياسية",
    "استراتيجية الاستراتيجية إستراتيجية استراتيجيات",
    "برنامج البرنامج والبرنامج للبرنامج",
    "مشروع المشروع والمشروع للمشروع",
    "تقرير التقرير والتقرير",
    "تعاون التعاون والتعاون للتعاون تعاوني التعاونية",
    "حوار الحوار والحوار للحوار حوارات الحوارات",
    # minister and ministry, document, agency, job, workshop: a waw of their own
    "وزارة الوزارة والوزارة للوزارة ووزارة وزارات الوزارات وزاري الوزاري",
    "وثيقة الوثيقة والوثيقة للوثيقة",
    "وكالة الوكالة وكالات الوكالات للوكالة",
    "وظيفة الوظيفة والوظيفة للوظيفة",
    "وافد وافدين الوافدين الوافدون والوافدين",
    # committee, language, Lebanon; commitment, Germany, electronic; adult
    "لجنة اللجنة للجنة واللجنة",
    "لغة اللغة للغة لغات اللغات",
    "لبنان للبنان ولبنان لبناني اللبنانية لبنانيين",
    "التزام الالتزام والالتزام للالتزام التزامات الالتزامات",
    "ألمانيا المانيا وألمانيا",
    "إلكتروني الإلكتروني الكترونية والإلكترونية",
    "بالغ بالغين البالغين للبالغين والبالغون",
    # law, human, population, Palestine, Sudan, Pakistan: endings of their own
    "قانون القانون للقانون قانوني القانونية",
    "إنسان الإنسان للإنسان إنساني الإنسانية",
    "سكان السكان للسكان سكانية",
    "فلسطين فلسطيني الفلسطينيين الفلسطينية",
    "السودان للسودان سوداني السودانيون",
    "باكستان وباكستان باكستاني الباكستانيين",
    # responsible: the hamza's seat differs from country to country
    "مسؤول مسئول المسؤولين المسئولون مسؤولية",
]
APART = [
    ("هجرة", "مهاجر"),
    ("لجوء", "لاجئ"),
    ("عودة", "عائد"),
    ("لجنة", "جنة"),
    ("لغة", "غاية"),
    ("عمل", "عمال"),
    ("حدود", "حد"),
    ("اتجار", "تجارة"),
    ("وطن", "مواطن"),
    ("طفل", "أطفال"),
    ("وعودة", "وعد"),
    ("المانحين", "ألمانيا"),
    ("التماسك", "التماس"),
    ("حوار", "حرية"),
    ("مشروع", "شرعي"),
    ("تنقل", "نقل"),
    ("اندماج", "إدماج"),
]


@pytest.mark.parametrize("forms", MEET, ids=[forms.split()[0] for forms in MEET])
def test_forms_of_a_word_meet(forms):
    stems = {form: stem(form) for form in forms.split()}
    assert len(set(stems.values())) == 1, stems


@pytest.mark.parametrize("one, other", APART)
def test_different_words_stay_apart(one, other):
    assert stem(one) != stem(other)


def test_different_families_stay_apart():
    stems = [stem(forms.split()[0]) for forms in MEET]
    assert len(set(stems)) == len(stems)


def test_a_particle_that_is_no_part_of_the_word_goes():
    assert stem("وعودة") == stem("عودة")
    assert stem("فالمهاجر") == stem("كالمهاجر") == stem("مهاجر")


@pytest.mark.parametrize(
    "word, whole",
    [("ولد", "ولد"), ("ورق", "ورق"), ("الم", "الم"), ("ها", "ها"), ("دان", "دان"), ("و", "و")],
)
def test_short_words_keep_their_letters(word, whole):
    assert stem(word) == whole


def test_two_suffixes_can_go():
    assert stem("شراكاتها") == stem("شراكة")


@pytest.mark.parametrize(
    "typed, one",
    [
        ("الهِجْرَةُ", "الهجره"),
        ("هـــجـــرة", "هجره"),
        ("أإآٱا", "ااااا"),
        ("ﺍﻟﻬﺠﺮﺓ", "الهجره"),
        ("ﻻﺟﺌﻴﻦ", "لاجءين"),
        ("ا\u0654مل", "امل"),
        ("لاجي\u0654", "لاجء"),
        ("کشور", "كشور"),
        ("مهاجرین", "مهاجرين"),
        ("ہجرت", "هجرت"),
        ("على", "علي"),
        ("شؤون", "شءون"),
        ("شئون", "شءون"),
        ("اللاجىء", "اللاجء"),
        ("\u202bهجرة\u202c", "هجره"),
        ("هجر\ufe76ة", "هجره"),
        ("٢٠١٩–۲۰۲۱", "2019–2021"),
        ("Türkiye, café ﬁn", "Türkiye, café fin"),
        ("", ""),
    ],
)
def test_spellings_are_one(typed, one):
    assert normalise(typed) == one


@pytest.mark.parametrize("word", ["migration", "Türkiye", "миграция", "移民", "2019", "المانيا2", "a-الهجرة", ""])
def test_words_of_other_scripts_are_left_alone(word):
    assert stem(word) == normalise(word)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=30) | st.text(alphabet="اأإلوبفكهةيىءئؤنتاتمجر\u0640\u064e", max_size=12))
@example("e\u200e\u0301")
@example("e\ufe71\u0301")
@example("ي\u0640\u0654ىىء")
def test_any_text_is_folded_once_and_for_all(text):
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFKC", once)
    assert len(stem(text)) <= len(once)
    assert stem(once) == stem(text)
