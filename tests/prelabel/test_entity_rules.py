"""What the `rules` engine takes for a name, by table: the definition of an entity, and what speaks for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.aksharas import is_boundary
from annotate.labels import DEFAULT, EntityLabel, LabelSet
from annotate.prelabel.entity_rules import RulesEntities
from tests.prelabel.marked import marked, sentence, shown
from tests.strategies import texts

CASES = [
    pytest.param("प्रधानमंत्री [नरेंद्र मोदी|PER] ने [दिल्ली|LOC] में कहा।", id="title-stays-outside"),
    pytest.param("डॉ. [मनमोहन सिंह|PER] और श्री [एस. जयशंकर|PER] मिले।", id="doctor-and-initial"),
    pytest.param("समाजसेवी [ए.के. वेलुतंबी|PER] ने कहा।", id="initials-glued"),
    pytest.param("[मोदी|PER] सरकार ने कहा।", id="name-before-sarkar"),
    pytest.param("[दिल्ली हाईकोर्ट|ORG] ने रोक लगाई।", id="place-inside-body"),
    pytest.param("[सुप्रीम कोर्ट|ORG] और [चुनाव आयोग|ORG] ने कहा।", id="unique-bodies"),
    pytest.param("सरकार, पुलिस, विपक्ष और केंद्र ने कहा।", id="unnamed-bodies"),
    pytest.param("रूसी राष्ट्रपति और अमेरिकी सेना के बीच भारतीय दल आया।", id="demonyms"),
    pytest.param("उत्तर कोरियाई नेता [किम जोंग उन|PER] ने कहा।", id="demonym-before-title"),
    pytest.param("[जर्मनी|LOC] ने [यूक्रेन|LOC] को हथियार दिए।", id="countries-that-act"),
    pytest.param("[पटना|LOC] जिले के एक गांव में आग लगी।", id="district"),
    pytest.param("[झुमरीतलैया|LOC] शहर में बाजार बंद रहा।", id="unknown-before-place-head"),
    pytest.param("वे [मकरपुर|LOC] से आए।", id="place-by-ending"),
    pytest.param("[वोस्तोचन कोस्मोड्रोम|LOC] में मुलाकात हुई।", id="place-head-inside"),
    pytest.param("[कोटा|LOC] जिले में बारिश हुई।", id="ordinary-word-with-evidence"),
    pytest.param("आयोग ने कोटा तय किया।", id="ordinary-word-without"),
    pytest.param("[आप|ORG] सांसद [संजय सिंह|PER] बोले।", id="party-that-is-a-pronoun"),
    pytest.param("आप कहां जा रहे हैं?", id="pronoun-that-is-a-party"),
    pytest.param("पहुंचकर [शबनम परवीन|PER] ने कहा।", id="verb-before-a-name"),
    pytest.param("[शिमला|LOC] में [शिमला देवी|PER] ने कहा।", id="town-and-person"),
    pytest.param("[सूचना एवं प्रसारण मंत्रालय|ORG] ने कहा।", id="ministry-with-connector"),
    pytest.param("[जवाहरलाल नेहरू विश्वविद्यालय|ORG] में चुनाव हुए।", id="person-inside-body"),
    pytest.param("[बैंक ऑफ बड़ौदा|ORG] का शेयर गिरा।", id="of"),
    pytest.param("[जद (यू)|ORG] ने समर्थन दिया।", id="bracket-inside-name"),
    pytest.param("[राष्ट्रीय महासागर संस्थान|ORG] ([रामसं|ORG]) ने बताया।", id="abbreviation-in-brackets"),
    pytest.param("ठेका कंपनी [जलवीर पंप्स|ORG] ने कहा।", id="announced-body"),
    pytest.param("[जयपुर|LOC] और [फलोदी|LOC] में पारा चढ़ा।", id="listed-with-a-known-place"),
    pytest.param("[गोदावरी देवी|PER] ने [गोदावरी|LOC] में स्नान किया।", id="river-and-person"),
    pytest.param("विकास की आशा है और दिल में राज है।", id="ordinary-words-that-are-names"),
    pytest.param("[विकास दुबे|PER] की तलाश जारी है।", id="ordinary-word-in-a-name"),
    pytest.param("कारोबारी [Ratan Tata|PER] आए।", id="latin-after-title"),
    pytest.param("इस पर [Green Earth Alliance|ORG] ने कहा।", id="latin-body"),
    pytest.param("‘[इंडिया|LOC]’ शब्द पर बहस हुई।", id="quotes-stay-outside"),
]


@pytest.mark.parametrize("text", CASES)
def test_entities(text):
    """Names are found whole and bare, and nothing else is."""
    bare, _ = marked(text)
    (found,) = RulesEntities(DEFAULT).entities([sentence(bare)])
    assert text == shown(bare, found)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("\u095bेलेंस्की", id="composed-nukta"),
        pytest.param("ज\u093cेलेंस्की", id="decomposed-nukta"),
        pytest.param("जेलेंस्की", id="no-nukta"),
        pytest.param("किम जोंग-उन", id="hyphen"),
        pytest.param("किम जोंग उन", id="space"),
        pytest.param("मॉस्को", id="english-o"),
        pytest.param("मोस्को", id="plain-o"),
        pytest.param("मुम्बई", id="half-nasal"),
        pytest.param("मुंबई", id="anusvara"),
        pytest.param("न्यूयॉर्\u200dक", id="joiner"),
    ],
)
def test_spelling_variants(name):
    """A known name is found in each of its spellings, at the offsets of the text as it stands."""
    text = f"कल {name} में चर्चा हुई।"
    (found,) = RulesEntities(DEFAULT).entities([sentence(text)])
    assert [text[entity.start : entity.end] for entity in found] == [name]


def test_every_entity_says_who_found_it_and_how_sure():
    """Scores are probabilities and sources name a rule."""
    (found,) = RulesEntities(DEFAULT).entities([sentence("श्री राहुल गांधी ने रमेश चंदेल और पटना में कांग्रेस से कहा।")])
    assert len(found) == 4
    assert all(0.5 <= entity.score <= 1 and entity.source.startswith("rules:") for entity in found)


def test_labels_that_a_campaign_lacks_are_left_out():
    """Only types of the campaign's label set are proposed."""
    only_places = LabelSet(entities=(EntityLabel("LOC"),))
    (found,) = RulesEntities(only_places).entities([sentence("नरेंद्र मोदी दिल्ली पहुंचे।")])
    assert [entity.label for entity in found] == ["LOC"]


@given(st.lists(texts(), min_size=1, max_size=4))
def test_entities_fit_their_text(article):
    """On any text entities are sorted and disjoint, trimmed, not empty, and cut no akshara in two."""
    sentences = [sentence(text, index=index) for index, text in enumerate(article)]
    for text, found in zip(article, RulesEntities(DEFAULT).entities(sentences), strict=True):
        ends = [0]
        for entity in found:
            assert ends[-1] <= entity.start < entity.end <= len(text)
            assert is_boundary(text, entity.start)
            assert is_boundary(text, entity.end)
            assert text[entity.start : entity.end] == text[entity.start : entity.end].strip()
            ends.append(entity.end)
