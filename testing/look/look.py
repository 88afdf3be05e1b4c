"""Contact sheets: every page of the workbench, the brief on screen and on paper, and the brief of a word processor.

Writes target/look/: a sheet a case and theme (pages down, widths across), one of the brief on screen, one of its
paper and one of its word processor's pages, and index.html, where every picture opens in full. Nothing is judged
here; that is what eyes and the browser stage are for. What cannot be made is named, with how to get it.
"""
# requires: playwright==1.55.0

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, "testing/browser")

import serve  # noqa: E402
from playwright.sync_api import Error, expect, sync_playwright  # noqa: E402

OUT = pathlib.Path("target/look")
FULL = OUT / "full"
WIDTHS = [360, 768, 1280, 1920]
THEMES = ["light", "dark"]
# The finished case, and one that holds everything that breaks a page.
CASES = {"finished": None, "stress": pathlib.Path("testing/look/stress")}
# Few draws: a picture of a page needs no third digit.
DRAWS = "250"
# What of a page a sheet shows; the full picture has the rest.
TALLEST = 2600
PAPERS = {"a4": "A4", "letter": "Letter"}
# Languages of the stress case, and where their letters come from.
FONTS = {"th": "apt install fonts-tlwg-loma", "zh": "apt install fonts-wqy-microhei",
         "ar": "apt install fonts-dejavu-core", "he": "apt install fonts-dejavu-core"}


class Sheets:
    """The sheets made so far, and what was left out."""

    def __init__(self, browser):
        self.browser = browser
        self.made = []
        self.skipped = []

    def skip(self, what, how):
        self.skipped.append((what, how))
        print(f"skipped: {what}\n    hint: {how}", flush=True)

    def add(self, name, title, rows, height=TALLEST):
        """A sheet as PNG: a row of pictures each with its caption, `rows` as (label, [pictures])."""
        body = "".join(
            f"<h2>{label}</h2><div>" + "".join(
                f'<a href="full/{p.name}"><img src="full/{p.name}" alt="{p.stem}"></a>' for p in pictures)
            + "</div>" for label, pictures in rows)
        style = ("body{font:16px sans-serif;margin:16px;background:#888}h2{margin:12px 0 4px}"
                 "div{display:grid;grid-template-columns:repeat(4,1fr);gap:12px;align-items:start}"
                 f"img{{width:100%;max-height:{height}px;object-fit:cover;object-position:top}}")
        page = OUT / f"{name}.html"
        page.write_text(f'<!doctype html><meta charset="utf-8"><title>{title}</title>'
                        f"<style>{style}</style><h1>{title}</h1>{body}", encoding="utf-8")
        view = self.browser.new_page(viewport={"width": 1800, "height": 900})
        view.goto(page.resolve().as_uri())
        view.screenshot(path=OUT / f"{name}.png", full_page=True)
        view.close()
        self.made.append((name, title))
        print(f"target/look/{name}.png: {title}", flush=True)

    def index(self):
        rows = "".join(f'<li><a href="{n}.html">{t}</a> (<a href="{n}.png">PNG</a>)' for n, t in self.made)
        left = "".join(f"<li>{what}: {how}" for what, how in self.skipped) or "<li>nothing"
        (OUT / "index.html").write_text(
            f'<!doctype html><meta charset="utf-8"><title>Contact sheets</title><h1>Contact sheets</h1>'
            f"<ul>{rows}</ul><h2>Left out</h2><ul>{left}</ul>", encoding="utf-8")


def settle(page):
    """Waits for the answer of a page, whatever kind it has; one that never comes is photographed as it is."""
    drawn = lambda p: expect(p.locator("#before.there svg:visible")).to_have_count(1, timeout=90_000)
    for part, done in [("#outputs", serve.settled), ("#asked", serve.computed), ("#before", drawn)]:
        if page.locator(part).count():
            try:
                done(page)
            except (AssertionError, Error) as error:
                print(f"{page.url} does not settle: {str(error).splitlines()[0]}", flush=True)


def workbench(sheets, name, case, wanted):
    """The pages of one case at every width and theme."""
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        if case:
            shutil.copytree(case, home / "case")
        bench = serve.Bench(home)
        try:
            for theme in THEMES:
                rows = []
                for place in [p for p in places(case) if not wanted or p.split("?")[0] in wanted]:
                    rows.append((place, [shot(sheets, bench, name, place, theme, w) for w in WIDTHS]))
                sheets.add(f"{name}-{theme}", f"The workbench, {name} case, {theme}: "
                           + ", ".join(f"{w} px" for w in WIDTHS), rows)
        finally:
            bench.kill()


def places(case):
    """All pages, and two states of them that show more: a text that is tested, and a change."""
    extra = [] if case else [serve.TESTED, "what-if?set=sides.us.discount%3D25"]
    return [*serve.PAGES, *extra]


def shot(sheets, bench, name, place, theme, width):
    began = time.monotonic()
    page = bench.page(sheets.browser, color_scheme=theme, reduced_motion="reduce",
                      viewport={"width": width, "height": 900})
    page.goto(f"{bench.url}/{place}{'&' if '?' in place else '?'}draws={DRAWS}", timeout=180_000)
    settle(page)
    plain = "".join(c if c.isalnum() else "-" for c in place)[:40]
    path = FULL / f"{name}-{plain}-{theme}-{width}.png"
    page.screenshot(path=path, full_page=True)
    page.context.close()
    if time.monotonic() - began > 20:
        print(f"{path.stem} took {time.monotonic() - began:.0f} s", flush=True)
    return path


def brief(sheets, name, case):
    """The brief on screen at every width and theme, then as A4 and Letter."""
    page_file = FULL / f"{name}-brief.html"
    written(case, page_file)
    rows = []
    for theme in THEMES:
        pictures = []
        for width in WIDTHS:
            page = sheets.browser.new_page(color_scheme=theme, viewport={"width": width, "height": 900})
            page.goto(page_file.resolve().as_uri())
            path = FULL / f"{name}-brief-{theme}-{width}.png"
            page.screenshot(path=path, full_page=True)
            page.close()
            pictures.append(path)
        rows.append((theme, pictures))
    sheets.add(f"{name}-brief", f"The brief on screen, {name} case", rows)
    for paper, form in PAPERS.items():
        page = sheets.browser.new_page()
        page.goto(page_file.resolve().as_uri())
        pdf = FULL / f"{name}-{paper}.pdf"
        page.pdf(path=pdf, format=form, print_background=True)
        page.close()
        pages_of(sheets, pdf, f"{name}-{paper}", f"The brief on {form}, {name} case")


def written(case, to):
    """Writes a brief of a case, small enough to be made in seconds."""
    # With what changed, where there is a record, so that every section is there.
    since = [] if case else ["--since", "2025-04-14"]
    command = [serve.WINSET, "brief", str(case or "us-iran-2025"), "-o", str(to), *since]
    subprocess.run([*command, "--draws", "500", "--compared", "100"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def pages_of(sheets, pdf, name, title):
    """The pages of a PDF, four in a row."""
    if shutil.which("pdftoppm") is None:
        return sheets.skip(f"{title}: no pdftoppm (the PDF is {pdf})", "apt install poppler-utils")
    for old in FULL.glob(f"{name}-page-*.png"):
        old.unlink()
    subprocess.run(["pdftoppm", "-r", "80", "-png", pdf, FULL / f"{name}-page"], check=True)
    pages = sorted(FULL.glob(f"{name}-page-*.png"))
    rows = [(f"from page {k + 1}", pages[k:k + 4]) for k in range(0, len(pages), 4)]
    return sheets.add(name, f"{title}: {len(pages)} pages", rows)


def word(sheets, name, case):
    """The brief for a word processor, as LibreOffice lays it out."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        return sheets.skip(f"brief.docx, {name} case: no LibreOffice", "apt install libreoffice-writer")
    folder = (FULL / name).resolve()
    folder.mkdir(exist_ok=True)
    try:
        written(case, folder / "brief.docx")
    except subprocess.CalledProcessError:
        return sheets.skip(f"brief.docx, {name} case", "a build with the feature `documents`")
    with tempfile.TemporaryDirectory() as home:
        subprocess.run([office, "--headless", f"-env:UserInstallation=file://{home}", "--convert-to", "pdf",
                        "--outdir", folder, folder / "brief.docx"], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    return pages_of(sheets, folder / "brief.pdf", f"{name}-docx", f"brief.docx, {name} case")


def letters(sheets):
    """Names the languages of the stress case that this machine has no letters for."""
    if shutil.which("fc-list") is None:
        return
    for language, how in FONTS.items():
        found = subprocess.run(["fc-list", f":lang={language}"], capture_output=True, text=True, check=True)
        if not found.stdout.strip():
            sheets.skip(f"letters of `{language}` show as boxes: no font", how)


def main():
    # `brief` and `docx` are kinds of sheets, a case is chosen by its name, and any other word is a page.
    wanted = sys.argv[1:]
    parts = [p for p in ("brief", "docx") if p in wanted]
    cases = [c for c in CASES if c in wanted] or list(CASES)
    chosen = [w for w in wanted if w not in parts and w not in CASES]
    FULL.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which(os.environ["WINSET_CHROMIUM"]), args=["--no-sandbox"])
        sheets = Sheets(browser)
        letters(sheets)
        for name in cases:
            if chosen or not parts:
                workbench(sheets, name, CASES[name], chosen)
            if "brief" in parts or not (chosen or parts):
                brief(sheets, name, CASES[name])
            if "docx" in parts or not (chosen or parts):
                word(sheets, name, CASES[name])
        browser.close()
    sheets.index()
    print("target/look/index.html: all of them")


main()
