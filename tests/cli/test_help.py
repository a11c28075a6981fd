"""Every command says what it does and what each of its options means."""

import pkgutil
import re

import pytest
import typer

import annotate
import annotate.cli

CONTRACT = {
    "init",
    "split",
    "prelabel",
    "push",
    "pull",
    "resolve",
    "build",
    "publish",
    "run",
    "demo",
    "validate",
    "status",
}
HELPERS = {"options", "servers", "studio_backend", "talk"}  # modules of the room that are no command of their own


def commands(command=None, path=()):
    """Every command with the words that call it, groups too."""
    command = command or typer.main.get_command(annotate.cli.app)
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*path, name))


ALL = [pytest.param(path, command, id=" ".join(path) or "annotate") for path, command in commands()]


def test_commands_of_the_contract():
    """The commands that the contract names are there."""
    names = {path[0] for path, _ in commands() if path}
    assert names >= CONTRACT | {"studio"}
    assert {path[1] for path, _ in commands() if path[:1] == ("studio",) and path[1:]} >= {"up", "down", "status"}


def test_one_file_for_each_command():
    """A command has a module of its name, and a module of the room is a command or shared by several."""
    # `import` is a word of Python's, so its module has an underscore.
    modules = {module.name.removesuffix("_") for module in pkgutil.iter_modules(annotate.cli.__path__)}
    assert modules - HELPERS == {path[0] for path, _ in commands() if path}


@pytest.mark.parametrize(("path", "command"), ALL)
def test_help(run, path, command):
    """`--help` prints what the command does and exits with 0."""
    ran = run(*path, "--help")
    assert (ran.code, ran.stderr) == (0, "")
    assert re.match(rf"Usage: .*{' '.join(('annotate', *path))} \[", ran.stdout)
    assert command.help.split("\n")[0].rstrip(".").split()[0] in ran.stdout


@pytest.mark.parametrize(("path", "command"), ALL)
def test_everything_is_explained(path, command):
    """A command's help is a sentence, and each option and argument has words of its own."""
    assert command.help
    assert command.help.rstrip().endswith((".", "there."))
    silent = [option.name for option in command.params if option.name != "help" and not getattr(option, "help", None)]
    assert silent == []


@pytest.mark.parametrize(("path", "command"), ALL)
def test_shared_options_read_the_same(path, command):
    """An option of one name means the same in every command, and short names are not used for two things."""
    shared = {
        "as_json": (["--json"], "Print the summary as one JSON object."),
        "out": (["-o", "--out"], None),
        "root": (["--workspace", "-w"], "Folder with annotate.toml; by default the one the command is called in."),
        "url": (["--url"], None),
    }
    for option in command.params:
        if option.name in shared:
            names, words = shared[option.name]
            assert sorted(option.opts) == sorted(names)
            assert words is None or option.help == words


def test_exit_codes_are_told(run):
    """The first help page lists the exit codes of the contract."""
    words = " ".join(run("--help").stdout.split())
    assert (
        "Exit codes: 0 done; 1 the data is invalid; 2 usage; 3 a server or the network failed; "
        "4 stopped part-way, run the same command again to go on."
    ) in words


@pytest.mark.parametrize("args", [[], ["studio"]], ids=["annotate", "studio"])
def test_no_command_shows_the_help(run, args):
    """Without a command the help is shown, and the exit code says that nothing was done."""
    ran = run(*args)
    assert ran.code == 2
    assert "Usage: " in ran.stdout + ran.stderr


def test_version(run, cli):
    """`--version` prints the package's version and nothing else, also as `python -m annotate`."""
    assert tuple(run("--version")) == (0, f"{annotate.__version__}\n", "")
    assert tuple(cli("--version")) == (0, f"{annotate.__version__}\n", "")


@pytest.mark.parametrize(("path", "command"), ALL)
def test_no_option_takes_a_secret(path, command):
    """Everybody on a machine can read command lines, so keys come from the environment alone."""
    words = {word for param in command.params for option in param.opts for word in option.strip("-").split("-")}
    assert not words & {"auth", "credentials", "key", "password", "secret", "token"}
