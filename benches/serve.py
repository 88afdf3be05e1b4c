"""How fast the workbench answers, what a page weighs, and what it holds under load.

    python3 benches/serve.py            # latency, first view, page weight
    python3 benches/serve.py --soak     # also 50 readers and 5 writers for two minutes, and memory
                                        # over 10,000 what-ifs

Takes the command from WINSET_BIN (a release build), needs nothing but Python, prints one JSON line a
figure, and ends with 1 if something was lost or failed.
"""

import argparse
import http.client
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

WINSET = os.environ.get("WINSET_BIN", "target/release/winset")


def figure(name, values, unit, target):
    values = sorted(values)
    print(json.dumps({"bench": "serve", "figure": name, "value": statistics.median(values),
                      "min": values[0], "max": values[-1], "unit": unit, "target": target}),
          flush=True)


class Bench:
    def __init__(self, folder):
        self.case = pathlib.Path(folder) / "case"
        subprocess.run([WINSET, "new", self.case, "--from", "us-iran-2025"], check=True,
                       stdout=subprocess.DEVNULL)
        self.began = time.perf_counter()
        self.process = subprocess.Popen([WINSET, "serve", "--no-open", self.case], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        url, token = self.process.stdout.readline().strip().split("/?token=")
        self.port = int(url.rsplit(":", 1)[1])
        self.shown = {"Authorization": f"Bearer {token}"}

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)

    def get(self, place, connection=None):
        connection = connection or self.connect()
        connection.request("GET", place, headers=self.shown)
        reply = connection.getresponse()
        return reply.status, reply.read()

    def post(self, place, fields):
        connection = self.connect()
        connection.request("POST", place, urllib.parse.urlencode(fields),
                           self.shown | {"Origin": f"http://127.0.0.1:{self.port}",
                            "Content-Type": "application/x-www-form-urlencoded"})
        reply = connection.getresponse()
        return reply.status, reply.read()

    def first_number(self, value):
        """The same until the number alone, which comes before the answer."""
        return self.first_answer(value, (b"event: first", b"event: answer", b"event: whole"))

    def first_answer(self, value, events=(b"event: answer", b"event: whole")):
        """Milliseconds until the first answer to a change, as a slider asks for it."""
        connection = self.connect()
        began = time.perf_counter()
        connection.request("GET", f"/refine?page=what-if&set=sides.us.discount%3D{value}",
                           headers=self.shown)
        reply = connection.getresponse()
        # Up to the first answer, or the end.
        for line in iter(reply.readline, b""):
            if line.startswith(events):
                break
        took = 1e3 * (time.perf_counter() - began)
        connection.close()
        return took

    def memory(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(s.split()[1]) for s in status.splitlines() if s.startswith("VmRSS")) / 1024

    def close(self):
        self.process.terminate()
        self.process.wait()


def latency(bench):
    status, page = bench.get("/overview")
    assert status == 200
    figure("time to first view, from the start", [1e3 * (time.perf_counter() - bench.began)], "ms",
           "<= 1000 ms")
    status, _ = bench.get("/overview.json")
    pages = [(n, len(bench.get(f"/{n}")[1])) for n in ["overview", "what-if", "record"]]
    assets = sum(len(bench.get(f"/assets/{n}")[1])
                 for n in ["workbench.js", "workbench.css", "chart.css"])
    for name, size in pages:
        figure(f"weight of {name} with script and styles", [(size + assets) / 1024], "kB",
               "<= 300 kB")
    # Every value a new one: nothing is remembered.
    for k in range(10):
        bench.first_answer(90 + k / 100)
    times = sorted(bench.first_answer(5 + k / 50) for k in range(300))
    for q in [50, 95, 99]:
        figure(f"what-if, first answer, p{q}", [times[len(times) * q // 100]], "ms",
               "<= 100 ms" if q == 95 else "")
    times = sorted(bench.first_number(15 + k / 50) for k in range(300))
    for q in [50, 95, 99]:
        figure(f"what-if, first number, p{q}", [times[len(times) * q // 100]], "ms",
               "<= 16 ms" if q == 95 else "")


def soak(bench, seconds):
    end = time.monotonic() + seconds
    wrong, saved, reads = [], [], [0]

    def read(seed):
        dice = random.Random(seed)
        pages = ["overview", "blockers", "record", "beliefs", "what-if", "method"]
        while time.monotonic() < end:
            status, _ = bench.get(f"/{dice.choice(pages)}?set=sides.us.cost%3D{dice.randint(0, 3)}")
            reads[0] += 1
            if status != 200:
                wrong.append(status)

    def write(name):
        number = 0
        while time.monotonic() < end:
            page = bench.get("/record")[1].decode()
            revision = page.split('name="revision" value="')[1].split('"')[0]
            ident = f"{name}-{number}"
            status, _ = bench.post("/record", {
                "id": ident, "said": "2025-04-20", "entered": "2025-04-20", "kind": "event",
                "text": "x", "do": "save", "revision": revision})
            if status == 303:
                saved.append(ident)
                number += 1
            elif status != 409:
                wrong.append(status)
            time.sleep(0.5)

    threads = [threading.Thread(target=read, args=(k,)) for k in range(50)]
    threads += [threading.Thread(target=write, args=(f"w{k}",)) for k in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = (bench.case / "record.csv").read_text(encoding="utf-8")
    lost = [s for s in saved if text.count(f"\n{s},") != 1]
    figure("50 readers, 5 writers: pages read", [reads[0]], "pages", "")
    figure("50 readers, 5 writers: entries saved", [len(saved)], "entries", "")
    figure("50 readers, 5 writers: lost or failed", [len(lost) + len(wrong)], "count", "0")
    return not lost and not wrong


def memory(bench, times):
    held = []
    for k in range(times):
        bench.first_answer(5 + k / 1000)
        if k % (times // 10) == 0:
            held.append(bench.memory())
    held.append(bench.memory())
    figure(f"memory over {times} what-ifs, from a tenth of them on", [held[-1] - held[1]], "MB",
           "<= 5 MB")
    return held[-1] - held[1] <= 5


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--soak", action="store_true")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--what-ifs", type=int, default=10_000)
    chosen = parser.parse_args()
    fine = True
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(folder)
        try:
            latency(bench)
            if chosen.soak:
                fine = soak(bench, chosen.seconds) and memory(bench, chosen.what_ifs)
        finally:
            bench.close()
    sys.exit(0 if fine else 1)


main()
