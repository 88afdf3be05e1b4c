# requires: websocket-client==1.8.0
"""The brief in a real browser: light, dark, a phone, and on paper.

Makes the brief of the built-in case, looks at it in Chromium, and leaves a contact sheet under
target/browser/. Fails on a console message, a request to anything but the file itself, text wider
than a phone, a chart cut by the edge of a page, or more pages than a reader has time for.
"""

import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

import websocket

MOST_PAGES = 14
OUT = pathlib.Path("target/browser")


# The smallest text of all charts that are shown, in points.
SMALLEST = """[...document.querySelectorAll('figure svg text')].filter(t => t.getClientRects().length).map(t => {
  const svg = t.ownerSVGElement;
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  return { id: svg.id, pt: Number(t.getAttribute('font-size')) * scale * 0.75 };
}).reduce((a, b) => a.pt < b.pt ? a : b)"""


class Browser:
    """A headless Chromium driven over its debugging socket."""

    def __init__(self, binary):
        # The browser may still write into it while it ends.
        self.home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [
                binary,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                f"--user-data-dir={self.home.name}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port_file = pathlib.Path(self.home.name, "DevToolsActivePort")
        for _ in range(300):
            if port_file.exists() and len(port_file.read_text().splitlines()) == 2:
                break
            time.sleep(0.1)
        port = port_file.read_text().splitlines()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
            pages = [t for t in json.load(answer) if t["type"] == "page"]
        self.socket = websocket.create_connection(pages[0]["webSocketDebuggerUrl"], timeout=60)
        self.events = []
        self.last = 0
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        self.last += 1
        self.socket.send(json.dumps({"id": self.last, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.last:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def open(self, url):
        self.call("Page.navigate", url=url)
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            self.events.append(json.loads(self.socket.recv()))

    def value(self, expression):
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get(
            "value"
        )

    def size(self, width):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 500,
        )

    def scheme(self, name):
        features = [{"name": "prefers-color-scheme", "value": name}]
        self.call("Emulation.setEmulatedMedia", features=features)

    def picture(self, path):
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        path.write_bytes(base64.b64decode(data))

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(timeout=30)
        self.home.cleanup()


def cut(browser):
    """The figures of a page that a sheet of paper may cut: one that is not broken and is no taller than it is not."""
    browser.size(680)
    browser.call("Emulation.setEmulatedMedia", media="print")
    figures = browser.value(
        "[...document.querySelectorAll('figure')].map(f => ({id: f.id, "
        "inside: getComputedStyle(f).breakInside, height: f.offsetHeight + "
        "(f.previousElementSibling?.previousElementSibling?.matches('h2') ? "
        "f.offsetTop - f.previousElementSibling.previousElementSibling.offsetTop : 0)}))"
    )
    return [f"{f['id']} can be cut: {f}" for f in figures if f["inside"] != "avoid" or f["height"] > 930]


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    page = OUT / "brief.html"
    command = [os.environ["WINSET_BIN"], "brief", "us-iran-2025", "-o", str(page)]
    # With what changed, so that every section is looked at.
    since = ["--since", "2025-04-14"]
    subprocess.run([*command, *since, "--draws", "1000", "--compared", "200"], check=True)
    wrong = []
    browser = Browser(os.environ["WINSET_CHROMIUM"])
    try:
        url = page.resolve().as_uri()
        browser.open(url)
        for name, width, scheme in [
            ("light", 1000, "light"),
            ("dark", 1000, "dark"),
            ("narrow", 360, "light"),
            ("narrow-dark", 360, "dark"),
        ]:
            browser.size(width)
            browser.scheme(scheme)
            browser.picture(OUT / f"brief-{name}.png")
            wide = browser.value("document.documentElement.scrollWidth")
            if wide > width:
                wrong.append(f"{name}: {wide} px of text on {width} px")
        paper = browser.value("getComputedStyle(document.body).backgroundColor")
        browser.scheme("light")
        if paper == browser.value("getComputedStyle(document.body).backgroundColor"):
            wrong.append("dark looks like light")
        for name, width, height in [("a4", 8.27, 11.69), ("letter", 8.5, 11)]:
            data = browser.call("Page.printToPDF", paperWidth=width, paperHeight=height,
                                preferCSSPageSize=False, printBackground=True)["data"]
            pdf = base64.b64decode(data)
            (OUT / f"brief-{name}.pdf").write_bytes(pdf)
            pages = len(re.findall(rb"/Type\s*/Page[^s]", pdf))
            if not 1 <= pages <= MOST_PAGES:
                wrong.append(f"{name}: {pages} pages")
        # Page one holds what stands on it, and no text of a chart has less than 8 points.
        browser.call("Emulation.setEmulatedMedia", media="print")
        for name, wide, high in [("a4", 210 - 32, 297 - 31), ("letter", 215.9 - 32, 279.4 - 31)]:
            width, height = (round(mm / 25.4 * 96) for mm in (wide, high))
            browser.size(width)
            front = browser.value(
                "document.querySelector('.front').getBoundingClientRect().bottom - "
                "document.querySelector('header').getBoundingClientRect().top"
            )
            if front > height:
                wrong.append(f"{name}: page one has {front:.0f} px on {height} px")
            least = browser.value(SMALLEST)
            if not 8 <= least["pt"]:
                wrong.append(f"{name}: {least['pt']:.2f} pt in {least['id']}")
        wrong += cut(browser)
        for event in browser.events:
            method, body = event.get("method"), event.get("params", {})
            if method == "Network.requestWillBeSent" and body["request"]["url"] != url:
                wrong.append(f"asks for {body['request']['url']}")
            if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
                wrong.append(f"the console says {json.dumps(body)[:300]}")
        # Thirty actors and eight issues have a sheet each, with what leads up to them.
        browser.events.clear()
        many = OUT / "brief-many.html"
        subprocess.run([os.environ["WINSET_BIN"], "brief", "testing/look/stress", "-o", str(many),
                        "--draws", "200", "--compared", "50"], check=True, stderr=subprocess.DEVNULL)
        browser.open(many.resolve().as_uri())
        wrong += cut(browser)
    finally:
        browser.close()
    sheet = "".join(
        f'<figure><img src="brief-{n}.png" style="max-height:90vh"><figcaption>{n}</figcaption></figure>'
        for n in ("light", "dark", "narrow", "narrow-dark")
    )
    links = ' <a href="brief-a4.pdf">A4</a> <a href="brief-letter.pdf">Letter</a>'
    (OUT / "brief-sheet.html").write_text(
        f'<!doctype html><meta charset="utf-8"><title>The brief</title>'
        f'<body style="display:flex;flex-wrap:wrap;gap:1rem">{sheet}{links}'
    )
    print(f"contact sheet: {OUT / 'brief-sheet.html'}")
    for line in wrong:
        print(f"wrong: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
