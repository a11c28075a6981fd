"""The engines `transformers:MODEL`, run with tiny models that the tests make and train."""

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, BertForTokenClassification, PreTrainedTokenizerFast

from annotate.errors import UsageError
from annotate.labels import DEFAULT
from annotate.prelabel import entity_backend, stance_backend
from annotate.records import Entity
from tests.prelabel.marked import sentence

torch.set_num_threads(1)  # the models are so small that threads cost more than they give

NAMES = {"मोदी": "PER", "राहुल": "PER", "दिल्ली": "LOC", "पटना": "LOC"}
WORDS = ("ने", "में", "कहा", "की", "आलोचना", "तारीफ", "।")
VOCABULARY = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS, *(p for name in NAMES for p in (name[:2], "##" + name[2:])))


def tokenizer(folder, longest):
    """A fast word-piece tokenizer that cuts each name in two."""
    pieces = Tokenizer(models.WordPiece({piece: n for n, piece in enumerate(VOCABULARY)}, unk_token="[UNK]"))
    pieces.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split("।", "isolated")]
    )
    pieces.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    fast = PreTrainedTokenizerFast(
        tokenizer_object=pieces, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        model_max_length=longest,
    )  # fmt: skip
    fast.save_pretrained(folder)
    return fast


def config(labels):
    """The smallest BERT."""
    return BertConfig(
        vocab_size=len(VOCABULARY), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, initializer_range=0.3,
        id2label=dict(enumerate(labels)), label2id={label: n for n, label in enumerate(labels)},
    )  # fmt: skip


def trained(network, inputs, wanted, steps):
    """Bring a network to give what is wanted for its inputs."""
    positions = network.bert.embeddings.position_embeddings.weight.requires_grad_(False)
    positions.zero_()  # what is learnt in one place shall hold in all
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(steps):
        optimizer.zero_grad()
        network(**inputs, labels=wanted).loss.backward()
        optimizer.step()
    assert torch.equal(network(**inputs).logits.argmax(-1)[wanted >= 0], wanted[wanted >= 0])
    return network


@pytest.fixture(scope="module")
def entity_model(tmp_path_factory):
    """A token classifier that knows four names, with a window of twelve pieces."""
    folder = tmp_path_factory.mktemp("transformers") / "names"
    torch.manual_seed(0)
    labels = ["O", "B-PERSON", "I-PERSON", "B-LOC", "I-LOC"]
    network = BertForTokenClassification(config(labels))
    pieces = tokenizer(folder, longest=12)
    texts = [f"{a} ने {b} में कहा ।" for a in NAMES for b in NAMES if a != b]
    inputs = pieces(texts, padding=True, return_tensors="pt")
    kinds = {"PER": 1, "LOC": 3}
    wanted = torch.full_like(inputs["input_ids"], -100)
    for row, text in enumerate(texts):
        for column, word in enumerate(inputs.word_ids(row)):
            if word is not None:
                name = NAMES.get(text.split()[word])
                inner = column > 0 and inputs.word_ids(row)[column - 1] == word
                wanted[row, column] = kinds[name] + inner if name else 0
    trained(network, inputs, wanted, 100).save_pretrained(folder)
    return folder


def test_entities(entity_model):
    """Word pieces are put together to our tokens, the danda stuck to a word left outside, scores between 0 and 1."""
    texts = ["मोदी ने पटना में कहा।", "कहा।", "दिल्ली"]
    engine = entity_backend(f"transformers:{entity_model}", DEFAULT)
    found = engine.entities([sentence(text, index=n, start=100 * n) for n, text in enumerate(texts)])
    said = [[(text[e.start : e.end], e.label) for e in one] for text, one in zip(texts, found, strict=True)]
    assert said == [[("मोदी", "PER"), ("पटना", "LOC")], [], [("दिल्ली", "LOC")]]
    assert all(0.5 < e.score <= 1 and e.source == engine.engine.name for one in found for e in one)


def test_a_sentence_longer_than_the_window(entity_model):
    """Names behind the model's window are found as those before it."""
    text = "मोदी ने पटना में कहा । " * 12
    (found,) = entity_backend(f"transformers:{entity_model}", DEFAULT).entities([sentence(text.strip())])
    assert [text[e.start : e.end] for e in found] == ["मोदी", "पटना"] * 12


@pytest.fixture(scope="module")
def stance_model(tmp_path_factory):
    """A pair classifier: आलोचना is against its target, तारीफ for it."""
    folder = tmp_path_factory.mktemp("transformers") / "stances"
    torch.manual_seed(0)
    network = BertForSequenceClassification(config(["NEUTRAL", "PRO", "CON"]))
    pieces = tokenizer(folder, longest=32)
    cues = {"": 0, "की तारीफ": 1, "की आलोचना": 2}
    rows = [(f"{a} ने {b} {cue} कहा ।", b, label) for a in NAMES for b in NAMES for cue, label in cues.items()]
    inputs = pieces([r[0] for r in rows], [r[1] for r in rows], padding=True, return_tensors="pt")
    trained(network, inputs, torch.tensor([r[2] for r in rows]), 200).save_pretrained(folder)
    return folder


def test_stances(stance_model):
    """PRO and CON come out as FAVOR and AGAINST toward the entity that was asked about; NEUTRAL is not said."""
    texts = ["मोदी ने पटना की आलोचना कहा ।", "मोदी ने पटना कहा ।", "मोदी ने पटना की तारीफ कहा ।"]
    article = [sentence(text, index=n, start=100 * n) for n, text in enumerate(texts)]
    target = Entity.at(8, 12, "LOC")
    engine = stance_backend(f"transformers:{stance_model}", DEFAULT)
    found = engine.stances(article, [(target,)] * 3)
    assert [[(s.target, s.label, s.holder) for s in one] for one in found] == [
        [("e8-12-LOC", "AGAINST", None)],
        [],
        [("e8-12-LOC", "FAVOR", None)],
    ]


def test_a_model_without_stances(entity_model, stance_model, tmp_path):
    """Labels that are no stance are refused, and so is a folder without a model."""
    with pytest.raises(UsageError, match="transformers:"):
        entity_backend(f"transformers:{tmp_path}", DEFAULT)
    network = BertForSequenceClassification(config(["x", "y"]))
    network.save_pretrained(tmp_path)
    tokenizer(tmp_path, longest=32)
    with pytest.raises(UsageError, match="none of its labels is a stance"):
        stance_backend(f"transformers:{tmp_path}", DEFAULT)
