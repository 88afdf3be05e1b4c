// Every chart as a file to publish: its drawing as SVG, its numbers as CSV, a card to share as PNG.
// @ts-check

import { all } from "./tables.js";

/** Width and height of a card, px, as places that show a link take it. */
const CARD = [1200, 675];
const EDGE = 48;

/** The colours of the light theme by the names of their variables. */
function light() {
  const probe = document.createElement("div");
  probe.dataset.theme = "light";
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const names = ["ink", "muted", "line", "paper", "panel", "accent", "band", "s1", "s2", "s3", "s4", "s5", "s6"];
  const found = Object.fromEntries(names.map((name) => [name, colour(`--${name}`)]));
  probe.remove();
  return found;
}

/** The drawing of a figure with colours of its own, on its own. @param {HTMLElement} figure */
function drawing(figure) {
  const svg = figure.querySelector("svg.wide") ?? figure.querySelector("svg");
  if (!svg) return "";
  const copy = /** @type {SVGElement} */ (svg.cloneNode(true));
  copy.removeAttribute("class");
  for (const link of copy.querySelectorAll("a")) link.replaceWith(...link.childNodes);
  const colours = light();
  // As XML: what HTML writes as `&nbsp;` no file of its own would know.
  const file = new XMLSerializer().serializeToString(copy);
  return file.replace(/var\(--([a-z0-9]+)\)/g, (whole, name) => colours[name] ?? whole);
}

/** The words of a part of a figure. @param {HTMLElement} figure @param {string} selector */
const words = (figure, selector) => figure.querySelector(selector)?.textContent?.trim() ?? "";

/** The numbers of a figure, its texts as comment lines above. @param {HTMLElement} figure */
function numbers(figure) {
  const cell = (/** @type {HTMLTableCellElement} */ c) => {
    const text = (c.textContent ?? "").trim();
    // No spreadsheet runs a text as a formula.
    const safe = /^[=+@\t\r-]/.test(text) && !/^[+-]?[\d.]+$/.test(text) ? `'${text}` : text;
    return /[",\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };
  const texts = [".title", ".subtitle", ".source"].map((s) => words(figure, s)).filter(Boolean);
  const table = figure.querySelector("table");
  const rows = [...(table?.rows ?? [])].map((row) => [...row.cells].map(cell).join(","));
  return [...texts.map((text) => `# ${text}`), ...rows, ""].join("\n");
}

/** Lines of a text no wider than some px. @param {CanvasRenderingContext2D} pen @param {string} text @param {number} room */
function lines(pen, text, room) {
  /** @type {string[]} */
  const out = [];
  for (const word of text.split(" ")) {
    const longer = out.length ? `${out[out.length - 1]} ${word}` : word;
    if (out.length && pen.measureText(longer).width <= room) out[out.length - 1] = longer;
    else out.push(word);
  }
  return out;
}

/** A card: title, drawing, source. @param {HTMLElement} figure */
async function card(figure) {
  const [width, height] = CARD;
  const colours = light();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = CARD;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const face = getComputedStyle(figure).fontFamily;
  pen.fillStyle = colours.paper;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = colours.accent;
  pen.fillRect(EDGE, EDGE - 16, 72, 6);
  pen.textBaseline = "top";
  let y = EDGE;
  const say = (/** @type {string} */ text, /** @type {number} */ size, /** @type {string} */ ink, weight = "") => {
    pen.font = `${weight} ${size}px ${face}`;
    pen.fillStyle = ink;
    for (const line of lines(pen, text, width - 2 * EDGE).slice(0, 2)) {
      pen.fillText(line, EDGE, y);
      y += size * 1.25;
    }
  };
  say(words(figure, ".title"), 36, colours.ink, "bold");
  const top = y + 12;
  const foot = height - EDGE - 20;
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(drawing(figure))}`;
  await image.decode();
  const scale = Math.min((width - 2 * EDGE) / image.width, (foot - 16 - top) / image.height);
  const size = [image.width * scale, image.height * scale];
  pen.drawImage(image, (width - size[0]) / 2, top, size[0], size[1]);
  y = foot;
  say(words(figure, ".source") || document.title, 18, colours.muted);
  return new Promise((/** @type {(blob: Blob | null) => void} */ done) => canvas.toBlob(done, "image/png"));
}

/** Hands a file to whoever looks. @param {string} name @param {Blob | null} blob */
function save(name, blob) {
  if (!blob) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Puts the three files under a figure. @param {HTMLElement} figure */
export function share(figure) {
  if (figure.querySelector(".save") || !figure.querySelector("svg")) return;
  const place = document.createElement("p");
  place.className = "save";
  const title = words(figure, ".title");
  const alt = document.createElement("span");
  alt.className = "alt";
  alt.setAttribute("role", "status");
  const offer = (/** @type {string} */ text, /** @type {() => unknown} */ act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.setAttribute("aria-label", `${text}: ${title}`);
    button.addEventListener("click", act);
    place.append(button);
  };
  const file = (/** @type {string} */ ending) => `${figure.id || "chart"}.${ending}`;
  offer("SVG", () => save(file("svg"), new Blob([drawing(figure)], { type: "image/svg+xml" })));
  offer("CSV", () => save(file("csv"), new Blob([numbers(figure)], { type: "text/csv" })));
  offer("PNG card", async () => {
    save(file("png"), await card(figure));
    // An image that is shared needs its words beside it.
    alt.textContent = `Alt text for the card: ${words(figure, "svg desc")}`;
  });
  place.append(alt);
  figure.append(place);
}

/** All of a page but its tiles, each of which leads to the page of its chart. */
export const shareAll = () => all("main figure.chart").filter((f) => !f.closest(".tile")).forEach(share);
