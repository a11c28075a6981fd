"""Who stands where: cues, case frames, negation, coordination and speakers, by table."""

import pytest
from hypothesis import given

from annotate.labels import DEFAULT, EntityLabel, LabelSet
from annotate.prelabel import entity_backend, stance_backend
from annotate.prelabel.stance_rules import RulesStances
from annotate.prelabel.stance_rules.clause import quoted
from tests.prelabel.marked import marked, sentence
from tests.strategies import texts


def stances(text: str, labels: LabelSet = DEFAULT) -> list[tuple[str | None, str, str]]:
    """Find the stances of a marked sentence as (holder, label, target) by surface text, in order of the targets."""
    bare, entities = marked(text)
    (found,) = RulesStances(labels).stances([sentence(bare)], [entities])
    name = {entity.id: bare[entity.start : entity.end] for entity in entities}
    start = {entity.id: entity.start for entity in entities}
    ordered = sorted(found, key=lambda s: (start[s.target], start.get(s.holder or "", -1)))
    return [(name.get(stance.holder or ""), stance.label, name[stance.target]) for stance in ordered]


A, F = "AGAINST", "FAVOR"

CASES = [
    pytest.param("[राहुल|PER] ने [मोदी|PER] की आलोचना की।", [("राहुल", A, "मोदी")], id="active-genitive"),
    pytest.param("[राहुल|PER] ने [मोदी|PER] की कड़े शब्दों में निंदा की है।", [("राहुल", A, "मोदी")], id="adverb-between"),
    pytest.param("[मोदी|PER] पर [राहुल|PER] ने निशाना साधा।", [("राहुल", A, "मोदी")], id="target-first"),
    pytest.param("[राहुल|PER] द्वारा [मोदी|PER] की आलोचना की गई।", [("राहुल", A, "मोदी")], id="passive"),
    pytest.param("[राहुल|PER] ने [मोदी|PER] सरकार की नीति का विरोध किया।", [("राहुल", A, "मोदी")], id="climb-the-chain"),
    pytest.param("[सपा|ORG] नेताओं ने [भाजपा|ORG] को आड़े हाथों लिया।", [("सपा", A, "भाजपा")], id="members-as-group"),
    pytest.param("उन्होंने [भाजपा|ORG] के खिलाफ जमकर नारेबाजी की।", [(None, A, "भाजपा")], id="pronoun-is-no-holder"),
    pytest.param("[अमेरिका|LOC] ने [ईरान|LOC] पर नए प्रतिबंध लगाए।", [("अमेरिका", A, "ईरान")], id="sanctions"),
    pytest.param("[सपा|ORG] ने [नीतीश|PER] से इस्तीफा मांगा।", [("सपा", A, "नीतीश")], id="resignation"),
    pytest.param("[सपा|ORG] ने [नीतीश|PER] को भ्रष्ट बताया।", [("सपा", A, "नीतीश")], id="called-names"),
    pytest.param("[राव|PER] ने आरोप लगाया कि [भाजपा|ORG] ने वादे तोड़े।", [("राव", A, "भाजपा")], id="accused-after-ki"),
    pytest.param("[राहुल|PER] ने [नेहा|PER] को बधाई दी।", [("राहुल", F, "नेहा")], id="congratulation"),
    pytest.param(
        "[सपा|ORG] ने [राव|PER] और [रमा|PER] का समर्थन किया।", [("सपा", F, "राव"), ("सपा", F, "रमा")], id="two-targets"
    ),
    pytest.param(
        "[फिजी|LOC] और [टोंगा|LOC] ने [राव|PER] का साथ दिया।", [("फिजी", F, "राव"), ("टोंगा", F, "राव")], id="two-holders"
    ),
    pytest.param(
        "हम हमेशा राष्ट्रपति [पुतिन|PER] और रूसी नेतृत्व के फैसलों का समर्थन करेंगे।",
        [(None, F, "पुतिन")],
        id="joined-to-an-unnamed-head",
    ),
    pytest.param("[किम|PER] ने कहा कि हम [पुतिन|PER] के फैसलों का समर्थन करेंगे।", [("किम", F, "पुतिन")], id="speaker-holds-we"),
    pytest.param("[कांग्रेस|ORG] लगातार [भाजपा|ORG] का विरोध कर रही है।", [("कांग्रेस", A, "भाजपा")], id="nominative-subject"),
    pytest.param(
        "[आर्मेनिया|LOC] और [तुर्की|LOC] ने एक-दूसरे पर आरोप लगाए।",
        [("तुर्की", A, "आर्मेनिया"), ("आर्मेनिया", A, "तुर्की")],
        id="reciprocal",
    ),
    pytest.param("[राव|PER] ने [भाजपा|ORG] पर प्रतिबंध का समर्थन किया।", [("राव", A, "भाजपा")], id="support-of-a-curb"),
    pytest.param(
        "[राव|PER] ने [नेहा|PER] की तारीफ की, जबकि [सपा|ORG] ने [राव|PER] पर तंज कसा।",
        [("राव", F, "नेहा"), ("सपा", A, "राव")],
        id="two-clauses",
    ),
    pytest.param("[राव|PER] ने [सपा|ORG] की इस बात के लिए तीखी आलोचना की।", [("राव", A, "सपा")], id="reason-between"),
    pytest.param(
        "[राव|PER] ने जीत का श्रेय कोच [नेगी|PER] को दिया।", [("राव", F, "नेगी")], id="target-before-the-light-verb"
    ),
    pytest.param("[सपा|ORG] की लोगों ने जमकर तारीफ की।", [(None, F, "सपा")], id="possessor-before-the-agent"),
    pytest.param("[फिजी|LOC] की मंत्री [रमा|PER] ने भूख की निंदा की।", [], id="possessor-of-the-agent"),
    pytest.param("[सपा|ORG] ने काम किया, जिसकी [राव|PER] ने सराहना की।", [("राव", F, "सपा")], id="relative-pronoun"),
    pytest.param("[राव|PER] से मिलकर [रमा|PER] ने उन्हें बधाई दी।", [("रमा", F, "राव")], id="personal-pronoun"),
    pytest.param("[राव|PER] के अनुसार [सपा|ORG] पूरी तरह विफल है।", [("राव", A, "सपा")], id="according-to"),
    pytest.param("[राव|PER] पहुंचे, जहां उन्होंने [सपा|ORG] पर निशाना साधा।", [("राव", A, "सपा")], id="goes-on-as-he"),
    pytest.param("अगर [राव|PER] [सपा|ORG] का समर्थन करते हैं तो भी क्या।", [], id="mere-case"),
    pytest.param("[सपा|ORG] के विधायकों ने [राव|PER] को कोसा।", [("सपा", A, "राव")], id="body-through-its-members"),
    pytest.param("[राव|PER] ने हालांकि [सपा|ORG] को कोसा।", [("राव", A, "सपा")], id="opener-behind-the-agent"),
    pytest.param("छात्रों ने [सपा|ORG] के दफ्तर के सामने धरना दिया।", [(None, A, "सपा")], id="in-front-of-it"),
    pytest.param("छात्रों ने [पटना|LOC] के गेट के सामने धरना दिया।", [], id="in-front-of-a-place"),
    pytest.param("“[राव|PER] किस मुंह से उपदेश देते हैं?”", [(None, A, "राव")], id="question-that-blames"),
    pytest.param("[राव|PER] [सपा|ORG] की मांग से सहमत नहीं हैं।", [("राव", A, "सपा")], id="disagreement"),
    pytest.param(
        "[टोंगा|LOC] द्वारा नाव छोड़े जाने की [फिजी|LOC] ने निंदा की।", [("फिजी", A, "टोंगा")], id="blame-of-its-deed"
    ),
    pytest.param("[राव|PER] ने [सपा|ORG] को दलाल कहने में संकोच नहीं किया।", [("राव", A, "सपा")], id="without-hesitation"),
    pytest.param("[राव|PER] ने साफ किया कि बहस में वे [सपा|ORG] का साथ नहीं देंगे।", [("राव", A, "सपा")], id="told-as-they"),
    pytest.param("[राव|PER] ने [सपा|ORG] को सेठों का बैंक बताया।", [("राव", A, "सपा")], id="likeness"),
    pytest.param("[राव|PER] ने [नेगी|PER] को गिरोह का सदस्य बताया।", [], id="no-likeness"),
    pytest.param("[सपा|ORG] को गरीबों की छतरी कहा जाता है।", [], id="what-everybody-calls-it"),
    pytest.param("[नेगी|PER] पर [राव|PER] का पलटवार", [("राव", A, "नेगी")], id="headline-without-verb"),
    pytest.param("[राव|PER] को [सपा|ORG] का समर्थन मिला।", [("सपा", F, "राव")], id="support-gained"),
    pytest.param("[राव|PER] ने कहा कि वे [सपा|ORG] का समर्थन नहीं करेंगे।", [("राव", A, "सपा")], id="support-refused"),
    pytest.param("[जापान|LOC] की ओर से [टोंगा|LOC] को बधाई दी गई।", [("जापान", F, "टोंगा")], id="on-behalf"),
    pytest.param("[राव|PER] ने [सपा|ORG] के फैसले को तानाशाही बताया।", [("राव", A, "सपा")], id="called-a-name"),
    pytest.param("[राव|PER] ने कहा कि [सपा|ORG] हर मोर्चे पर विफल रही है।", [("राव", A, "सपा")], id="told-judgement"),
    pytest.param("[राव|PER] का कहना है कि [सपा|ORG] जनता को गुमराह कर रही है।", [("राव", A, "सपा")], id="told-misdeed"),
    pytest.param("[सपा|ORG] की नाकामी पर [राव|PER] खूब बोले।", [(None, A, "सपा")], id="loaded-noun"),
    pytest.param("[सपा|ORG]-विरोधी नारे लगे।", [(None, A, "सपा")], id="compound-against"),
    pytest.param("[सपा|ORG] समर्थक नेता [राव|PER] पहुंचे।", [("राव", F, "सपा")], id="compound-for"),
    pytest.param("[राव|PER] और [रमा|PER] दोनों ने [सपा|ORG] को कोसा।", [("राव", A, "सपा"), ("रमा", A, "सपा")], id="both"),
    pytest.param("उन्होंने [राव|PER] ( कुश्ती ) की प्रशंसा की।", [(None, F, "राव")], id="brackets-behind-the-name"),
    pytest.param("[राव|PER] की [पटना|LOC] में खूब सराहना की गई।", [(None, F, "राव")], id="place-before-the-cue"),
    pytest.param("[फिजी|LOC] के हाल में किए गए परीक्षण की [टोंगा|LOC] ने निंदा की।", [("टोंगा", A, "फिजी")], id="participle"),
    pytest.param("हम [फिजी|LOC] द्वारा [टोंगा|LOC] को दिए गए समय की सराहना करते हैं।", [(None, F, "फिजी")], id="its-doer"),
    pytest.param("[सपा|ORG] के ऊपर गबन का आरोप है।", [(None, A, "सपा")], id="long-form-of-upon"),
    pytest.param("[राव|PER] को विशेष धन्यवाद।", [(None, F, "राव")], id="sentence-without-verb"),
    pytest.param(
        "मैं [राव|PER], उनकी पत्नी और [फिजी|LOC] के लोगों को बधाई देता हूं।",
        [(None, F, "राव"), (None, F, "फिजी")],
        id="people-of-a-place-in-a-list",
    ),
    pytest.param("[पटना|LOC] के लोगों पर राव ने तंज कसा।", [], id="people-of-a-place-stand-for-it-in-thanks-alone"),
    pytest.param("[राव|PER] और उनके बेटे पर आरोप लगे।", [(None, A, "राव")], id="joined-to-his-people"),
    pytest.param(
        "[सपा|ORG] नेता [राव|PER] और [भाजपा|ORG] के सांसद [नेगी|PER] को [रमा|PER] ने कोसा।",
        [("रमा", A, "राव"), ("रमा", A, "नेगी")],
        id="joined-over-whose-member-it-is",
    ),
    pytest.param("[पटना|LOC], [सपा|ORG] नेता [राव|PER] ने [रमा|PER] को कोसा।", [("राव", A, "रमा")], id="no-list"),
    pytest.param("[सपा|ORG] गठबंधन को [माकपा|ORG] समर्थन दे रही है।", [("माकपा", F, "सपा")], id="actor-before-the-cue"),
    pytest.param("[सपा|ORG] का [माकपा|ORG] विरोध कर रही है।", [("माकपा", A, "सपा")], id="actor-behind-the-genitive"),
    pytest.param("[राव|PER] ने कहा कि [सपा|ORG] के कई नेता भ्रष्ट हैं।", [("राव", A, "सपा")], id="judged-members"),
    pytest.param("[राव|PER] ने आरोप लगाया कि [सपा|ORG] के कई मंत्री दोषी थे।", [("राव", A, "सपा")], id="accused-members"),
    pytest.param("[राव|PER] को आलोचना का सामना करना पड़ा।", [(None, A, "राव")], id="faced-blame"),
    pytest.param("[फिजी|LOC] ने परीक्षण किया जिसकी निंदा हुई।", [(None, A, "फिजी")], id="blame-of-what-it-did"),
    pytest.param("[सपा|ORG] ने वादा किया और उसके खिलाफ प्रदर्शन हुए।", [(None, A, "सपा")], id="pronoun-of-a-body"),
    pytest.param("[राव|PER] ने कहा कि उन पर लगे आरोप झूठे हैं।", [], id="who-acts-is-not-he"),
    pytest.param("[राव|PER] सरकार ने [मोदी|PER] स्वास्थ्य कानून का विरोध किया।", [("राव", A, "मोदी")], id="compound-act"),
    pytest.param("“[जन मोर्चा|ORG]” नामक एक संगठन ने [राव|PER] को कोसा।", [("जन मोर्चा", A, "राव")], id="called-by-name"),
    pytest.param("[राव|PER] समर्थकों ने नारे लगाए।", [(None, F, "राव")], id="supporters-of-a-person"),
    pytest.param("[सपा|ORG] पर हुए हमले की आलोचना करते हुए वे रुके।", [], id="blame-of-an-attack"),
    pytest.param("[राव|PER] पर लगा प्रतिबंध हटा दिया गया।", [], id="curb-lifted"),
    pytest.param("[राव|PER] के खिलाफ [सपा|ORG] के आरोपों पर वे चुप रहे।", [("सपा", A, "राव")], id="noun-with-its-owner"),
    pytest.param("[राव|PER] के खिलाफ आरोपों पर वे चुप रहे।", [], id="noun-without-owner"),
    pytest.param("ऐसा नहीं लगता कि लोग [राव|PER] के खिलाफ हैं।", [], id="denied-where-it-hangs-on"),
    pytest.param("[राव|PER] को निचली अदालत में दोषी ठहराया गया।", [], id="found-guilty"),
    pytest.param(
        "थानेदार [नेगी|PER] ने बताया कि [राव|PER] के खिलाफ मामला दर्ज किया गया है।",
        [(None, A, "राव")],
        id="who-tells-of-an-act-is-not-who-did-it",
    ),
    pytest.param("[राव|PER] ने [सपा|ORG] को खरी-खोटी सुनाई।", [("राव", A, "सपा")], id="folded-ending-in-a-pattern"),
    pytest.param("[राव|PER] ने [फिजी|LOC] की टीम को बधाई दी।", [("राव", F, "फिजी")], id="team-of"),
    pytest.param("[मस्जिद-ए-नूर|LOC] पर हमला हुआ।", [], id="attack-by-nobody"),
    pytest.param("[फिजी|LOC] को [टोंगा|LOC] की मदद करनी चाहिए।", [], id="owed-is-not-done"),
    pytest.param("[फिजी|LOC] को नुकसान पहुंचाने और [टोंगा|LOC] पर हमला करने के लिए सेना चाहिए।", [], id="aimed-at"),
    pytest.param("[राहुल|PER] ने [मोदी|PER] की आलोचना नहीं की।", [], id="negated"),
    pytest.param("[राव|PER] बोले- [सपा|ORG] ने राज्य को बर्बाद कर दिया", [("राव", A, "सपा")], id="said-behind-a-dash"),
    pytest.param("[सपा|ORG] जनता को ठग रही है, [राव|PER] ने कहा।", [("राव", A, "सपा")], id="said-before-its-speaker"),
    pytest.param("[राव|PER] का आरोप, [सपा|ORG] ने जनता को ठगा है, धोखा दिया", [("राव", A, "सपा")], id="claim-of"),
    pytest.param("[सपा|ORG] भ्रष्टाचार में डूबी है : [राव|PER]", [(None, A, "सपा")], id="said-before-a-colon"),
    pytest.param("ऐसा नहीं लगता कि [राहुल|PER] [मोदी|PER] के खिलाफ हैं।", [], id="denied-before"),
    pytest.param("इसमें शक नहीं कि [राहुल|PER] [मोदी|PER] के खिलाफ हैं।", [("राहुल", A, "मोदी")], id="no-doubt"),
    pytest.param("[सपा|ORG] पर [दिल्ली|LOC] पर हमले का आरोप है।", [(None, A, "सपा")], id="accused-of-a-strike"),
    pytest.param("[राहुल|PER] ने [मोदी|PER] से समर्थन मांगा।", [], id="support-asked-for"),
    pytest.param("[राहुल|PER] ने [मोदी|PER] से मुलाकात की।", [], id="meeting"),
    pytest.param("[राव|PER] ने [दिल्ली|LOC] में प्रदर्शन किया।", [], id="place-where-it-happens"),
    pytest.param("[दिल्ली|LOC] के मुख्यमंत्री की आलोचना हुई।", [], id="person-of-a-place"),
    pytest.param("[राव|PER] ने [सपा|ORG] के आरोपों को बेबुनियाद बताया।", [], id="denial"),
    pytest.param("क्या [सपा|ORG] ने [राव|PER] का समर्थन किया?", [], id="question"),
    pytest.param("[दिल्ली|LOC] पर हमले की साजिश नाकाम हुई।", [], id="genitive-ki-is-no-verb"),
    pytest.param("[राव|PER] की हत्या के विरोध में बंद रहा।", [], id="protest-against-what-befell"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_stances(text, expected):
    """Targets, holders and direction are read from the case frame; what is not sure stays NEUTRAL."""
    assert expected == stances(text)


def test_cue_is_where_it_says_so():
    """The cue covers its noun and light verb, in code points of the sentence."""
    bare, entities = marked("[राहुल|PER] ने [मोदी|PER] की आलोचना की।")
    ((stance,),) = RulesStances(DEFAULT).stances([sentence(bare)], [entities])
    assert bare[stance.cue.start : stance.cue.end] == "आलोचना की"
    assert 0 < stance.score <= 1


@pytest.mark.parametrize(
    ("texts_of_article", "expected"),
    [
        pytest.param(
            ["उसने कहा, “हम आए।", "वह गया।", "बस।”", "वह रुका।"], [False, True, True, False], id="until-it-closes"
        ),
        pytest.param(["“हम आए।”", "वह गया।"], [False, False], id="closed-at-once"),
        pytest.param(["“हम आए।", *["वह गया।"] * 8], [False, *[True] * 6, False, False], id="never-closed"),
        pytest.param(["हम आए।”", "वह गया।"], [False, False], id="never-opened"),
    ],
)
def test_a_quotation_goes_on(texts_of_article, expected):
    """A quotation is carried over to the next sentences of the article until its mark closes, six at most."""
    assert list(quoted(texts_of_article)) == expected


def test_a_speaker_is_carried_over_without_a_name():
    """Inside a quotation that goes on a judgement is somebody's; the speaker, not in the sentence, is no holder."""
    first, _ = marked("उन्होंने कहा, “सरकार सब जानती है।")
    second, entities = marked("[सपा|ORG] हर मोर्चे पर विफल रही है।")
    article = [sentence(first), sentence(second, index=1, start=100)]
    assert RulesStances(DEFAULT).stances(article[1:], [entities]) == [()]
    _, ((stance),) = RulesStances(DEFAULT).stances(article, [(), entities])
    assert (stance.target, stance.label, stance.holder) == (entities[0].id, "AGAINST", None)


def test_a_stance_names_its_rule():
    """The source says which group of cues or which construct it was."""
    sources = {}
    for text in (
        "[राव|PER] ने [सपा|ORG] की निंदा की।",
        "[राव|PER] ने [सपा|ORG] को संवेदनहीन बताया।",
        "[सपा|ORG]-विरोधी नारे लगे।",
    ):
        bare, entities = marked(text)
        ((stance,),) = RulesStances(DEFAULT).stances([sentence(bare)], [entities])
        sources[stance.source] = bare[stance.cue.start : stance.cue.end]
    assert sources == {"rules:blame": "निंदा की", "rules:calling": "संवेदनहीन बताया", "rules:compound": "विरोधी"}


@pytest.mark.parametrize("word", ["ख़िलाफ़", "ख़िलाफ़", "खिलाफ"])
def test_nukta_is_folded_for_matching_alone(word):
    """However a nukta is written, the stance is found, and its offsets count in the text as it stands."""
    bare, entities = marked(f"छात्रों ने [सपा|ORG] के {word} नारे लगाए।")
    ((stance,),) = RulesStances(DEFAULT).stances([sentence(bare)], [entities])
    assert bare[stance.cue.start : stance.cue.end] == "नारे लगाए"


def test_types_without_stance_are_no_targets():
    """A campaign may say that a type bears no stance; then none is proposed toward it."""
    labels = LabelSet(entities=(EntityLabel("PER", stance=False),), stances=DEFAULT.stances)
    assert stances("[राहुल|PER] ने [मोदी|PER] की आलोचना की।", labels) == []


@given(texts(max_size=40))
def test_stances_fit_the_contract(text):
    """On any text targets and holders are entities of the sentence, cues lie inside it, and a target has one label."""
    one = [sentence(text)]
    entities = entity_backend("rules", DEFAULT).entities(one)
    (found,) = stance_backend("rules", DEFAULT).stances(one, entities)
    known = {entity.id for entity in entities[0]}
    assert all(stance.target in known and (stance.holder is None or stance.holder in known) for stance in found)
    assert all(0 <= stance.cue.start < stance.cue.end <= len(text) for stance in found)
    assert len({(stance.target, stance.holder) for stance in found}) == len(found)
    assert len({(stance.target, stance.label) for stance in found}) == len({stance.target for stance in found})
