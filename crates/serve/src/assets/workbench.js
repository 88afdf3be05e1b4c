// What a page cannot do by links and forms: answers that come while a slider moves, news of the
// files, keys. Everything here is an addition; without it every page still works.
// @ts-check

import { all, byId, find, inherit, play, steer, tables } from "./tables.js";
import { shareAll } from "./share.js";
import { follow, leave } from "./stream.js";

const body = document.body;

/** The page's name, such as `what-if`. */
const page = body.dataset.page ?? "";

/** Says something to everybody, screen readers too. @param {string} text */
function say(text) {
  const place = byId("said");
  if (!place) return;
  place.textContent = text;
  setTimeout(() => { if (place.textContent === text) place.textContent = ""; }, 4000);
}

// ---------------------------------------------------------------- state

/** The ordered list of changes, and whatever else the link holds. */
const state = {
  params: new URLSearchParams(location.search),

  /** @returns {string[]} */
  sets() { return this.params.getAll("set"); },

  /** @param {string} path @param {string | null} value */
  change(path, value) {
    const sets = this.sets();
    /** @param {string} set */
    const is = (set) => set.split("=", 1)[0].trim() === path;
    const at = sets.findLastIndex(is);
    let next = sets;
    if (value === null) next = sets.filter((set) => !is(set));
    else if (at >= 0) next = sets.with(at, `${path}=${value}`);
    else next = [...sets, `${path}=${value}`];
    const others = [...this.params].filter(([name]) => name !== "set");
    this.params = new URLSearchParams([...next.map((set) => ["set", set]), ...others]);
  },

  /** The query as the server writes it: what holds on every page. */
  query() {
    const held = ["set", "as_of", "seed", "draws"];
    return [...this.params].filter(([n]) => held.includes(n)).map(([n, v]) => `${n}=${encodeURIComponent(v)}`).join("&");
  },

  /** @param {string} path */
  link(path) {
    const query = this.query();
    return query ? `${path}?${query}` : path;
  },
};

// ---------------------------------------------------------------- answers

/** Replaces the content of the outputs; never a control. @param {string} html */
function show(html) {
  const outputs = byId("outputs");
  if (!outputs) return;
  // A link in the outputs that has the focus keeps it.
  const focused = document.activeElement instanceof HTMLAnchorElement
    && outputs.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  // What was fetched on its own stays.
  const kept = outputs.querySelector("#before.there");
  outputs.innerHTML = html;
  if (kept) byId("before")?.replaceWith(kept);
  // Before it is painted: nothing below moves.
  shareAll();
  tables();
  if (focused) {
    const again = all("a", outputs).find((a) => a.getAttribute("href") === focused);
    again?.focus({ preventScroll: true });
  }
}

/** Replaces the number of the outputs; what stands below it is still that of before. @param {string} html */
function number(html) {
  const head = byId("outputs")?.querySelector(".headline");
  if (head) head.outerHTML = html;
}

/** Asks for ever finer answers; the latest question wins. */
function refine() {
  const outputs = byId("outputs");
  if (!outputs) return;
  outputs.setAttribute("aria-busy", "true");
  // Begun when it is looked at.
  if (document.hidden) return;
  const query = state.query();
  void follow(`/refine?page=${page}${query ? `&${query}` : ""}`, (source, close) => {
    const end = () => {
      close();
      outputs.setAttribute("aria-busy", "false");
    };
    source.addEventListener("first", (e) => { problems(""); number(e.data); });
    source.addEventListener("answer", (e) => { problems(""); show(e.data); });
    source.addEventListener("whole", (e) => { problems(""); show(e.data); end(); void course(); });
    source.addEventListener("problem", (e) => { problems(e.data); end(); });
    source.addEventListener("error", end);
  });
}

/** Fetches how the number was told before, once the answer itself is there. */
async function course() {
  const place = byId("before");
  if (!place?.dataset.course || place.matches(".there, .asked")) return;
  place.classList.add("asked");
  const reply = await fetch(place.dataset.course).catch(() => null);
  const now = byId("before");
  if (!reply?.ok || !now) return;
  now.innerHTML = await reply.text();
  now.classList.add("there");
}

document.addEventListener("visibilitychange", () => {
  if (byId("outputs")?.getAttribute("aria-busy") !== "true") return;
  if (document.hidden) leave();
  else refine();
});

/** The path that was changed last, so that what is wrong stands beside it. */
let last = "";

/** @param {string} html */
function problems(html) {
  const field = last ? all(".field").find((f) => f.dataset.path === last) : undefined;
  for (const old of all(".field > .problems")) old.remove();
  const place = byId("problems");
  if (place) place.innerHTML = "";
  // With a change that cannot be read the answer is that of before it.
  byId("outputs")?.classList.toggle("stale", Boolean(html));
  const old = byId("old");
  if (old) old.hidden = !html;
  field?.querySelector("input[type=text]")?.removeAttribute("aria-invalid");
  if (!html) return;
  if (field) {
    const box = document.createElement("div");
    box.className = "problems";
    box.innerHTML = html;
    field.append(box);
    field.querySelector("input[type=text]")?.setAttribute("aria-invalid", "true");
  } else if (place) {
    place.innerHTML = html;
  }
}

/** Loads this page again and replaces some of its parts. @param {string[]} ids */
async function renew(ids) {
  const asked = location.href;
  const reply = await fetch(asked, { headers: { accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
  const held = document.activeElement?.id;
  // Of a place that was left meanwhile nothing is shown.
  for (const id of location.href === asked ? ids : []) {
    const [old, now] = [byId(id), fresh.getElementById(id)];
    if (!old || !now) continue;
    if (id === "inputs") inherit(old, now);
    old.replaceWith(now);
  }
  for (const name of ["number", "query"]) body.dataset[name] = fresh.body.dataset[name];
  dress();
  // Whoever has a part in hand keeps it.
  const again = held && document.activeElement?.id !== held ? byId(held) : null;
  if (again) {
    const group = again.closest("details");
    if (group) group.open = true;
    again.focus({ preventScroll: true });
  }
  return fresh;
}

/** Follows an answer that takes longer: how far it is, then what was found. */
function ask() {
  const place = byId("asked");
  if (!place?.dataset.ask) return;
  const [working, bar] = [/** @type {HTMLElement | null} */ (place.querySelector(".working")), place.querySelector("progress")];
  if (working) working.hidden = false;
  void follow(place.dataset.ask, (source, close) => {
    const end = () => {
      close();
      place.setAttribute("aria-busy", "false");
    };
    source.addEventListener("progress", (e) => {
      if (bar) bar.value = Number(e.data);
      const percent = byId("percent");
      if (percent) percent.textContent = `${e.data}\u00a0%`;
    });
    source.addEventListener("found", (e) => {
      place.innerHTML = e.data;
      end();
      dress();
      say("Computed");
      // A tab follows one answer at a time.
      begin();
    });
    source.addEventListener("error", () => {
      end();
      say("The answer did not come; load the page again");
    });
  });
}

// ---------------------------------------------------------------- what-if

/** @param {HTMLElement} field */
const parts = (field) => ({
  slider: /** @type {HTMLInputElement} */ (field.querySelector("input[type=range]")),
  text: /** @type {HTMLInputElement} */ (field.querySelector("input[type=text]")),
  reset: /** @type {HTMLElement} */ (field.querySelector(".reset")),
});

/** The input in hand, and when it was changed last: a drag, or changes of one input within a second, are
 * one step back. */
const hand = { path: "", dragging: false, at: 0 };

/** How long a pause may be within one step back, ms. */
const PAUSE = 1000;

/** Takes a change over: link, marks, answer. @param {HTMLElement} field @param {string | null} value @param {boolean} done */
function change(field, value, done) {
  const path = field.dataset.path ?? "";
  last = path;
  state.change(path, value);
  const link = state.link(location.pathname);
  const same = hand.path === path && (hand.dragging || performance.now() - hand.at < PAUSE);
  if (same) history.replaceState(null, "", link);
  else history.pushState(null, "", link);
  Object.assign(hand, { path, dragging: !done, at: performance.now() });
  field.classList.toggle("changed", value !== null);
  parts(field).reset.hidden = value === null;
  refine();
  if (done) void renew(["changes"]);
  links();
}

/** Links on the page hold the state that is shown. */
function links() {
  for (const a of /** @type {HTMLAnchorElement[]} */ (all("nav a"))) a.href = state.link(a.pathname);
  for (const input of /** @type {HTMLInputElement[]} */ (all("form input[name=state]"))) input.value = state.query();
}

/** Shows on the fields what the link says. @param {Document} fresh */
function fields(fresh) {
  for (const field of all(".field")) {
    const now = fresh.getElementById(field.id);
    if (!now) continue;
    const [mine, theirs] = [parts(field), parts(now)];
    if (field.contains(document.activeElement) && mine.text.value === theirs.text.value) continue;
    mine.slider.value = theirs.slider.value;
    mine.text.value = theirs.text.value;
    mine.reset.hidden = theirs.reset.hidden;
    field.className = now.className;
    const was = [field, now].map((f) => f.querySelector(".was"));
    if (was[0] && was[1]) was[0].textContent = was[1].textContent;
  }
}

/** Controls that only work with a script. */
function dress() {
  for (const slider of all(".field input[type=range], .packet input[type=range]")) slider.hidden = false;
  for (const button of all("button.copy")) button.hidden = false;
  tables();
  all(".steer").forEach(steer);
  shareAll();
  const player = /** @type {HTMLElement | null} */ (document.querySelector(".player"));
  if (player?.hidden) play(player);
}

document.addEventListener("input", (e) => {
  const target = e.target;
  if (!(target instanceof HTMLInputElement)) return;
  const field = /** @type {HTMLElement | null} */ (target.closest(".field"));
  if (field && target.type === "range") {
    parts(field).text.value = target.value;
    change(field, target.value, false);
  }
  // A slider and its number say the same.
  const twin = target.dataset.for ? byId(target.dataset.for) : document.querySelector(`[data-for="${CSS.escape(target.id)}"]`);
  if (twin instanceof HTMLInputElement && target.closest(".packet")) twin.value = target.value;
  if (target.id === "search") find(target.value);
  if (target.closest("form[data-draft]")) draft(/** @type {HTMLFormElement} */ (target.closest("form")));
});

document.addEventListener("input", (e) => {
  const form = e.target instanceof HTMLTextAreaElement && e.target.closest("form[data-draft]");
  if (form) draft(/** @type {HTMLFormElement} */ (form));
});

document.addEventListener("change", (e) => {
  const target = e.target;
  if (target instanceof HTMLElement && target.matches("[data-submit]")) {
    /** @type {HTMLFormElement | null} */ (target.closest("form"))?.requestSubmit();
    return;
  }
  if (!(target instanceof HTMLInputElement) || target.type !== "range") return;
  const field = /** @type {HTMLElement | null} */ (target.closest(".field"));
  if (field) change(field, target.value, true);
});

document.addEventListener("submit", (e) => {
  const form = e.target;
  if (!(form instanceof HTMLFormElement)) return;
  if (form.matches("[role=search]")) e.preventDefault();
  const field = /** @type {HTMLElement | null} */ (form.closest(".field"));
  if (!field || !form.matches(".set") || page !== "what-if") return;
  e.preventDefault();
  const { slider, text } = parts(field);
  if (text.value.trim() === "") return location.assign(parts(field).reset.getAttribute("href") ?? "");
  const written = text.value.split("@")[0].split("..").map((part) => part.trim());
  const middle = written[Math.floor(written.length / 2)];
  // What is no number leaves the slider where it is.
  if (written.every((part) => part !== "" && Number.isFinite(Number(part)))) slider.value = middle;
  hand.path = "";
  change(field, text.value.trim(), true);
});

document.addEventListener("click", (e) => {
  const target = e.target instanceof Element ? e.target : null;
  const reset = /** @type {HTMLAnchorElement | null} */ (target?.closest(".field .reset") ?? null);
  const field = /** @type {HTMLElement | null} */ (reset?.closest(".field") ?? null);
  if (field && plain(e)) {
    e.preventDefault();
    state.change(field.dataset.path ?? "", null);
    history.pushState(null, "", state.link(location.pathname));
    void arrive();
    parts(field).slider.focus();
    return;
  }
  if (target?.matches(".skip")) byId("main")?.focus();
  const copy = /** @type {HTMLElement | null} */ (target?.closest("button.copy") ?? null);
  if (copy) void navigator.clipboard.writeText(copy.dataset.copy ?? "").then(() => say("Copied"));
  const what = /** @type {HTMLAnchorElement | null} */ (target?.closest("a.n") ?? null);
  if (what && plain(e)) {
    e.preventDefault();
    void explain(what.href);
  }
});

/** @param {MouseEvent} e */
const plain = (e) => e.button === 0 && !e.ctrlKey && !e.metaKey && !e.shiftKey && !e.altKey;

/** After a step back or forth everything shows what the link says. */
async function arrive() {
  state.params = new URLSearchParams(location.search);
  hand.path = "";
  last = "";
  problems("");
  refine();
  const asked = location.href;
  const fresh = await renew(["changes"]);
  if (location.href !== asked) return;
  fields(fresh);
  links();
}

window.addEventListener("popstate", () => {
  // A step within the page is none in the changes.
  if (new URLSearchParams(location.search).toString() === state.params.toString()) return;
  if (page === "what-if") void arrive();
  else location.reload();
});

// ---------------------------------------------------------------- what is this?

/** @param {string} title @param {string} kind */
function dialog(title, kind) {
  const box = document.createElement("dialog");
  box.className = kind;
  box.setAttribute("aria-label", title);
  // The browser itself gives the focus back; by now someone may have taken it elsewhere.
  box.addEventListener("close", () => box.remove());
  box.addEventListener("click", (e) => { if (e.target === box) box.close(); });
  document.body.append(box);
  return box;
}

/** @param {string} href */
async function explain(href) {
  const reply = await fetch(href);
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
  const article = fresh.getElementById("explained") ?? fresh.getElementById("main");
  if (!article) return location.assign(href);
  for (const open of all("dialog.what")) /** @type {HTMLDialogElement} */ (open).close();
  const box = dialog("What is this?", "what");
  article.removeAttribute("id");
  box.append(article);
  const close = document.createElement("button");
  close.textContent = "Close";
  close.addEventListener("click", () => box.close());
  box.append(close);
  box.showModal();
}

// ---------------------------------------------------------------- drafts

/** @type {ReturnType<typeof setTimeout> | undefined} */
let saving;

/** Keeps what is typed until it is saved. @param {HTMLFormElement} form */
function draft(form) {
  clearTimeout(saving);
  saving = setTimeout(async () => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    fields.set("draft", form.dataset.draft ?? "");
    const reply = await fetch("/draft", { method: "POST", body: fields, keepalive: true });
    const place = form.querySelector(".drafted");
    if (place && reply.ok) place.textContent = "Draft kept";
  }, 400);
}

// ---------------------------------------------------------------- keys

/** @returns {{ name: string, href: string }[]} */
function places() {
  const pages = all("nav a").map((a) => ({
    name: a.textContent?.trim() ?? "", href: /** @type {HTMLAnchorElement} */ (a).href,
  }));
  const inputs = all(".field").map((f) => ({
    name: f.dataset.name ?? "",
    href: `#${f.id}`,
  }));
  const buttons = all(".changes a.button").map((a) => ({
    name: a.textContent?.trim() ?? "", href: /** @type {HTMLAnchorElement} */ (a).href,
  }));
  return [...pages, ...buttons, ...inputs];
}

function palette() {
  const box = dialog("Go to", "palette");
  box.innerHTML = `<label for="go">Go to</label>
    <input id="go" type="search" role="combobox" aria-expanded="true" aria-controls="goals" autocomplete="off">
    <ul id="goals" role="listbox" aria-label="Places"></ul>`;
  const [input, list] = [/** @type {HTMLInputElement} */ (box.querySelector("input")), /** @type {HTMLElement} */ (box.querySelector("ul"))];
  let at = 0;
  const draw = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = places().filter((p) => words.every((w) => p.name.toLowerCase().includes(w))).slice(0, 40);
    at = Math.min(at, Math.max(0, found.length - 1));
    list.replaceChildren(...found.map((p, k) => {
      const item = document.createElement("li");
      item.id = `goal-${k}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", String(k === at));
      const a = document.createElement("a");
      a.href = p.href;
      a.tabIndex = -1;
      a.textContent = p.name;
      a.addEventListener("click", () => go(a));
      item.append(a);
      return item;
    }));
    input.setAttribute("aria-activedescendant", found.length ? `goal-${at}` : "");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  /** @param {HTMLAnchorElement} a */
  const go = (a) => {
    box.close();
    const field = a.hash ? byId(a.hash.slice(1)) : null;
    if (!field) return location.assign(a.href);
    const group = field.closest("details");
    if (group) group.open = true;
    field.scrollIntoView({ block: "center" });
    parts(field).slider.focus();
  };
  input.addEventListener("input", () => { at = 0; draw(); });
  input.addEventListener("keydown", (e) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (by) {
      e.preventDefault();
      at = Math.max(0, Math.min(list.children.length - 1, at + by));
      draw();
    } else if (e.key === "Escape") {
      // A field for searching would only be emptied.
      e.preventDefault();
      box.close();
    } else if (e.key === "Enter") {
      e.preventDefault();
      const a = list.children[at]?.querySelector("a");
      if (a) go(a);
    }
  });
  draw();
  box.showModal();
  input.focus();
}

function sheet() {
  const box = dialog("Keys", "keys");
  const keys = [
    ["Ctrl K", "go to a page or an input"], ["?", "this sheet"], ["/", "find an input"],
    ["← →", "move a slider by a step; with Shift by ten"], ["Alt ← →", "undo, redo"], ["Esc", "close"],
  ];
  box.innerHTML = `<h2>Keys</h2><dl class="facts">${keys.map(([k, what]) => `<dt><kbd>${k}</kbd></dt><dd>${what}</dd>`).join("")}</dl><button autofocus>Close</button>`;
  box.querySelector("button")?.addEventListener("click", () => box.close());
  box.showModal();
}

document.addEventListener("keydown", (e) => {
  const target = e.target instanceof HTMLElement ? e.target : body;
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") {
    e.preventDefault();
    if (!document.querySelector("dialog[open]")) palette();
    return;
  }
  if (target instanceof HTMLInputElement && target.type === "range" && e.shiftKey && /^Arrow/.test(e.key)) {
    e.preventDefault();
    const by = e.key === "ArrowRight" || e.key === "ArrowUp" ? 10 : -10;
    if (by > 0) target.stepUp(by);
    else target.stepDown(-by);
    target.dispatchEvent(new Event("input", { bubbles: true }));
    target.dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  const writes = target.matches("input:not([type=range]), textarea, select");
  if (writes || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
  if (e.key === "?") sheet();
  if (e.key === "/") {
    const search = byId("search");
    if (search) { e.preventDefault(); search.focus(); }
  }
});

// ---------------------------------------------------------------- beginning

dress();
/** Makes the answer finer where it is not whole, or asks for what comes after it. */
function begin() {
  if (byId("outputs")?.dataset.whole === "false") refine();
  else void course();
}

if (byId("asked")?.dataset.ask) ask();
else begin();

/** What happened: the files have another number, or it is known what has leverage.
 * @param {string} name @param {string} data */
function news(name, data) {
  if (name === "levers") {
    const inputs = byId("inputs");
    // Never the control in hand.
    if (inputs?.dataset.levers === "false" && !inputs.contains(document.activeElement)) void renew(["inputs"]);
    return;
  }
  if (data === body.dataset.number) return;
  body.dataset.number = data;
  say("The files have changed");
  if (byId("outputs") && !byId("asked")) {
    void renew(["changes", "outputs", "rest"]).then((fresh) => {
      // The case can no longer be read: the page that says why is another one.
      if (!fresh.getElementById("outputs")) return location.reload();
      fields(fresh);
      refine();
    });
  }
  // What is being typed, and the answer to a form, are not taken away.
  else if (document.querySelector("main form[method=post]")) void renew(["table"]);
  else location.reload();
}

/** Ends the stream of news, if this tab holds it. */
let quiet = () => {};

/** Opens the stream of news. @param {(name: string, data: string) => void} tell */
function open(tell) {
  const events = new EventSource("/events");
  for (const name of ["files", "levers"]) events.addEventListener(name, (e) => tell(name, e.data));
  quiet = () => events.close();
}

/** Listens for news. One tab of a browser holds the stream and tells the others, since each would
 * take a connection for good; where tabs cannot agree on one, whoever is looked at holds its own. */
function listen() {
  if (navigator.locks) {
    const others = new BroadcastChannel("winset-news");
    others.onmessage = (e) => news(e.data[0], e.data[1]);
    /** @type {(name: string, data: string) => void} */
    const tell = (name, data) => { others.postMessage([name, data]); news(name, data); };
    // Held until the tab is closed: then the next one's turn comes.
    void navigator.locks.request("winset-news", () => new Promise(() => open(tell)));
    return;
  }
  const look = () => { quiet(); if (!document.hidden) open(news); };
  document.addEventListener("visibilitychange", look);
  look();
}

window.addEventListener("pagehide", () => { quiet(); leave(); });
// Kept by the browser and shown again: what it held was let go.
window.addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });

listen();
