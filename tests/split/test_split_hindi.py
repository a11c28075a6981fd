"""Hindi: where sentences of news text end. ⏐ marks each boundary."""

import pytest

from annotate.split import segment, split

CASES = {
    "danda": "बारिश थम गई।⏐ लोग घरों से निकले।",
    "double-danda": "सत्यमेव जयते॥⏐ यही वाक्य वहां लिखा है।",
    "no-space": "बैठक खत्म हुई।⏐मंत्री बाहर आए।",
    "space-before-danda": "बैठक खत्म हुई ।⏐ मंत्री बाहर आए ।",
    "danda-twice": "जांच जारी है।।⏐ रिपोर्ट कल आएगी।",
    "nbsp-after-danda": "जांच जारी है।⏐\xa0रिपोर्ट कल आएगी।",
    "nbsp-before-danda": "जांच जारी है\xa0।⏐ रिपोर्ट कल आएगी।",
    "question": "क्या सरकार जवाब देगी?⏐ विपक्ष यही पूछ रहा है।",
    "exclamation": "जय हिंद!⏐ सभा यहीं समाप्त हुई।",
    "question-exclamation": "यह कैसे हुआ?!⏐ किसी को पता नहीं।",
    "many-marks": "क्या सच में???⏐ हां, सच में!!",
    "spaced-marks": "क्या यह सच है ? !⏐ पता नहीं।",
    "curly-single-quote": "उन्होंने कहा, ‘हम तैयार हैं।’⏐ सभा में तालियां बजीं।",
    "curly-double-quote": "उन्होंने कहा, “हम तैयार हैं।”⏐ सभा में तालियां बजीं।",
    "straight-quote": 'उन्होंने कहा, "हम तैयार हैं।"⏐ सभा में तालियां बजीं।',
    "question-in-quotes": "उन्होंने पूछा, “क्या आप तैयार हैं?”⏐ किसी ने जवाब नहीं दिया।",
    "several-in-one-quotation": "मंत्री ने कहा, ‘काम शुरू हो गया है।⏐ सड़क जल्द बनेगी।⏐ पैसा मिल चुका है।’⏐ इसके बाद वे चले गए।",
    "opening-quote-after-danda": "सभा शुरू हुई।⏐ “आप सबका स्वागत है।”",
    "straight-opening-quote": 'सभा शुरू हुई।⏐ "आप सबका स्वागत है।"⏐ फिर गीत हुआ।',
    "wrong-closing-quote": "उन्होंने कहा, ‘हम साथ हैं।‘⏐ फिर वे लौट गए।",
    "wrong-closing-quote-in-a-word": "‘साम्राज्यवाद‘ के खिलाफ लड़ाई जारी है।⏐ दोनों देश साथ हैं।",
    "two-opening-quotes": "उन्होंने कहा, “हम साथ हैं।“⏐ फिर वे लौट गए।",
    "quote-after-a-space": 'उन्होंने कहा, " हम साथ हैं । "⏐ फिर वे लौट गए ।',
    "danda-outside-the-quote": "उन्होंने इसे ‘ऐतिहासिक’ बताया।⏐ विपक्ष असहमत है।",
    "quote-glued-to-the-next-word": "उन्होंने हामी भरी।⏐“ठीक है”, वे बोले।",
    "quoted-question-with-postposition": "“कौन बनेगा करोड़पति?” में वे दिखे।⏐ शो हिट रहा।",
    "quotation-before-kahkar": "‘मैं नहीं जाऊंगा।’ कहकर वे बैठ गए।⏐ सब चुप रहे।",
    "pipe": "वे दिल्ली गए|⏐ वहां बैठक हुई|",
    "latin-full-stop": "वे दिल्ली गए.⏐ वहां बैठक हुई.",
    "latin-full-stop-hai": "यह सही है.⏐ वह गलत था.⏐ कौन जाने.",
    "latin-full-stop-no-space": "यह फैसला सही है.⏐उन्होंने यही कहा.",
    "doctor": "डॉ. मनमोहन सिंह ने भाषण दिया।⏐ सभा देर तक चली।",
    "doctor-other-spelling": "डा. राजेंद्र प्रसाद पहले राष्ट्रपति थे।⏐ उनका जन्म बिहार में हुआ।",
    "shri": "श्री. रमेश और श्रीमती. सीमा आए।⏐ सभी ने स्वागत किया।",
    "professor": "प्रो. यशपाल ने समिति बनाई।⏐ रिपोर्ट अगले साल आई।",
    "rupees": "टिकट 500 रु. का है।⏐ भीड़ बहुत थी।",
    "rupees-before-number": "उसे रु. 500 मिले।⏐ वह खुश हुआ।",
    "kilometre": "गांव 12 कि.मी. दूर है।⏐ सड़क कच्ची है।",
    "initials-no-space": "ए.पी.जे. अब्दुल कलाम आए।⏐ बच्चे खुश हुए।",
    "initials-glued": "ए.पी.जे.अब्दुल कलाम आए।⏐ बच्चे खुश हुए।",
    "initials-spaced": "बी. आर. आंबेडकर ने संविधान लिखा।⏐ देश उनका ऋणी है।",
    "party-initials": "एन.डी.ए. ने उम्मीदवार उतारा।⏐ यू.पी.ए. चुप है।",
    "initials-at-the-start": "पी. चिदंबरम ने बजट रखा।⏐ बाजार चढ़ा।",
    "before-christ": "यह सिक्का 300 ई.पू. का है।⏐ संग्रहालय में रखा है।",
    "number-abbreviation": "वार्ड नं. 5 में पानी भरा।⏐ लोग परेशान हैं।",
    "late": "स्व. राजीव गांधी की जयंती मनाई गई।⏐ कई नेता पहुंचे।",
    "latin-initials": "भारत ने U.S. से समझौता किया।⏐ चीन ने विरोध किया।",
    "latin-abbreviation": "Dr. सिंह और Tata Motors Ltd. के अधिकारी मिले।⏐ बात बनी।",
    "decimal": "महंगाई 5.7 फीसदी रही।⏐ बैंक ने दर नहीं बदली।",
    "thousand": "करीब 1,000 लोग आए।⏐ पुलिस तैनात थी।",
    "devanagari-decimal": "वृद्धि ७.५ फीसदी रही।⏐ यह उम्मीद से कम है।",
    "ordinal-and-month": "सम्मेलन 13. सितंबर को होगा।⏐ तैयारी पूरी है।",
    "year-before-full-stop": "यह घटना 1947. की नहीं है।⏐ तब वे बच्चे थे।",
    "time": "ट्रेन सुबह 10.30 बजे आई।⏐ यात्री उतरे।",
    "date-in-figures": "वे 13.09.2023 को मिले।⏐ बात नहीं बनी।",
    "list-in-a-line": "1. पहले पानी उबालें⏐ 2. फिर चाय डालें⏐ 3. अंत में दूध मिलाएं",
    "list-with-brackets": "1) पहला प्रस्ताव पास हुआ।⏐ 2) दूसरा टल गया।",
    "bullets": "• बिजली मुफ्त⏐ • पानी सस्ता⏐ • सड़क पक्की",
    "list-of-lines": "1. बिजली मुफ्त होगी।⏐\n2. पानी सस्ता होगा।",
    "url": "पूरी खबर https://example.in/khabar.html पर पढ़ें।⏐ धन्यवाद।",
    "url-at-the-end": "देखें www.example.in।⏐ वहां सूची है।",
    "e-mail": "शिकायत desk@example.in पर भेजें।⏐ जवाब मिलेगा।",
    "hashtag-and-handle": "#किसान ट्रेंड कर रहा है।⏐ @PMOIndia ने जवाब दिया।",
    "ellipsis-inside": "मैं... मैं कुछ नहीं जानता।⏐ वह रो पड़ा।",
    "ellipsis-at-the-end": "वह बस देखता रहा...⏐ किसी ने कुछ नहीं कहा।",
    "ellipsis-sign": "पता नहीं क्या होगा…⏐ सब चुप थे।",
    "brackets": "वे (जो विधायक भी हैं) पहुंचे।⏐ (बाकी नेता नहीं आए।)⏐ सभा शुरू हुई।",
    "question-mark-in-brackets": "उसने सच (?) बताया।⏐ सब चौंके।",
    "heading-before-text": "बाढ़ से दस गांव डूबे⏐\nबिहार में बाढ़ आई।⏐ लोग फंसे हैं।",
    "heading-with-question": "क्या बदलेगी सरकार?⏐\nचुनाव के नतीजे कल आएंगे।",
    "blank-lines": "पहला पैरा।⏐\n\n\nदूसरा पैरा।",
    "windows-lines": "पहला पैरा।⏐\r\nदूसरा पैरा।",
    "byline": "रमेश कुमार⏐\nदिल्ली में ठंड बढ़ी।",
    "caption": "फोटो: सभा में मौजूद लोग⏐\nसभा शांत रही।",
    "no-mark-at-the-end": "सभा शुरू हुई।⏐ अभी भाषण चल रहा है",
    "colon-is-no-end": "उन्होंने तीन मांगें रखीं: पानी, बिजली और सड़क।⏐ मांगें मानी गईं।",
    "semicolon-is-no-end": "वह आया; पर रुका नहीं।⏐ सब देखते रहे।",
    "dash-is-no-end": "नेता - जो बीमार थे - नहीं आए।⏐ सभा टली।",
    "apostrophe-number": "सन ’62 की लड़ाई उन्हें याद है।⏐ वे फौज में थे।",
    "emoji": "टीम जीत गई।⏐ 🎉 जश्न शुरू हुआ।",
    "zwj-word": "पक्\u200dका वादा है।⏐ पूरा होगा।",
    "english-sentence": "उन्होंने कहा, Yes, we can.⏐ भीड़ ने दोहराया।",
}


@pytest.mark.parametrize("marked", [pytest.param(text, id=name) for name, text in CASES.items()])
def test_hindi(marked):
    """A sentence of Hindi news ends after its mark and what closes with it, and nowhere else."""
    text = marked.replace("⏐", "")
    assert [part.strip() for part in marked.split("⏐")] == [text[s.start : s.end] for s in split(text, "hi")]


KINDS = {
    "place-and-date": ("मॉस्को, 13 सितम्बर।⏐ दोनों नेता मिले।", "dateline sentence"),
    "place-date-agency": ("नई दिल्ली, 13 सितंबर (भाषा)।⏐ संसद का सत्र शुरू हुआ।", "dateline sentence"),
    "agency-without-mark": ("नई दिल्ली, 13 सितंबर (भाषा)⏐ संसद का सत्र शुरू हुआ।", "dateline sentence"),
    "place-and-agency": ("इस्लामाबाद (एजेंसी)।⏐ पाकिस्तान में चुनाव टले।", "dateline sentence"),
    "agency-alone": ("(एजेंसी)⏐ पाकिस्तान में चुनाव टले।", "dateline sentence"),
    "agency-and-place": ("जागरण संवाददाता, लखनऊ:⏐ शहर में ठंड बढ़ी।", "dateline sentence"),
    "place-and-correspondent": ("लखनऊ, विशेष संवाददाता।⏐ शहर में ठंड बढ़ी।", "dateline sentence"),
    "place-and-colon": ("नई दिल्ली:⏐ संसद का सत्र शुरू हुआ।", "dateline sentence"),
    "place-and-dash": ("नई दिल्ली —⏐ संसद का सत्र शुरू हुआ।", "dateline sentence"),
    "place-and-hyphen": ("पटना -⏐ गंगा उफान पर है।", "dateline sentence"),
    "place-and-danda": ("भोपाल।⏐ मुख्यमंत्री ने बैठक बुलाई।", "dateline sentence"),
    "place-and-full-stop": ("भोपाल.⏐ मुख्यमंत्री ने बैठक बुलाई.", "dateline sentence"),
    "two-places": ("नई दिल्ली/लखनऊ:⏐ सरकार ने बैठक बुलाई।", "dateline sentence"),
    "agency-in-square-brackets": ("नई दिल्ली [जागरण संवाददाता]।⏐ सरकार ने बैठक बुलाई।", "dateline sentence"),
    "date-with-year": ("वाशिंगटन, 2 अक्टूबर 2023:⏐ दोनों देशों में समझौता हुआ।", "dateline sentence"),
    "agency-in-latin": ("मुंबई, 3 मई (PTI)।⏐ शेयर बाजार चढ़ा।", "dateline sentence"),
    "after-a-heading": ("बाजार में तेजी⏐\nमुंबई, 3 मई।⏐ शेयर बाजार चढ़ा।", "heading dateline sentence"),
    "heading-with-place": ("दिल्ली: कार में लगी आग⏐\nआग बुझा ली गई।", "heading sentence"),
    "party-in-brackets": ("नरेंद्र मोदी (BJP) ने भाषण दिया।⏐ सभा देर तक चली।", "sentence sentence"),
    "region-in-brackets": ("दिल्ली (NCR) में धुंध छाई।⏐ सड़कें खाली रहीं।", "sentence sentence"),
    "agency-in-a-sentence": ("समाचार एजेंसी (पीटीआई) ने बताया।⏐ सरकार चुप है।", "sentence sentence"),
    "exams-in-a-heading": ("UPSC, SSC: भर्ती के नियम बदले⏐\nनियम कल से लागू होंगे।", "heading sentence"),
    "place-in-a-sentence": ("दिल्ली, मुंबई और चेन्नई में बारिश हुई।⏐ पटना सूखा रहा।", "sentence sentence"),
    "date-in-a-sentence": ("दिल्ली में 13 सितंबर को बारिश हुई।", "sentence"),
    "question-line": ("क्या होगा आगे?⏐\nकोई नहीं जानता।", "sentence sentence"),
    "heading-alone": ("किसानों ने निकाला मार्च", "heading"),
    "unfinished-second": ("बैठक शुरू हुई।⏐ अभी चर्चा", "sentence sentence"),
}


@pytest.mark.parametrize(
    ("marked", "kinds"), [pytest.param(text, kinds, id=name) for name, (text, kinds) in KINDS.items()]
)
def test_hindi_kinds(marked, kinds):
    """Datelines and headings are units of their own, and say what they are."""
    text = marked.replace("⏐", "")
    found = segment(text, "hi")
    assert [part.strip() for part in marked.split("⏐")] == [text[s.start : s.end] for s in found]
    assert [s.kind for s in found] == kinds.split()


WRAPPED = {
    "line-in-a-sentence": "सरकार ने कहा कि वह\nकिसानों से बात करेगी।⏐ बैठक कल है।",
    "line-after-a-sentence": "बैठक कल है।⏐\nकिसान तैयार हैं।",
    "blank-line": "किसान तैयार हैं⏐\n\nबैठक कल होगी।",
    "windows-line": "सरकार ने कहा कि वह\r\nबात करेगी।⏐\r\n\r\nबैठक कल है।",
    "abbreviation-at-the-line-end": "सभा में डॉ.\nराव बोले।⏐ फिर गीत हुआ।",
}


@pytest.mark.parametrize("marked", [pytest.param(text, id=name) for name, text in WRAPPED.items()])
def test_hindi_wrapped(marked):
    """In hard-wrapped text a line break is white space and only a blank line ends a paragraph."""
    text = marked.replace("⏐", "")
    expected = [part.strip() for part in marked.split("⏐")]
    assert expected == [text[s.start : s.end] for s in split(text, "hi", wrapped=True)]
