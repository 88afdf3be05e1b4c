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
export function sortable(head) {
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

/** Shows the inputs whose words hold all that is typed. @param {string} text */
export function find(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const group of /** @type {HTMLDetailsElement[]} */ (all("details.group"))) {
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
  const place = byId("found");
  if (place) place.textContent = words.length ? `${found} found` : "";
}
