"""The cues of the lexicon, by field: each says of सपा what it should, in the case that it governs."""

import tomllib
from importlib.resources import files

import pytest

from annotate.labels import DEFAULT
from annotate.prelabel.stance_rules import RulesStances
from tests.prelabel.marked import marked, sentence

AGAINST = """
राव ने सपा की लानत-मलामत की।
राव ने सपा की जमकर बुराई की।
राव ने सपा का असली चेहरा उजागर किया।
राव ने सपा की कमर तोड़ दी।
राव ने सपा की जमकर खबर ली।
राव ने सपा के मुंह पर तमाचा मारा।
राव ने सपा के सिर ठीकरा फोड़ा।
राव सपा के आगे नहीं झुकेंगे।
राव ने सपा की किसान-विरोधी नीतियां गिनाईं।
राव ने सपा की मान्यता रद्द कर दी।
राव ने सपा को जमकर डांटा।
राव ने सपा को लथाड़ा।
राव ने सपा को खुली चुनौती दी।
राव ने सपा को मजा चखाने की बात कही।
राव ने सपा को सत्ता से बाहर कर दिया।
राव ने सपा को गठबंधन से निकाल बाहर किया।
राव ने सपा को प्रतिबंधित कर दिया।
राव ने सपा को आतंकवादी संगठन घोषित किया।
राव ने सपा को महंगाई को लेकर घेरा।
राव ने सपा को अलग-थलग कर दिया।
राव ने सपा को गुमराह किया।
राव ने सपा को गालियां दीं।
राव सपा को पसंद नहीं करते।
जनता सपा को माफ नहीं करेगी।
मतदाताओं ने सपा को नकार दिया।
सपा को विरोध का सामना करना पड़ा।
सपा को अदालत से फटकार मिली।
राव ने कहा कि सपा को सजा मिलनी चाहिए।
राव ने सपा को हटाने की मांग की।
राव ने सपा को क्रिटिसाइज किया।
राव ने सपा पर जुबानी हमला बोला।
राव ने सपा पर छींटाकशी की।
राव ने सपा पर अभद्र टिप्पणी की।
राव ने सपा पर अंकुश लगाया।
राव ने सपा पर जुल्म ढाए।
राव सपा पर हमलावर रहे।
राव सपा पर लाल-पीले हुए।
राव ने सपा पर कीचड़ उछाला।
लड़ाकों ने सपा पर गोलियां बरसाईं।
राव ने सपा के बयान पर तीखी प्रतिक्रिया जताई।
राव ने सपा के फैसले पर विरोध जताया।
पुलिस ने सपा पर मामला दर्ज किया।
राव सपा से नफरत करते हैं।
राव ने सपा से कन्नी काट ली।
राव ने सपा से पंगा लिया।
राव ने सपा से माफी मांगने के लिए कहा।
राव ने सपा से नाता तोड़ लिया।
राव ने सपा के खिलाफ मुहिम छेड़ी।
राव ने सपा के खिलाफ साजिश रची।
राव ने सपा के खिलाफ गवाही दी।
राव ने सपा के खिलाफ बिगुल फूंका।
राव ने सपा के विरूद्ध याचिका दायर की।
सपा के खिलाफ सैन्य अभियान से लोग डरे।
राव सपा के धुर विरोधी हैं।
राव सपा के खिलाफ लड़ रहे हैं।
राव ने सपा के साथ सौतेला व्यवहार किया।
राव ने सपा के साथ विश्वासघात किया।
सपा इन दिनों राव के निशाने पर है।
सपा आलोचना का सामना कर रही है।
राव ने चेतावनी दी कि सपा मैदान में नहीं टिकेगी।
राव ने कहा कि सपा ने दंगे भड़काए।
राव ने कहा कि सपा आतंकवाद को बढ़ावा दे रही है।
राव ने कहा कि सपा वोट बैंक की राजनीति कर रही है।
राव ने कहा कि सपा ने किसानों की उपेक्षा की।
"""

FAVOR = """
राव ने सपा की वाहवाही की।
राव ने सपा की बड़ाई की।
राव ने सपा का बचाव किया।
राव ने सपा का साथ दिया।
राव ने सपा के बचाव में बोला।
राव ने सपा का दामन थाम लिया।
राव सपा के साथ चट्टान की तरह खड़े रहे।
अदालत ने सपा के पक्ष में फैसला सुनाया।
राव सपा के पक्षधर हैं।
राव सपा के भक्त हैं।
राव सपा के फैन हैं।
राव ने सपा को सपोर्ट किया।
राव ने सपा को पनाह दी।
राव ने सपा को शुक्रिया कहा।
राव को सपा ने सम्मान दिया, सपा को राव ने नवाजा।
राव ने सपा को मदद की पेशकश की।
राव ने सपा को बिना शर्त समर्थन देने का ऐलान किया।
राव ने सपा के लिए चुनाव प्रचार किया।
राव ने सपा के प्रति आस्था जताई।
राव ने सपा के साथ एकजुटता जताई।
राव सपा पर अभिभूत हैं।
राव को सपा पर यकीन है।
मुझे सपा के नारे बहुत पसंद हैं।
सपा ने सबका दिल जीत लिया।
सपा सबकी चहेती है।
राव ने कहा कि सपा ने शानदार प्रदर्शन किया।
राव ने कहा कि सपा का महत्वपूर्ण योगदान रहा और सपा ने कड़ी मेहनत की।
"""

NEITHER = """
राव ने सपा के खिलाफ शानदार प्रदर्शन किया।
राव ने इस संबंध में सपा से रिपोर्ट मांगी।
सपा में लोगों को वोट डालने से रोका गया।
राव ने सपा के साथ मिलकर काम किया।
सपा की सिफारिश पर नियुक्ति हुई।
राव ने सपा के बचाव दल को देखा।
सपा के लिए समर्थन घट रहा है।
राव ने सपा को बुलाया।
राव ने सपा से बात की।
"""


def labels(text: str) -> set[str]:
    """The stances that the rules find toward सपा."""
    bare, entities = marked(text.replace("राव", "[राव|PER]").replace("सपा", "[सपा|ORG]"))
    (found,) = RulesStances(DEFAULT).stances([sentence(bare)], [entities])
    party = {entity.id for entity in entities if bare[entity.start : entity.end] == "सपा"}
    return {stance.label for stance in found if stance.target in party}


@pytest.mark.parametrize("text", AGAINST.strip().splitlines())
def test_words_and_acts_against(text):
    """Blame, threats, sanctions, attacks, hostility, distrust and misdeeds are AGAINST."""
    assert labels(text) == {"AGAINST"}


@pytest.mark.parametrize("text", FAVOR.strip().splitlines())
def test_words_and_acts_in_favour(text):
    """Praise, backing, thanks, honour, aid, trust and liking are FAVOR."""
    assert labels(text) == {"FAVOR"}


@pytest.mark.parametrize("text", NEITHER.strip().splitlines())
def test_near_misses(text):
    """The same words in another sense, or without force, say no stance."""
    assert labels(text) == set()


def test_no_cue_stands_twice_in_a_group():
    """A cue that stands twice is an oversight of whoever edits the file."""
    data = tomllib.loads((files("annotate.prelabel.stance_rules") / "cues.toml").read_text("utf-8"))
    for group in data["group"]:
        lines = [line.strip() for line in group["cues"].splitlines() if line.strip()]
        assert [line for line in lines if lines.count(line) > 1] == [], group["name"]
