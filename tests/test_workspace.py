"""A workspace is found from any folder inside it, and a setting that is not understood is refused by name."""

import tomllib

import pytest

from annotate.errors import UsageError
from annotate.labels import DEFAULT, EntityLabel, StanceLabel, Topic
from annotate.workspace import CONFIG, Release, Studio, Workspace


def load(tmp_path, config):
    """The workspace of this configuration."""
    (tmp_path / CONFIG).write_text(config, "utf-8")
    return Workspace.load(tmp_path)


def test_an_empty_configuration_is_the_defaults(tmp_path):
    """Everything that is left out keeps its default."""
    assert load(tmp_path, "") == Workspace(root=tmp_path)
    here = Workspace(root=tmp_path)
    assert (here.lang, here.labels, here.studio, here.release) == ("hi", DEFAULT, Studio(), Release())


def test_every_setting(tmp_path):
    """Each setting is taken as it stands."""
    here = load(
        tmp_path,
        """
        lang = "mr"
        backend = "rules"
        stance = "rules"
        [studio]
        project = "चुनाव 2026"
        url = "https://studio.example.org"
        overlap = 3
        context = 0
        [release]
        name = "election-news"
        license = "cc0-1.0"
        seed = "7"
        fractions = [0.5, 0.25, 0.25]
        [labels]
        version = "2"
        [[labels.entities]]
        name = "PARTY"
        title = "दल"
        color = "#112233"
        hotkey = "p"
        help = "राजनीतिक दल"
        [[labels.entities]]
        name = "EVENT"
        stance = false
        [[labels.stances]]
        name = "NEUTRAL"
        [[labels.stances]]
        name = "PRO"
        title = "पक्ष"
        hotkey = "y"
        """,
    )
    assert here.lang == "mr"
    assert here.studio == Studio("चुनाव 2026", "https://studio.example.org", 3, 0)
    assert here.release == Release("election-news", "cc0-1.0", "7", (0.5, 0.25, 0.25))
    assert here.labels.version == "2"
    assert here.labels.entities == (
        EntityLabel("PARTY", "दल", "#112233", "p", "राजनीतिक दल"),
        EntityLabel("EVENT", stance=False),
    )
    assert here.labels.stances == (StanceLabel("NEUTRAL"), StanceLabel("PRO", "पक्ष", "y"))


def test_labels_may_be_given_in_part(tmp_path):
    """Entities of one's own leave the default stances, and the other way round."""
    here = load(tmp_path, '[[labels.entities]]\nname = "PARTY"')
    assert (here.labels.entity_names, here.labels.stances) == (["PARTY"], DEFAULT.stances)
    assert here.labels.topic is None


def test_labels_in_hindi(tmp_path):
    """Labels may be called by Hindi words, matras and all."""
    here = load(
        tmp_path, '[threshold]\n"व्यक्ति" = 0.5\n[[labels.entities]]\nname = "व्यक्ति"\n[[labels.entities]]\nname = "संगठन"'
    )
    assert here.labels.bio_names == ["O", "B-व्यक्ति", "I-व्यक्ति", "B-संगठन", "I-संगठन"]
    assert here.thresholds == {"व्यक्ति": 0.5}


def test_a_topic(tmp_path):
    """What is asked about whole sentences stands in a table of its own."""
    here = load(tmp_path, '[labels.topic]\ntext = "नागरिकता कानून"\nhelp = "2019 का"')
    assert here.labels.topic == Topic("नागरिकता कानून", "2019 का")
    assert here.labels.entities == DEFAULT.entities


@pytest.mark.parametrize(
    ("config", "words"),
    [
        pytest.param("lang = ", "annotate.toml", id="no-toml"),
        pytest.param('colour = "red"', "top level: unknown key 'colour' (known: backend, labels", id="unknown-key"),
        pytest.param("[studio]\nprojekt = 1", "studio: unknown key 'projekt'", id="unknown-key-in-a-table"),
        pytest.param("lang = 3", "lang: must be str, not 3", id="wrong-type"),
        pytest.param("studio = 3", "studio: must be dict, not 3", id="no-table"),
        pytest.param("labels = []", "labels: must be dict", id="labels-no-table"),
        pytest.param("[studio]\noverlap = true", "studio.overlap: must be int, not True", id="bool-for-int"),
        pytest.param("[studio]\noverlap = 0", "overlap must be 1 or more", id="overlap"),
        pytest.param("[studio]\ncontext = -1", "context 0 or more", id="context"),
        pytest.param("[release]\nfractions = [1.0]", "release.fractions: three numbers", id="one-fraction"),
        pytest.param("[release]\nfractions = [0.8, 0.1, 0.2]", "add up to 1", id="fractions-too-large"),
        pytest.param("[release]\nfractions = [1.2, -0.1, -0.1]", "release.fractions", id="negative-fraction"),
        pytest.param("[release]\nfractions = [nan, 0.5, 0.5]", "release.fractions", id="nan-fraction"),
        pytest.param('[release]\nfractions = ["a", "b", "c"]', "release.fractions", id="words-for-fractions"),
        pytest.param("[labels]\nentities = 3", "labels.entities: must be an array of tables", id="entities-no-array"),
        pytest.param("[labels]\nentities = []", "labels.entities: needs at least one", id="no-entities"),
        pytest.param('[[labels.entities]]\ntitle = "x"', "name must be letters", id="label-without-name"),
        pytest.param('[[labels.entities]]\nname = "A B"', "not 'A B'", id="label-with-space"),
        pytest.param('[[labels.entities]]\nname = "A"\n[[labels.entities]]\nname = "A"', "no name twice", id="twice"),
        pytest.param('[[labels.entities]]\nname = "A"\ncolor = 3', "labels.entities.color: cannot be 3", id="color"),
        pytest.param('[[labels.entities]]\nname = "A"\nstance = "no"', "labels.entities.stance", id="stance-no-bool"),
        pytest.param("[labels]\ntopic = 3", "labels.topic: must be dict", id="topic-no-table"),
        pytest.param("[labels.topic]", "labels.topic.text: ''", id="topic-without-text"),
        pytest.param('[labels.topic]\ntext = "$text"', "'$text' (1 to 200", id="topic-names-a-field"),
        pytest.param('[labels.topic]\ntext = " क "', "' क ' (1 to 200", id="topic-with-space"),
        pytest.param('[labels.topic]\ntext = "क\\nख"', "on one line", id="topic-on-two-lines"),
        pytest.param('[labels.topic]\nname = "क"', "unknown key 'name'", id="topic-name"),
        pytest.param('[[labels.stances]]\nname = "PRO"', "NEUTRAL must be among them", id="no-neutral"),
        pytest.param('[[labels.entities]]\nname = "A"\nhotkey = "f"', "two labels share a hotkey", id="hotkeys"),
        pytest.param('lang = "xx"', "lang: 'xx' is no language there are rules for (known: as, bho", id="language"),
        pytest.param("[release]\nfractions = [true, 0, 0]", "release.fractions: three numbers", id="bool-fraction"),
        pytest.param('[release]\nlicense = ""', "release.license: '' (letters, digits and . + _ -", id="no-license"),
        pytest.param(
            '[release]\nname = "a b/c"', "release.name: 'a b/c' (letters, digits and . _ -", id="release-name"
        ),
        pytest.param("[release]\nauthors = 'A'", "release.authors: must be list", id="one-author"),
        pytest.param("[release]\nauthors = ['A {B}']", "names, as texts on one line", id="author-with-braces"),
        pytest.param("[release]\nauthors = ['']", "names, as texts on one line", id="author-without-name"),
        pytest.param("[release]\nauthors = [1]", "names, as texts on one line", id="author-by-number"),
        pytest.param("[release]\ncitation = '```'", "release.citation", id="citation-that-ends-its-fence"),
        pytest.param("[release]\nannotations_creators = ['people']", "expert-generated", id="unknown-creators"),
        pytest.param('[release]\nname = "a--b"', "release.name: 'a--b'", id="release-name-dashes"),
        pytest.param('[[labels.entities]]\nname = "O"', "labels.entities: name cannot be 'O'", id="label-o"),
        pytest.param(
            '[[labels.entities]]\nname = "A"\ncolor = "red"', "labels.entities.color: 'red' (#rrggbb", id="color-word"
        ),
        pytest.param(
            '[[labels.entities]]\nname = "A"\nhotkey = "ab"',
            "labels.entities.hotkey: 'ab' (one character",
            id="long-hotkey",
        ),
        pytest.param(
            '[[labels.stances]]\nname = "NEUTRAL"\nhotkey = "ab"',
            "labels.stances.hotkey: 'ab' (one character",
            id="long-stance-hotkey",
        ),
        pytest.param(
            '[studio]\nurl = "studio.example.org"',
            "studio.url: 'studio.example.org' (an address that begins with http",
            id="url-without-scheme",
        ),
        pytest.param('[studio]\nurl = "http://[x"', "studio.url: 'http://[x'", id="url-broken"),
        pytest.param(
            '[studio]\nproject = "ab"', "studio.project: 'ab' (a title of 3 to 50 characters, or", id="short-title"
        ),
        pytest.param(f'[studio]\nproject = "{"x" * 51}"', "studio.project: 'xxx", id="long-title"),
    ],
)
def test_what_is_not_understood(tmp_path, config, words):
    """A wrong configuration is refused in one line that names the file and the place."""
    with pytest.raises(UsageError) as caught:
        load(tmp_path, config)
    message = str(caught.value)
    assert message.startswith(str(tmp_path / CONFIG))
    assert words in message
    assert "\n" not in message


def test_a_project_may_be_named_by_its_id(tmp_path):
    """A number is the id of a project, however short."""
    assert load(tmp_path, '[studio]\nproject = "7"').studio.project == "7"


def test_wrong_encoding(tmp_path):
    """A configuration that is not UTF-8 is refused; a byte order mark is no matter."""
    (tmp_path / CONFIG).write_bytes('lang = "mr" # दल'.encode("utf-16"))
    with pytest.raises(UsageError, match=CONFIG):
        Workspace.load(tmp_path)
    (tmp_path / CONFIG).write_bytes(b'\xef\xbb\xbflang = "mr"')
    assert Workspace.load(tmp_path).lang == "mr"


def test_no_workspace(tmp_path):
    """A folder without annotate.toml is no workspace, and the message says how to make one."""
    with pytest.raises(UsageError, match="annotate init"):
        Workspace.load(tmp_path)


def test_found_from_below(tmp_path):
    """A workspace is found from any folder in it, the nearest one first; outside there is none."""
    inner = tmp_path / "outer" / "inner"
    below = inner / "articles" / "2026"
    below.mkdir(parents=True)
    assert Workspace.find(below) is None
    (tmp_path / "outer" / CONFIG).write_text('lang = "mr"')
    found = Workspace.find(below)
    assert found is not None
    assert (found.root, found.lang) == (tmp_path / "outer", "mr")
    (inner / CONFIG).touch()
    found = Workspace.find(below)
    assert found is not None
    assert found.root == inner


def test_found_from_the_current_folder(tmp_path, monkeypatch):
    """Without a folder to start from the current one is it."""
    (tmp_path / CONFIG).touch()
    monkeypatch.chdir(tmp_path)
    assert Workspace.find() == Workspace(root=tmp_path)


def test_paths_are_those_of_the_contract(tmp_path):
    """Every step has its place below the workspace's folder."""
    here = Workspace(root=tmp_path)
    places = {
        "articles": here.articles,
        "work/articles.jsonl": here.read_articles,
        "work/sentences.jsonl": here.sentences,
        "work/prelabeled.jsonl": here.prelabeled,
        "work/annotations.jsonl": here.annotations,
        "work/gold.jsonl": here.gold,
        "work/ledger.sqlite3": here.ledger,
        "work/quarantine.jsonl": here.quarantine,
        "releases": here.releases,
        "studio": here.studio_folder,
    }
    assert {name: path.relative_to(tmp_path).as_posix() for name, path in places.items()} == {n: n for n in places}


def test_guideline(tmp_path):
    """The guideline is the text of guideline.md, or nothing."""
    here = Workspace(root=tmp_path)
    assert here.guideline == ""
    (tmp_path / "guideline.md").write_text("# निर्देश", "utf-8")
    assert here.guideline == "# निर्देश"


def test_no_secret_is_read_from_the_workspace(tmp_path):
    """A key in annotate.toml is refused, so that it is not left there by mistake."""
    with pytest.raises(UsageError, match="unknown key 'api_key'"):
        load(tmp_path, '[studio]\napi_key = "x"')
    assert tomllib.loads((tmp_path / CONFIG).read_text())
