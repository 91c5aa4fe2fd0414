// What the page does: language, theme, timeline, network, reader. Text goes in as text, never as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const strings = JSON.parse(document.getElementById("strings").textContent);
const at = (id) => document.getElementById(id);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const MOST = 5;

function make(tag, text, attributes = {}) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

const store = {
  get: (key) => { try { return localStorage.getItem("vermeld-" + key); } catch { return null; } },
  set: (key, value) => { try { localStorage.setItem("vermeld-" + key, value); } catch { /* private window */ } },
};

// --- language
let language = "nl";
const t = (key) => strings[language][key] ?? key;
const number = (value, options) => new Intl.NumberFormat(language, options).format(value);
const percent = (value) => number(value, { style: "percent", maximumFractionDigits: 1, minimumFractionDigits: 1 });

function translate(root = document) {
  for (const e of all("[data-t]", root)) e.textContent = t(e.dataset.t);
  for (const e of all("[data-t-label]", root)) e.setAttribute("aria-label", t(e.dataset.tLabel));
  for (const e of all("[data-t-hint]", root)) e.setAttribute("placeholder", t(e.dataset.tHint));
  for (const e of all("[data-n]", root)) e.textContent = number(Number(e.dataset.n));
  for (const e of all("[data-share]", root)) e.textContent = percent(Number(e.dataset.share));
  const month = new Intl.DateTimeFormat(language, { month: "short", year: "numeric", timeZone: "UTC" });
  for (const e of all("[data-month]", root)) e.textContent = month.format(new Date(e.dateTime));
}

function setLanguage(wanted) {
  language = wanted;
  document.documentElement.lang = wanted;
  document.title = "Vermeld: " + t("title");
  at("language").textContent = t("language");
  at("language").lang = wanted === "nl" ? "en" : "nl";
  translate();
  showTimeline();
}

// --- theme
const isDark = () => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  showTimeline();
}

// --- timeline
const byId = new Map(data.entities.map((e) => [e.id, e]));
const byName = new Map();
for (const e of data.entities) {
  const key = byName.has(e.name.toLowerCase()) ? `${e.name} (${e.id})` : e.name;
  byName.set(key.toLowerCase(), e);
  at("entities").append(make("option", undefined, { value: key }));
}
let chosen = data.entities.filter((e) => e.kind === "leader").slice(0, 3);
if (!chosen.length) chosen = data.entities.slice(0, 3);

// Counts of an entity (or of all articles) added up by period; a period is named by its first month.
function periodOf(month) {
  const [year, m] = month.split("-").map(Number);
  const first = { month: m, quarter: 3 * Math.floor((m - 1) / 3) + 1, year: 1 }[at("period").value];
  return `${year}-${String(first).padStart(2, "0")}-01`;
}

function summed(places, values) {
  const sums = new Map(data.months.map((month) => [periodOf(month), 0]));
  places.forEach((place, k) => {
    const period = periodOf(data.months[place]);
    sums.set(period, sums.get(period) + (values[k] ?? 0));
  });
  return sums;
}

function rowsOf(entity, index) {
  const measure = at("measure").value;
  const share = measure === "share";
  const counts = summed(entity.at, entity[share ? "n_articles" : measure]);
  const totals = share && summed(data.months.map((_, k) => k), data.articles);
  const edges = measure === "n_estimated" && [summed(entity.at, entity.n_low), summed(entity.at, entity.n_high)];
  return [...counts].map(([month, n]) => ({
    name: entity.name, month, colour: colourOf(index),
    // Of no articles there is no share: the line breaks.
    n: share ? (totals.get(month) ? Math.round(1000 * n / totals.get(month)) / 10 : null) : n,
    low: edges ? edges[0].get(month) : null, high: edges ? edges[1].get(month) : null,
  }));
}

const colourOf = (index) => (index === 0 ? colour("--accent") : data.colours[index % data.colours.length]);

function config() {
  const quiet = colour("--quiet"), line = colour("--line"), font = colour("--sans");
  return {
    background: "transparent", font, view: { stroke: null },
    axis: { labelColor: quiet, titleColor: quiet, gridColor: line, domainColor: line, tickColor: line, labelFontSize: 12, titleFontWeight: "normal" },
    axisY: { tickCount: 5, domain: false, ticks: false, labelPadding: 10 },
    axisX: data.months.length > 24 ? { format: "%Y", tickCount: "year" } : { format: "%b %Y" },
  };
}

let view = null;
let drawing = 0;
async function showTimeline() {
  const rows = chosen.flatMap(rowsOf);
  showChips();
  showFigures(rows);
  const spec = structuredClone(data.chart);
  if (at("measure").value !== "n_estimated") spec.layer = spec.layer.filter((layer) => layer.mark.type !== "area");
  const title = t(at("measure").value) + (at("measure").value === "share" ? " (%)" : "");
  for (const layer of spec.layer) if (layer.encoding?.y && "title" in layer.encoding.y) layer.encoding.y.title = title;
  spec.config = config();
  spec.datasets = { rows };
  const ticket = ++drawing;
  const drawn = await vegaEmbed(at("chart"), spec, { actions: false, renderer: "svg", ast: true,
    formatLocale: data.locales[language].number, timeFormatLocale: data.locales[language].time });
  if (ticket !== drawing) return drawn.finalize();
  view?.finalize();
  view = drawn;
  at("chart").dataset.shown = chosen.map((e) => e.id).join(" ");
}

function showChips() {
  at("chosen").replaceChildren(...chosen.map((entity, index) => {
    const button = make("button", undefined, { type: "button", "aria-label": `${t("remove")}: ${entity.name}` });
    const line = make("i");
    line.style.background = colourOf(index);
    button.append(line, entity.name, make("span", "×"));
    button.addEventListener("click", () => { toggle(entity); (at("chosen").querySelector("button") ?? at("entity")).focus(); });
    const item = make("li");
    item.append(button);
    return item;
  }));
  for (const b of all("[data-choose]")) b.setAttribute("aria-pressed", String(chosen.some((e) => e.id === b.dataset.choose)));
}

function showFigures(rows) {
  const periods = [...new Set(rows.map((r) => r.month))].filter((m) => rows.some((r) => r.month === m && r.n));
  const head = make("tr");
  const cut = { month: 7, quarter: 7, year: 4 }[at("period").value];
  head.append(make("th", t(at("period").value)), ...chosen.map((e) => make("th", e.name, { class: "n" })));
  const lines = periods.map((period) => {
    const line = make("tr");
    const cells = chosen.map((e) => {
      const row = rows.find((r) => r.name === e.name && r.month === period);
      const edges = row.low === null ? "" : ` (${number(row.low)}–${number(row.high)})`;
      return make("td", row.n === null ? "–" : number(row.n) + edges, { class: "n" });
    });
    line.append(make("th", period.slice(0, cut)), ...cells);
    return line;
  });
  at("figures").replaceChildren(head, ...lines);
}

function say(text) { at("said").textContent = text; }

function toggle(entity) {
  say("");
  if (chosen.includes(entity)) chosen = chosen.filter((e) => e !== entity);
  else if (chosen.length === MOST) return say(t("full"));
  else chosen = [...chosen, entity];
  if (!chosen.length) say(t("nothing"));
  showTimeline();
}

at("chooser").addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = at("entity").value.trim();
  const entity = byName.get(typed.toLowerCase()) ?? data.entities.find((e) => e.name.toLowerCase().split(" ").includes(typed.toLowerCase()));
  if (!entity) return say(typed ? `${t("unknown")} ${typed}` : t("nothing"));
  at("entity").value = "";
  if (!chosen.includes(entity)) toggle(entity);
});
for (const id of ["measure", "period"]) at(id).addEventListener("change", showTimeline);
at("measure").addEventListener("change", () => { if (at("measure").value === "n_estimated") { at("period").value = "month"; showTimeline(); } });
for (const button of all("[data-choose]")) button.addEventListener("click", () => toggle(byId.get(button.dataset.choose)));

// --- keys: one stop for Tab in a set, arrow keys within
function walk(elements) {
  elements.forEach((element, index) => {
    element.setAttribute("tabindex", index ? "-1" : "0");
    element.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = elements[(index + step + elements.length) % elements.length];
      element.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    });
  });
}

// --- network
function pointAt(svg, node) {
  const ties = all(".tie", svg).filter((tie) => [tie.dataset.a, tie.dataset.b].includes(node.dataset.node));
  const near = new Set(ties.flatMap((tie) => [tie.dataset.a, tie.dataset.b]));
  svg.classList.add("pointing");
  for (const e of all(".node", svg)) e.classList.toggle("near", e === node || near.has(e.dataset.node));
  for (const e of all(".tie", svg)) e.classList.toggle("near", ties.includes(e));
  const names = all(".node.near", svg).filter((e) => e !== node).map((e) => e.querySelector("text").textContent);
  at("pointed").replaceChildren(make("b", node.querySelector("text").textContent), ` ${t("with")} ${new Intl.ListFormat(language).format(names)}`);
}

for (const svg of all(".vermeld-net")) {
  const nodes = all(".node", svg);
  svg.setAttribute("role", "group");
  walk(nodes);
  for (const node of nodes) {
    node.setAttribute("role", "button");
    node.setAttribute("aria-label", node.querySelector("title").textContent);
    node.addEventListener("pointerenter", () => pointAt(svg, node));
    node.addEventListener("focus", () => pointAt(svg, node));
    node.addEventListener("blur", () => svg.classList.remove("pointing"));
  }
  svg.addEventListener("pointerleave", () => svg.classList.remove("pointing"));
}

// --- reader
const tip = at("tip");

function showTip(mark) {
  const d = mark.dataset;
  const list = make("dl");
  const line = (key, value) => { if (value) list.append(make("dt", t(key)), make("dd", value)); };
  line("tip_kind", d.kind && t("kind_" + d.kind));
  line("tip_country", d.country);
  if (d.name) line("tip_reason", t("reason_" + d.linkReason));
  line("tip_role", d.role);
  line("tip_label", `${d.label} · ${number(Number(d.score), { minimumFractionDigits: 2 })}`);
  line("tip_by", t("by_" + d.recogniser));
  tip.replaceChildren(make("b", d.name ?? t("tip_nil")), list);
  tip.hidden = false;
  const box = mark.getClientRects()[0], size = tip.getBoundingClientRect();
  const below = box.bottom + 8 + size.height < innerHeight;
  tip.style.top = `${below ? box.bottom + 8 : Math.max(4, box.top - size.height - 8)}px`;
  tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - size.width - 12))}px`;
}
const hideTip = () => { tip.hidden = true; };
addEventListener("scroll", hideTip, { passive: true });
addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });

function openArticle(id, move = true) {
  const text = at("text-" + id);
  if (!text) return;
  at("article").replaceChildren(text.content.cloneNode(true));
  const marks = all("mark", at("article"));
  walk(marks);
  for (const mark of marks) {
    mark.removeAttribute("title");
    mark.setAttribute("aria-describedby", "tip");
    for (const type of ["pointerover", "focus", "click"]) mark.addEventListener(type, (event) => { event.stopPropagation(); showTip(mark); });
    for (const type of ["pointerout", "blur"]) mark.addEventListener(type, hideTip);
  }
  for (const button of all("#shelf [data-open]")) button.setAttribute("aria-current", String(button.dataset.open === id));
  if (move) { at("article").focus({ preventScroll: true }); at("article").scrollIntoView({ block: "start" }); }
}

for (const button of all("[data-open]")) button.addEventListener("click", () => openArticle(button.dataset.open));
at("filter").addEventListener("input", () => {
  const words = at("filter").value.toLowerCase().split(/\s+/);
  let found = 0;
  for (const item of all("#shelf li")) {
    item.hidden = !words.every((word) => item.textContent.toLowerCase().includes(word));
    found += !item.hidden;
  }
  at("none").hidden = found > 0;
});
at("furniture").addEventListener("change", () => at("article").classList.toggle("no-furniture", !at("furniture").checked));

// --- begin
at("language").addEventListener("click", () => { setLanguage(language === "nl" ? "en" : "nl"); store.set("language", language); });
at("theme").addEventListener("click", () => { setTheme(isDark() ? "light" : "dark"); store.set("theme", document.documentElement.dataset.theme); });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showTimeline);
if (data.months.length > 72) at("period").value = data.months.length > 240 ? "year" : "quarter";
const theme = store.get("theme");
if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
const first = at("shelf").querySelector("[data-open]");
if (first) openArticle(first.dataset.open, false);
setLanguage(store.get("language") === "en" ? "en" : "nl");
