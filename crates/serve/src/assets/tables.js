// Lists that are looked through: tables that sort, inputs that are found, the days of a history.
// @ts-check

/** @param {string} id */
export const byId = (id) => document.getElementById(id);

/** @param {string} selector @param {ParentNode} [within] */
export const all = (selector, within = document) =>
  /** @type {HTMLElement[]} */ (Array.from(within.querySelectorAll(selector)));

// ---------------------------------------------------------------- tables

/** The number that a cell begins with, or nothing. @param {string} text */
function numeric(text) {
  const found = /^[^\d−-]*([−-]?[\d\u202f\s]*\.?\d+)/.exec(text.trim());
  if (!found) return null;
  // Less than one per cent comes before one, more than 99 after.
  const off = text.includes("<") ? -0.5 : text.includes(">") ? 0.5 : 0;
  return Number(found[1].replace("−", "-").replace(/\s/g, "")) + off;
}

/** A head of a column that sorts its table. @param {HTMLTableCellElement} head */
function sortable(head) {
  const rows = head.closest("table")?.tBodies[0];
  if (!rows || rows.rows.length < 3 || head.querySelector("button")) return;
  const button = document.createElement("button");
  button.className = "sort";
  button.append(...head.childNodes);
  head.append(button);
  const k = head.cellIndex;
  button.addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") !== "descending";
    for (const other of all("th[aria-sort]", head.parentElement ?? head)) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const text = (/** @type {HTMLTableRowElement} */ row) => row.cells[k]?.textContent ?? "";
    const sorted = [...rows.rows].sort((a, b) => {
      const [x, y] = [text(a), text(b)];
      const [m, n] = [numeric(x), numeric(y)];
      const by = m !== null && n !== null ? m - n : x.localeCompare(y);
      return down ? -by : by;
    });
    rows.append(...sorted);
  });
}

/** So many rows are looked through by words. */
const MANY = 15;

/** A field above a long table that leaves the rows with all words that are typed. @param {HTMLElement} table */
function filterable(table) {
  const rows = all("tbody tr", table);
  const place = table.closest(".scroll, .table");
  if (rows.length < MANY || !place || table.closest("#table, figure") || place.previousElementSibling?.matches(".rows")) return;
  const label = document.createElement("label");
  label.className = "rows note";
  const field = document.createElement("input");
  field.type = "search";
  const count = document.createElement("span");
  count.setAttribute("role", "status");
  label.append("Rows with ", field, " ", count);
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) row.hidden = !words.every((w) => row.textContent?.toLowerCase().includes(w));
    count.textContent = words.length ? `${rows.filter((row) => !row.hidden).length} of ${rows.length}` : "";
  });
  place.before(label);
}

/** What every table gets: heads that sort, and a field where it is long. */
export function tables() {
  for (const head of all("main table thead th")) sortable(/** @type {HTMLTableCellElement} */ (head));
  all("main table").forEach(filterable);
}

// ---------------------------------------------------------------- days

/** A slider over the days of a history: number, news and the dot of the chart move together.
 * @param {HTMLElement} player */
export function play(player) {
  player.hidden = false;
  const slider = /** @type {HTMLInputElement} */ (player.querySelector("input"));
  const button = /** @type {HTMLElement} */ (player.querySelector(".play"));
  const place = byId("day");
  const days = all(".days > li");
  const look = () => {
    const day = days[Number(slider.value)];
    if (!place || !day) return;
    place.innerHTML = day.innerHTML;
    slider.setAttribute("aria-valuetext", day.querySelector("a")?.textContent ?? "");
    days.forEach((d) => d.classList.toggle("at", d === day));
    // The chart draws its dots from the last day back.
    for (const svg of all("#asked figure svg")) {
      all("g[role=img]", svg).forEach((g, k) => g.classList.toggle("at", k === days.length - 1 - Number(slider.value)));
    }
  };
  slider.addEventListener("input", look);
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  const stop = () => { clearInterval(timer); timer = undefined; button.textContent = "▶"; };
  button.addEventListener("click", () => {
    if (timer) return stop();
    if (slider.value === slider.max) slider.value = "0";
    button.textContent = "❚❚";
    look();
    timer = setInterval(() => {
      slider.stepUp();
      look();
      if (slider.value === slider.max) stop();
    }, 700);
  });
  look();
}

// ---------------------------------------------------------------- inputs

/** Shows the inputs whose words hold all that is typed. @param {string} text @param {ParentNode} within */
export function find(text, within = document) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const group of /** @type {HTMLDetailsElement[]} */ (all("details.group", within))) {
    let here = 0;
    for (const field of all(".field", group)) {
      const fits = words.every((w) => field.dataset.words?.includes(w));
      field.hidden = !fits;
      here += fits ? 1 : 0;
    }
    group.hidden = here === 0;
    if (words.length) group.open = here > 0;
    found += here;
  }
  const place = within.querySelector("#found");
  if (place) place.textContent = words.length ? `${found} found` : "";
}

/** Gives fresh inputs what a person did to those they replace: what is sought, typed and open.
 * @param {HTMLElement} old @param {HTMLElement} now */
export function inherit(old, now) {
  const search = /** @type {HTMLInputElement | null} */ (old.querySelector("#search"));
  for (const typed of /** @type {HTMLInputElement[]} */ (all("input[type=text], input[type=search]", old))) {
    const fresh = /** @type {HTMLInputElement | null} */ (now.querySelector(`#${CSS.escape(typed.id)}`));
    if (fresh) fresh.value = typed.value;
  }
  /** @param {Element} group */
  const name = (group) => group.querySelector("summary")?.firstChild?.textContent?.trim();
  const were = new Map(all("details", old).map((group) => [name(group), group.hasAttribute("open")]));
  for (const group of /** @type {HTMLDetailsElement[]} */ (all("details", now))) {
    group.open = were.get(name(group)) ?? group.open;
  }
  if (search?.value) find(search.value, now);
}

// ---------------------------------------------------------------- maps

/** The links of a drawing as one stop of the Tab key: the arrow keys go to the nearest in their direction.
 * @param {HTMLElement} place */
export function steer(place) {
  if (place.dataset.steered) return;
  place.dataset.steered = "yes";
  for (const svg of all("svg", place)) {
    const links = all("a", svg);
    const middles = links.map((link) => {
      // The place, which is drawn also where the drawing of another width is shown.
      const box = /** @type {SVGRectElement | null} */ (link.querySelector("rect"));
      const at = (/** @type {string} */ name) => Number(box?.getAttribute(name));
      return [at("x") + at("width") / 2, at("y") + at("height") / 2];
    });
    const stop = (/** @type {number} */ k) =>
      links.forEach((link, j) => link.setAttribute("tabindex", j === k ? "0" : "-1"));
    stop(0);
    links.forEach((link, k) => {
      link.addEventListener("focus", () => stop(k));
      link.addEventListener("keydown", (event) => {
        const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
        if (!way) return;
        event.preventDefault();
        const far = middles.map(([x, y]) => {
          const [dx, dy] = [x - middles[k][0], y - middles[k][1]];
          const along = dx * way[0] + dy * way[1];
          return along > 0 ? along + 3 * Math.abs(dx * way[1] + dy * way[0]) : Infinity;
        });
        const best = far.indexOf(Math.min(...far));
        if (Number.isFinite(far[best])) links[best].focus();
      });
    });
  }
}
