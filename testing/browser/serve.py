"""The workbench in a real browser: every page in light, dark and narrow, and what people do there.

Leaves a contact sheet at target/browser/serve.html. axe-core and TypeScript come from npm and stay
under target/.
"""
# requires: playwright==1.55.0

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

from playwright.sync_api import expect, sync_playwright

WINSET = os.environ["WINSET_BIN"]
OUT = pathlib.Path("target/browser")
NPM = pathlib.Path("target/npm")
SCRIPT = pathlib.Path("crates/serve/src/assets/workbench.js").resolve()
PAGES = ["overview", "deals", "blockers", "when", "stability", "record", "beliefs", "moved", "history",
         "drivers", "flip", "what-if", "scenarios", "compare", "log", "classes", "method"]
# A package of the map, put to the draws.
TESTED = "deals?at=50,25,25,25,75"
ARTICLE = ('President Donald Trump said on Monday that Iran "cannot have a nuclear weapon". '
           "Iranian Foreign Minister Abbas Araghchi said that enrichment is not negotiable.")
VIEWS = {"light": ("light", 1280, 900), "dark": ("dark", 1280, 900), "narrow": ("light", 360, 740), "wide": ("light", 1920, 1080)}
INPUT = "sides.us.discount"
FIELD = "#f-sides-us-discount"


def npm():
    """Fetches the two test dependencies; None where there is no npm."""
    if shutil.which("npm") is None:
        return None
    NPM.mkdir(parents=True, exist_ok=True)
    wanted = ["axe-core@4.10.3", "typescript@5.9.3"]
    if not (NPM / "node_modules/axe-core").is_dir() or not (NPM / "node_modules/typescript").is_dir():
        command = ["npm", "install", "--no-audit", "--no-fund", "--silent", *wanted]
        subprocess.run(command, cwd=NPM, check=True)
    return NPM / "node_modules"


class Bench:
    """A workbench on a fresh copy of the finished case."""

    def __init__(self, folder):
        self.case = folder / "case"
        if not self.case.exists():
            subprocess.run([WINSET, "new", self.case, "--from", "us-iran-2025"], check=True,
                           stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen([WINSET, "serve", "--no-open", self.case], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.link = self.process.stdout.readline().strip()
        self.url, self.token = self.link.split("/?token=")

    def page(self, browser, **options):
        """A page in a browser of its own that was let in."""
        context = browser.new_context(**options)
        self.let_in(context)
        return context.new_page()

    def let_in(self, context):
        name = "winset-" + self.url.rsplit(":", 1)[1]
        context.add_cookies([{"name": name, "value": self.token, "url": self.url,
                              "httpOnly": True, "sameSite": "Strict"}])

    def text(self, name):
        return (self.case / name).read_text(encoding="utf-8")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def get(self, place):
        headers = {"Authorization": f"Bearer {self.token}"}
        with urllib.request.urlopen(urllib.request.Request(self.url + place, None, headers)) as reply:
            return reply.read().decode()

    def post(self, place, fields):
        data = urllib.parse.urlencode(fields).encode()
        headers = {"Origin": self.url, "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(self.url + place, data, headers)
        with urllib.request.urlopen(request) as reply:
            return reply.read().decode()


@contextlib.contextmanager
def bench():
    with tempfile.TemporaryDirectory() as folder:
        made = Bench(pathlib.Path(folder))
        try:
            yield made
        finally:
            made.kill()


def settled(page):
    """Waits until nothing is refined any more."""
    expect(page.locator("#outputs")).to_have_attribute("aria-busy", "false", timeout=90_000)
    expect(page.locator(".refining")).to_have_count(0, timeout=90_000)


def computed(page):
    """Waits until a question that takes longer is answered."""
    expect(page.locator("#asked")).not_to_have_attribute("aria-busy", "true", timeout=90_000)


def look(browser, axe):
    """Every page, light, dark and narrow: nothing overflows, nothing is inaccessible."""
    shots, faults = [], []
    with bench() as made:
        for name, (scheme, width, height) in VIEWS.items():
            context = browser.new_context(color_scheme=scheme, reduced_motion="reduce",
                                          viewport={"width": width, "height": height})
            made.let_in(context)
            page = context.new_page()
            said = []
            page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda e: said.append(str(e)))
            for place in [*PAGES, TESTED]:
                query = urllib.parse.urlencode({"set": f"{INPUT}=25"})
                page.goto(f"{made.url}/{place}{'&' if '?' in place else '?'}{query}")
                if page.locator("#outputs").count():
                    settled(page)
                if page.locator("#asked").count():
                    computed(page)
                if page.locator("#before").count():
                    expect(page.locator("#before.there svg:visible")).to_have_count(1, timeout=90_000)
                if place == "overview" and name == "light":
                    # One screen of 800 px, with the 72 px of the head and without the bar of changes.
                    low = page.evaluate("Math.max(...[...document.querySelectorAll('.tile')].map("
                                        "t => t.getBoundingClientRect().bottom))"
                                        " - document.querySelector('main').getBoundingClientRect().top")
                    assert low <= 800 - 72, f"the overview is {low:.0f} px high"
                if name == "light" and place in ("deals", "blockers", "when"):
                    # The numbers of a chart stand beside it, not under it with half of the window empty.
                    apart = page.evaluate("document.querySelector('.twin > .beside').getBoundingClientRect().left"
                                          " - document.querySelector('.twin figure').getBoundingClientRect().right")
                    assert apart > 0, f"{place}: the table is not beside its chart"
                if name == "narrow" and place == "record":
                    seen = page.evaluate("document.querySelector('#table td.long').getBoundingClientRect().right"
                                         " <= innerWidth")
                    assert seen, "what was said is off the screen"
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert wide <= 0, f"{place} {name} is {wide} px too wide"
                if axe:
                    page.evaluate(axe)
                    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', "
                                          "'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})")
                    wrong = [(v["id"], v["nodes"][0]["html"][:200]) for v in found["violations"]]
                    faults += [f"{place} {name}: {w}" for w in wrong]
                shot = OUT / f"serve-{place.split('=')[0].replace('?', '-')}-{name}.png"
                page.screenshot(path=shot, full_page=False)
                shots.append((place, name, shot.name))
            assert not said, said
            context.close()
    assert not faults, "\n".join(faults)
    figures = "".join(f'<figure><img src="{s}" width="380" alt=""><figcaption>{p}, {n}</figcaption>'
                      "</figure>" for p, n, s in shots)
    (OUT / "serve.html").write_text(
        f'<!doctype html><meta charset="utf-8"><title>The workbench</title><style>body{{display:flex;'
        f"flex-wrap:wrap;gap:1em}}figure{{margin:0}}</style>{figures}", encoding="utf-8")


def slide(browser):
    """Slide, undo, redo, reset, save, compare; the control in hand stays."""
    with bench() as made:
        page = made.page(browser)
        page.goto(f"{made.url}/what-if")
        settled(page)
        before = page.locator(".big").inner_text()
        expect(page.locator(".since")).to_have_text("the case as it stands")
        page.locator("#search").fill("us discount")
        slider = page.locator(f"{FIELD} input[type=range]")
        slider.focus()
        # Nothing moves while a slider is in hand, whatever the answer does: every shift is counted, those
        # after a key as well.
        page.evaluate("""new PerformanceObserver((list) => {
            for (const e of list.getEntries()) window.shifted = (window.shifted ?? 0) + e.value;
        }).observe({ type: "layout-shift", buffered: false })""")
        slider.press("ArrowRight")
        value = slider.input_value()
        assert f"set={INPUT}%3D{value}" in page.url, page.url
        expect(page.locator("#changes")).to_be_visible(timeout=30_000)
        expect(page.locator(".since")).to_contain_text("against the case", timeout=30_000)
        settled(page)
        assert (page.evaluate("window.shifted ?? 0")) == 0, "the page jumps under a slider"
        # Another step back after a second; the steps within one are one.
        page.wait_for_timeout(1_200)
        slider.press("Shift+ArrowRight")
        slider.press("ArrowRight")
        slider.press("ArrowLeft")
        assert float(slider.input_value()) > float(value) + 1, "Shift moves by ten steps"
        expect(page.locator(FIELD)).to_have_class("field changed")
        assert page.evaluate("document.activeElement.type") == "range", "the control in hand stays"
        page.locator("summary", has_text="Copy as a command").click()
        expect(page.locator("#changes pre")).to_contain_text(f"--set {INPUT}={slider.input_value()}")
        far = slider.input_value()
        page.go_back()
        expect(slider).to_have_value(value)
        page.go_back()
        expect(page.locator("#changes")).to_be_hidden()
        page.go_forward()
        page.go_forward()
        expect(slider).to_have_value(far)
        settled(page)
        # A text that is no range stands beside its field, and the answer before it stays.
        text = page.locator(f"{FIELD} input[type=text]")
        text.fill("50..3")
        text.press("Enter")
        expect(page.locator(f"{FIELD} .problem")).to_contain_text("upside down")
        # The answer that stays is marked as that of before.
        expect(page.locator("#old")).to_be_visible()
        expect(page.locator("#outputs")).to_have_class("stale")
        where = slider.input_value()
        text.fill("abc..")
        text.press("Enter")
        expect(page.locator(f"{FIELD} .problem")).to_have_count(1)
        assert slider.input_value() == where, "what is no number moves no slider"
        text.fill("60..80..95")
        text.press("Enter")
        expect(page.locator(f"{FIELD} .problem")).to_have_count(0, timeout=30_000)
        expect(page.locator("#old")).to_be_hidden()
        settled(page)
        after = page.locator(".big").inner_text()
        assert after != before, (before, after)
        page.locator("summary", has_text="Keep them").click()
        page.locator("#scenario").fill("Impatient!")
        page.get_by_role("button", name="Save the scenario").click()
        expect(page).to_have_url(f"{made.url}/what-if?set={INPUT}%3D60..80..95&saved=impatient")
        assert "60..80..95" in made.text("scenarios/impatient.toml")
        expect(page.locator(".done")).to_contain_text("impatient")
        page.get_by_role("link", name="All scenarios side by side").click()
        rows = page.locator("main tbody tr")
        expect(rows).to_have_count(2)
        page.go_back()
        # The palette knows an input by whose it is, and one key closes it.
        page.keyboard.press("Control+k")
        page.locator("#go").fill("khamenei accepts at least")
        expect(page.locator("#goals li")).not_to_have_count(0)
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
        page.get_by_role("link", name="Compare with the case").click()
        expect(page.locator(".bottom")).to_contain_text("From A to B")
        expect(page.locator("#overlay svg:visible")).to_have_count(1)
        expect(page.get_by_role("table", name="What A and B say otherwise")).to_contain_text(
            "60..80..95")
        page.go_back()
        page.locator(f"{FIELD} .reset").click()
        expect(page.locator("#changes")).to_be_hidden()
        page.close()


def enter(browser):
    """An entry is previewed and saved; another hand on the file is a conflict that loses nothing."""
    with bench() as made:
        page = made.page(browser)
        page.goto(f"{made.url}/record")
        page.locator("summary", has_text="Add an entry").click()
        fields = {"id": "r90", "said": "2025-04-20", "entered": "2025-04-21", "value": "50..60..70",
                  "grade": "A1", "source": "Test", "text": "More than was said before"}
        for name, value in fields.items():
            page.locator(f"#n-{name}").fill(value)
        for name, value in {"speaker": "witkoff", "issue": "enrichment", "kind": "ideal"}.items():
            page.locator(f"#n-{name}").select_option(value)
        expect(page.locator(".drafted")).to_have_text("Draft kept")
        page.get_by_role("button", name="Preview").click()
        expect(page.locator("#preview")).to_contain_text("Steve Witkoff: wants on Enrichment",
                                                         timeout=60_000)
        # Not only what moves, but through which input and by how much.
        expect(page.locator("#preview")).to_contain_text("comes through")
        expect(page.locator("#why svg:visible")).to_have_count(1)
        before = made.text("record.csv")
        theirs = before + "r80,2025-04-19,2025-04-19,,,event,,,,,,,,,Theirs,,\n"
        (made.case / "record.csv").write_text(theirs, encoding="utf-8")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#theirs")).to_contain_text("Theirs")
        expect(page.locator("#mine")).to_contain_text("More than was said before")
        assert made.text("record.csv") == theirs
        page.get_by_role("button", name="Add mine to theirs").click()
        expect(page.locator(".done")).to_contain_text("saved")
        text = made.text("record.csv")
        assert text.startswith(theirs) and text.count("\n") == theirs.count("\n") + 1, text
        expect(page.locator("#e-r90")).to_be_visible()
        page.close()


def ask(browser):
    """What moved it since a day, what flips it, what drives it: from the pages where one would look,
    with progress; the record can be narrowed; the brief is taken away."""
    with bench() as made:
        page = made.page(browser)
        page.goto(f"{made.url}/overview?set={INPUT}%3D25")
        settled(page)
        page.get_by_role("link", name=re.compile("What moved it since")).click()
        page.locator("#since").fill("2025-04-18")
        page.get_by_role("button", name="What moved it").click()
        expect(page.locator("#asked")).to_have_attribute("aria-busy", "true")
        computed(page)
        expect(page.locator(".bottom")).to_contain_text("Between 18 April 2025 and 22 April 2025")
        expect(page.locator("#moved svg:visible")).to_have_count(1)
        assert f"set={INPUT}%3D25" in page.url and "from=2025-04-18" in page.url, page.url
        # Known now: it stands at once.
        page.reload()
        expect(page.locator("#asked")).not_to_have_attribute("aria-busy", "true", timeout=1_000)
        page.get_by_role("link", name="Blockers", exact=True).click()
        page.locator("#across").fill("0.35")
        page.get_by_role("button", name="Find it").click()
        computed(page)
        expect(page.locator("#asked")).to_contain_text("P reaches 35 %")
        with page.expect_download(timeout=90_000) as taken:
            page.get_by_role("link", name="Brief").click()
        html = pathlib.Path(taken.value.path()).read_text(encoding="utf-8")
        assert html.lower().startswith("<!doctype html>") and f"--set {INPUT}=25" in html
        page.goto(f"{made.url}/record")
        rows = page.locator("#table tbody tr")
        all_rows = rows.count()
        page.locator("#table select[name=speaker]").select_option("witkoff")
        page.get_by_role("button", name="Filter").click()
        expect(page).to_have_url(re.compile("speaker=witkoff"))
        assert 0 < rows.count() < all_rows, (rows.count(), all_rows)
        page.close()


def outside(browser):
    """A file that is edited elsewhere shows without a hand; a broken one shows its line."""
    with bench() as made:
        page = made.page(browser)
        page.goto(f"{made.url}/overview")
        settled(page)
        before = page.locator(".big").inner_text()
        case = made.text("case.toml")
        changed = case.replace('red_max.enrichment  = "0..35..60', 'red_max.enrichment  = "80..90..100')
        assert changed != case
        (made.case / "case.toml").write_text(changed, encoding="utf-8")
        expect(page.locator(".big")).not_to_have_text(before, timeout=30_000)
        (made.case / "case.toml").write_text(case.replace("winset = 1", "winset = 9"),
                                             encoding="utf-8")
        # The page loads itself again: a navigation of ours would race with its own.
        expect(page.locator(".problem").first).to_contain_text("case.toml, line 1", timeout=30_000)
        (made.case / "case.toml").write_text(case, encoding="utf-8")
        expect(page.locator(".big")).to_have_text(before, timeout=30_000)
        page.close()


def kill(browser):
    """kill -9 while entries are saved: each that was acknowledged is there, the file is whole."""
    with tempfile.TemporaryDirectory() as folder:
        made = Bench(pathlib.Path(folder))
        before = made.text("record.csv")
        saved = []
        for round_ in range(3):
            number = 0
            end = time.monotonic() + 0.4 + 0.13 * round_
            killer = subprocess.Popen([sys.executable, "-c", "import os,sys,time;time.sleep(float("
                                       "sys.argv[2]));os.kill(int(sys.argv[1]),9)",
                                       str(made.process.pid), str(0.4 + 0.13 * round_)])
            while time.monotonic() < end + 2:
                name = f"k{round_}-{number}"
                number += 1
                try:
                    page = made.get("/record")
                    revision = page.split('name="revision" value="')[1].split('"')[0]
                    made.post("/record", {"id": name, "said": "2025-04-20", "kind": "event",
                                          "entered": "2025-04-20", "text": "x", "do": "save",
                                          "revision": revision})
                    saved.append(name)
                except (urllib.error.URLError, ConnectionError, OSError, IndexError):
                    break
            killer.wait()
            made.process.wait()
            text = made.text("record.csv")
            assert text.startswith(before) and text.endswith("\n"), text[-200:]
            for name in saved:
                assert f"\n{name}," in text, f"{name} was acknowledged and is lost"
            for line in text[len(before):].splitlines():
                assert line.startswith("k") and line.count(",") == 16, line
            made = Bench(pathlib.Path(folder))
        assert saved, "no entry came through before the kill"
        # A draft, too, is there again.
        page = made.page(browser)
        page.goto(f"{made.url}/record")
        page.locator("summary", has_text="Add an entry").click()
        page.locator("#n-text").fill("Half a sentence")
        expect(page.locator(".drafted")).to_have_text("Draft kept")
        page.close()
        made.kill()
        made = Bench(pathlib.Path(folder))
        page = made.page(browser)
        page.goto(f"{made.url}/record")
        expect(page.locator("#n-text")).to_have_value("Half a sentence")
        page.close()
        made.kill()


def keys(browser):
    """With the keyboard alone: skip link, palette, sheet, explanation, back where one was."""
    with bench() as made:
        page = made.page(browser)
        page.goto(f"{made.url}/overview")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()
        page.keyboard.press("?")
        expect(page.locator("dialog.keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
        page.keyboard.press("Control+k")
        page.keyboard.type("what-if")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{made.url}/what-if")
        # The address changes before the page that answers to keys is there.
        page.wait_for_load_state()
        page.keyboard.press("Control+k")
        page.keyboard.type("iran discount")
        page.keyboard.press("Enter")
        expect(page.locator("#r-sides-iran-discount")).to_be_focused()
        page.keyboard.press("ArrowRight")
        expect(page.locator("#changes")).to_contain_text("1 change")
        settled(page)
        number = page.locator(".big a.n").first
        number.focus()
        page.keyboard.press("Enter")
        expect(page.locator("dialog.what")).to_contain_text("Stone 1961")
        page.keyboard.press("Escape")
        assert number.evaluate("a => a === document.activeElement"), "the focus returns"
        page.close()


def again(page):
    """Tells a page that it is known what has leverage, as if it had only now become known."""
    page.evaluate("""() => {
        Object.assign(document.getElementById("inputs").dataset, { levers: "false", was: "" });
        new BroadcastChannel("winset-news").postMessage(["levers", ""]);
    }""")
    expect(page.locator("#inputs[data-was]")).to_have_count(0, timeout=30_000)


def order(browser):
    """The inputs are put in order once it is known what has leverage; what a person did to them stays."""
    with bench() as made:
        page = made.page(browser)
        page.goto(f"{made.url}/what-if")
        expect(page.locator("#inputs")).to_have_attribute("data-levers", "true", timeout=90_000)
        settled(page)
        page.locator("#search").fill("us discount")
        text = page.locator(f"{FIELD} input[type=text]")
        text.fill("7..9")
        page.locator("h1").click()
        again(page)
        expect(page.locator("#search")).to_have_value("us discount")
        expect(text).to_have_value("7..9")
        expect(text).to_be_visible()
        assert page.locator(".field:visible").count() < 5, "what is sought stays sought"
        # The groups that were opened and closed by hand, too.
        page.locator("#search").fill("")
        group = page.locator("#inputs details.group").last
        open_before = group.evaluate("g => { g.open = !g.open; return g.open; }")
        page.locator("h1").click()
        again(page)
        assert group.evaluate("g => g.open") == open_before
        page.close()


def plainly(browser):
    """Without script everything still works by forms and links."""
    with bench() as made:
        page = made.page(browser, java_script_enabled=False)
        page.goto(f"{made.url}/what-if")
        page.locator("summary", has_text="United States").first.evaluate("d => d.parentNode.open = true")
        page.locator(f"{FIELD} input[type=text]").fill("30")
        page.locator(f"{FIELD} button").click()
        assert f"set={INPUT}%3D30" in page.url, page.url
        page.locator(f"{FIELD} .reset").click()
        assert "set=" not in page.url, page.url
        page.goto(f"{made.url}/overview?wait=1")
        page.locator(".big a.n").first.click()
        expect(page.locator("#explained")).to_contain_text("Stone 1961")
        page.goto(f"{made.url}/moved")
        page.get_by_role("link", name="Compute it").click(timeout=60_000)
        expect(page.locator(".bottom")).to_contain_text("Between 21 April 2025 and 22 April 2025")
        page.close()


def tabs(browser):
    """The printed link lets a browser in, and twelve tabs of it all load and hear of a change."""
    with bench() as made:
        context = browser.new_context()
        first = context.new_page()
        assert first.goto(f"{made.url}/overview").status == 401
        first.goto(made.link)
        expect(first).to_have_url(f"{made.url}/overview")
        for place in ["record", "overview"]:
            pages = [context.new_page() for _ in range(12)]
            for k, page in enumerate(pages):
                began = time.monotonic()
                page.goto(f"{made.url}/{place}", timeout=20_000)
                expect(page.locator("h1")).to_be_visible(timeout=20_000)
                print(f"{place}: tab {k + 1} after {time.monotonic() - began:.1f} s", flush=True)
            if place == "record":
                (made.case / "record.csv").write_text(
                    made.text("record.csv") + "r80,2025-04-19,2025-04-19,,,event,,,,,,,,,All of us,,\n",
                    encoding="utf-8")
                for page in pages:
                    expect(page.locator("#table")).to_contain_text("All of us", timeout=30_000)
                # Whoever tells the others leaves: another tab does.
                pages[0].close()
                first.close()
                (made.case / "record.csv").write_text(
                    made.text("record.csv") + "r81,2025-04-20,2025-04-20,,,event,,,,,,,,,Still here,,\n",
                    encoding="utf-8")
                for page in pages[1:]:
                    expect(page.locator("#table")).to_contain_text("Still here", timeout=30_000)
            else:
                for page in pages:
                    settled(page)
            for page in pages[1:]:
                page.close()
        context.close()


def share(browser):
    """A dot of the map is reached by the keyboard and opens its package; a chart becomes a card."""
    with bench() as made:
        page = made.page(browser)
        page.goto(f"{made.url}/deals?draws=100")
        # The sliders are there at once, the packages once they are judged.
        expect(page.locator(".packet input[type=number]").first).to_be_visible()
        computed(page)
        dots = page.locator(".steer svg.wide a")
        assert page.locator(".steer svg.wide a[tabindex='0']").count() == 1 < dots.count()
        dots.first.focus()
        was = page.evaluate("document.activeElement.getAttribute('href')")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowRight")
        now = page.evaluate("document.activeElement.getAttribute('href')")
        assert now != was and "at=" in now, (was, now)
        page.keyboard.press("Enter")
        expect(page.locator("#gates")).to_be_visible(timeout=90_000)
        at = urllib.parse.unquote(page.url.split("at=")[1].split("#")[0]).split(",")
        held = page.locator(".packet input[type=number]").evaluate_all("all => all.map(i => i.value)")
        assert [float(x) for x in held] == [float(x) for x in at], (held, at)
        with page.expect_download() as download:
            page.locator("#gates .save button", has_text="PNG card").click()
        card = pathlib.Path(download.value.path()).read_bytes()
        size = [int.from_bytes(card[16 + 4 * k:20 + 4 * k], "big") for k in range(2)]
        assert card[:4] == b"\x89PNG" and size == [1200, 675], size
        (OUT / "serve-card.png").write_bytes(card)
        expect(page.locator("#gates .save .alt")).to_contain_text("is ratified in")
        with page.expect_download() as download:
            page.locator("#gates .save button", has_text="SVG").click()
        drawing = pathlib.Path(download.value.path()).read_text(encoding="utf-8")
        assert drawing.startswith("<svg") and "var(" not in drawing
        page.close()


def paste(browser):
    """A pasted article: its statements marked, one taken, what it would do, and nothing saved."""
    with bench() as made:
        page = made.page(browser)
        before = (made.case / "record.csv").read_bytes()
        page.goto(f"{made.url}/record")
        page.locator("#read summary").click()
        page.locator("#pasted").fill(ARTICLE)
        page.locator("#read button", has_text="Find the statements").click()
        marks = page.locator(".document .mark")
        expect(marks.first).to_be_visible(timeout=90_000)
        assert marks.count() == 2
        expect(page.locator("#preview")).to_contain_text("What it would do")
        marks.first.click()
        expect(page.locator("#n-speaker")).to_have_value("trump", timeout=90_000)
        assert (made.case / "record.csv").read_bytes() == before
        page.close()


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    modules = npm()
    axe = None
    if modules:
        axe = (modules / "axe-core/axe.min.js").read_text(encoding="utf-8")
        command = ["node", modules / "typescript/bin/tsc", "--checkJs", "--allowJs", "--noEmit",
                   "--strict", "--target", "es2023", "--lib", "es2023,dom,dom.iterable", SCRIPT]
        subprocess.run(command, check=True)
    lines = SCRIPT.read_text(encoding="utf-8").count("\n")
    assert lines <= 600, f"the script has {lines} lines"
    chosen = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(os.environ["WINSET_CHROMIUM"]),
                                             args=["--no-sandbox"])
        for test in [slide, enter, ask, outside, kill, keys, order, plainly, tabs, share, paste]:
            if not chosen or test.__name__ in chosen:
                test(browser)
                print(f"ok {test.__name__}", flush=True)
        if not chosen or "look" in chosen:
            look(browser, axe)
            print("ok look" + ("" if axe else ", without axe: no npm"), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
