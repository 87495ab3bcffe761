// The desk: drafts an article, lets a person mend the draft, and saves what they accept, through the API like any client.
// The text is counted in code points, as the API counts: `points` is the text as an array of them.

const byId = (id) => document.getElementById(id);
const desk = byId("desk");
const page = byId("page");
const say = JSON.parse(desk.dataset.say);
const CAPACITIES = JSON.parse(desk.dataset.capacities);
const KINDS = JSON.parse(desk.dataset.kinds);
const LANGUAGE = desk.dataset.language;

const MEASURES = JSON.parse(desk.dataset.measures);
const UNITS = JSON.parse(desk.dataset.units);

const RELATIONS = { agreements: JSON.parse(desk.dataset.agreements), links: JSON.parse(desk.dataset.links) };

const RELATED = ["figures", "targets", "addressees", "about_events", "places", "agreements", "links"];
const SEARCHED = { targets: "speakers", addressees: "speakers", about_events: "events", places: "places", agreements: "agreements" };
const RELATION_OF_ACT = {
  agree: "signs", announce: "announces", welcome: "welcomes", "take-note": "takes-note-of", "express-support": "supports", pledge: "commits-to",
  urge: "urges-implementation-of", accuse: "alleges-violation-of", discuss: "discusses-implementation-of", report: "describes",
}; // how an act usually refers to an agreement; any other invokes it
const LAST_POINT = 999; // of an agreement
const TYPING = 150; // milliseconds between the last key and the question for names
const PAUSE = 5; // how many names are listed

let points = [];
let article = null; // {document, id, known, digest}
let fresh = new Map(); // documents of speakers that are not stored yet, by id
let cards = [];
let current = null;
let selected = null; // the last selection in the text: {start, end}
let sent = { body: "", key: "" }; // so that the same request sent again is recognised as the same

const filled = (sentence, value) => sentence.replace("{}", value);
const isLive = (card) => card.state === "open" || card.state === "accepted";

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// Requests

class Refusal extends Error {
  constructor(problem) {
    super(problem.detail || problem.title);
    this.errors = problem.errors || [];
    this.words = say.problems[(problem.type || "").split(":").at(-1)] || [];
  }
}

async function call(method, path, body, headers = {}) {
  const token = byId("token").value.trim();
  if (token) headers.Authorization = `Bearer ${token}`;
  let response;
  try {
    response = await fetch(desk.dataset.root + path, { method, body, headers });
  } catch {
    throw new Refusal({ detail: say.unreachable });
  }
  const text = await response.text();
  if (response.ok) return text;
  const isProblem = (response.headers.get("Content-Type") || "").includes("json");
  throw new Refusal(isProblem ? JSON.parse(text) : { detail: `${response.status} ${response.statusText}` });
}

async function digest(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What the page has no words for is said in those of the service, which are English.

const inEnglish = (text) => element("span", { textContent: text, lang: "en", dir: "ltr" });

function showErrors(list, sentences) {
  list.replaceChildren(...sentences.map((sentence) => element("li", {}, ...[sentence].flat())));
}

// What a problem is, in the reader's language where its title is a known one, and then in the words of the service.
const explained = (refusal) => (refusal.message === say.unreachable ? [refusal.message] : [...refusal.words.map((words) => `${words} `), inEnglish(refusal.message)]);

// An issue with the name of its field as the page has it.
function issue({ pointer, parameter, detail }) {
  const place = pointer || parameter || "";
  const name = place.split("/").findLast((part) => say.fields[part]);
  const known = Object.entries(say.issues).find(([pattern]) => new RegExp(pattern).test(detail));
  const label = name ? `${say.fields[name]} ` : "";
  return [label, ...(place ? [element("code", { textContent: place, dir: "ltr" }), ": "] : []), known ? known[1] : inEnglish(detail)];
}

// What a draft left undecided, in the language of the page where its sentence is a known one.
function translated(text) {
  for (const [pattern, sentence] of Object.entries(say.questions)) {
    const match = text.match(pattern);
    if (match) return { textContent: filled(sentence, match[1] || "") };
  }
  return { textContent: text, lang: "en", dir: "ltr" };
}

// Drafting

async function draft(event) {
  event.preventDefault();
  const list = byId("source-errors");
  list.replaceChildren();
  if (!globalThis.crypto?.subtle) return showErrors(list, [say.insecure]);
  try {
    await open(JSON.stringify(source()));
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    showErrors(list, [explained(refusal), ...refusal.errors.map(issue)]);
    const field = refusal.errors[0] && byId((refusal.errors[0].pointer || refusal.errors[0].parameter).replace("/", ""));
    (field || byId("text")).focus();
  }
}

function source() {
  const given = { text: byId("text").value };
  for (const name of ["title", "published", "language"]) if (value(name)) given[name] = value(name);
  const publisher = byId("publisher").dataset.id || value("publisher");
  return publisher ? { ...given, publisher } : given;
}

const value = (name) => latinDigits(byId(name).value.trim());
const latinDigits = (text) => text.replace(/[٠-٩]/g, (digit) => "٠١٢٣٤٥٦٧٨٩".indexOf(digit));

async function open(body) {
  const type = { "Content-Type": "application/json" };
  const drafted = JSON.parse(await call("POST", "/v1/drafts", body, { ...type, Accept: "application/json" }));
  byId("published").value ||= drafted.article.published || "";
  byId("title").value ||= drafted.article.title || "";
  const lines = (await call("POST", "/v1/drafts", body, { ...type, Accept: "application/x-ndjson" })).split("\n");
  const documents = lines.filter(Boolean).map((line) => JSON.parse(line));
  const text = drafted.article.text ?? byId("text").value.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n").normalize("NFC");
  if ((await digest(text)) !== drafted.article.sha256) throw new Refusal({ detail: say.differs });
  take(text, drafted, documents);
  show(drafted);
}

function take(text, drafted, documents) {
  const of = (type) => documents.filter((line) => line.type === type).map((line) => line.document);
  const known = drafted.article.known;
  points = [...text];
  fresh = new Map(of("speakers").map((speaker) => [speaker.id, speaker]));
  article = { document: of("articles")[0], id: known ? known.id : of("articles")[0].id, known: Boolean(known), digest: drafted.article.sha256 };
  cards = of("statements").map((statement) => {
    const place = Number(statement.id.match(/\d+$/)[0]) - 1;
    const isRecorded = known && !known.only_drafted.includes(place);
    return new Card(statement, drafted.statements[place], isRecorded ? "recorded" : "open");
  });
  current = selected = null;
  sent = { body: "", key: "" };
}

function show(drafted) {
  page.lang = drafted.article.language || "";
  page.dir = drafted.article.language === "en" ? "ltr" : "rtl";
  byId("work").hidden = false;
  byId("outcome").replaceChildren();
  byId("summary").textContent = filled(say.drafted, cards.length) + (article.known ? ` ${say.known}` : "");
  const left = drafted.undecided.map((each) => `${points.slice(each.start, each.start + 60).join("").trim()}… ${each.reason}`);
  byId("undecided").hidden = !left.length;
  byId("undecided").querySelector("ul").replaceChildren(...left.map((text) => element("li", { textContent: text, dir: "auto" })));
  arrange();
  (cards.find(isLive) || cards[0])?.focus();
}

// A statement, and the card on which it is mended

class Card {
  constructor(document, hints, state) {
    this.document = document;
    this.state = state;
    this.spans = document.reports[0].evidence.map(({ start, end }) => ({ start, end }));
    this.speakers = document.speakers.map(({ speaker, capacity }) => ({ ...named(speaker.id, hints), capacity }));
    this.questions = hints?.undecided || [];
    this.candidates = (hints?.speakers || []).flatMap((each) => each.candidates);
    this.named = (hints?.agreements || []).flatMap(({ label, records }) => records.filter(({ type }) => type === "agreements").map(({ id }) => ({ id, name: label })));
    this.related = RELATED.flatMap((kind) => (document[kind] || []).map((each, place) => related(kind, each, place, hints)));
    this.mark = crypto.getRandomValues(new Uint32Array(1))[0].toString(16);
    this.build(hints?.alternatives || []);
  }

  build(alternatives) {
    this.node = byId("card").content.firstElementChild.cloneNode(true);
    this.box = this.node.querySelector(".card");
    this.errors = this.node.querySelector(".errors");
    const { act, mode, date, date_basis: basis, summary } = { ...this.document, mode: this.document.reports[0].mode };
    const likely = [...new Set([act, ...alternatives])].map((term) => this.field("act").querySelector(`option[value="${term}"]`));
    this.field("act").prepend(element("optgroup", { label: say.likely }, ...likely));
    Object.entries({ act, mode, date, date_basis: basis }).forEach(([name, term]) => (this.field(name).value = term));
    this.field("summary").value = this.drafted = summary[LANGUAGE] || Object.values(summary)[0];
    this.questionList();
    this.typing = combobox(this.node.querySelector("[role=combobox]"), (choice) => this.addSpeaker(choice), () => this.candidates);
    const about = this.node.querySelector(".about");
    combobox(about.querySelector("[role=combobox]"), (choice) => this.addRelated(this.field("kind").value, choice), () => this.likely(), (typed) => this.find(typed));
    this.field("kind").addEventListener("change", () => this.askRelation());
    about.querySelector("[name=value]").addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), this.addFigure()));
    about.querySelector("[data-figure]").addEventListener("click", () => this.addFigure());
    this.node.addEventListener("focusin", () => choose(this));
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.node.addEventListener("click", (event) => ACTIONS[event.target.closest("[data-do]")?.dataset.do]?.(this));
  }

  field(name) {
    return this.node.querySelector(`[name="${name}"]`);
  }

  focus() {
    this.box.focus();
    this.box.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.target !== this.box || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = { KeyA: "accept", KeyR: "reject", KeyM: "merge", KeyS: "split", KeyT: "text", ArrowDown: "next", ArrowUp: "previous" }[event.code];
    if (action === undefined) return;
    event.preventDefault();
    ACTIONS[action](this);
  }

  addSpeaker({ id, name, isNew }) {
    if (isNew) id = newSpeaker(name);
    if (!this.speakers.some((speaker) => speaker.id === id)) this.speakers.push({ id, name, capacity: "author" });
    this.render();
    this.node.querySelector("[role=combobox]").focus();
  }

  // What a draft missed: an event, a place or somebody by name; a number with what it counts.

  addRelated(kind, choice) {
    const { value, label } = { agreements: () => this.agreement(choice), links: () => this.link(choice) }[kind]?.() || this.record(choice);
    if (!value) return showErrors(this.errors, [label]);
    this.errors.replaceChildren();
    this.related = unique([...this.related, { kind, value, label }]);
    this.render();
    this.node.querySelector(".about [role=combobox]").focus();
  }

  record({ id, name, isNew }) {
    return { value: { id: isNew ? newSpeaker(name) : id }, label: name };
  }

  agreement({ id, name }) {
    const relation = this.field("agreements-relation").value;
    const typed = latinDigits(this.field("provision").value.trim());
    const provision = typed ? Number(typed) : null;
    if (typed && !(Number.isInteger(provision) && 1 <= provision && provision <= LAST_POINT)) return { label: say.no_provision };
    this.field("provision").value = "";
    const phrase = this.named.find((each) => each.id === id)?.name || null;
    const words = [RELATIONS.agreements[relation], name, ...(provision ? [filled(say.provision, provision)] : [])];
    return { value: { agreement: { id }, relation, provision, label: phrase }, label: words.join(" · ") };
  }

  // A stored statement, or one of this page, whose id is made when it is saved.
  link({ id, mark, name }) {
    const relation = this.field("links-relation").value;
    return { value: { relation, statement: mark ? { mark } : { id } }, label: `${RELATIONS.links[relation]} · ${name}` };
  }

  askRelation() {
    const kind = this.field("kind").value;
    for (const part of this.node.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== kind;
    this.field("agreements-relation").value = RELATION_OF_ACT[this.field("act").value] || "invokes";
  }

  // What is offered before anything is typed: the agreements that the passage names, the other statements of the page.
  likely() {
    return { agreements: this.named, links: this.neighbours() }[this.field("kind").value] || [];
  }

  neighbours() {
    const others = cards.filter((card) => card !== this && (isLive(card) || card.state === "saved"));
    return others.map((card) => ({ mark: card.mark, name: card.title() }));
  }

  async find(typed) {
    const kind = this.field("kind").value;
    if (kind !== "links") return suggested(SEARCHED[kind], typed);
    const stored = await found(`/v1/statements?limit=${PAUSE}&fields=id,summary&q=${encodeURIComponent(typed)}`);
    const here = this.neighbours().filter(({ name }) => name.includes(typed));
    return [...here, ...stored.map(({ id, summary }) => ({ id, name: summary[LANGUAGE] || Object.values(summary)[0] }))];
  }

  title() {
    return `${filled(say.statement, cards.indexOf(this) + 1)}: ${this.field("summary").value}`;
  }

  // Whether every statement of the page that this one is linked to is saved along with it, or was before.
  isLinked() {
    const marks = this.related.flatMap(({ value }) => value.statement?.mark || []);
    return marks.every((mark) => ["accepted", "saved"].includes(cards.find((card) => card.mark === mark)?.state));
  }

  addFigure() {
    const [measure, typed, bound] = ["measure", "value", "bound"].map((name) => this.field(name).value.trim());
    const number = Number(latinDigits(typed).replace(/[,٬]/g, "").replace("٫", "."));
    if (!typed || !Number.isFinite(number)) return showErrors(this.errors, [say.number]);
    this.errors.replaceChildren();
    const figure = { measure, value: number, unit: UNITS[measure], bound, claimant: { id: this.speakers[0]?.id || "" } };
    this.related = unique([...this.related, related("figures", figure)]);
    this.field("value").value = "";
    this.render();
    this.field("value").focus();
  }

  questionList() {
    this.node.querySelector(".questions").replaceChildren(...this.questions.map((text) => element("li", translated(text))));
  }

  render() {
    const number = filled(say.statement, cards.indexOf(this) + 1);
    this.node.querySelector(".number").textContent = number;
    this.node.querySelector(".state").textContent = say.states[this.state];
    this.box.setAttribute("aria-label", `${number}: ${say.states[this.state]}`);
    this.box.dataset.state = this.state;
    for (const control of this.box.querySelectorAll("input, select, textarea, button")) control.disabled = ["saved", "recorded"].includes(this.state);
    const quoted = this.spans.map(({ start, end }) => points.slice(start, end).join("")).join(" … ");
    Object.assign(this.node.querySelector("blockquote"), { textContent: quoted, lang: page.lang, dir: page.dir });
    this.node.querySelector(".speakers").replaceChildren(...this.speakers.map((speaker) => this.speakerItem(speaker)));
    this.node.querySelector(".extras").replaceChildren(...this.related.map((each) => this.relatedItem(each)));
  }

  speakerItem(speaker) {
    const item = element("li", {}, element("bdi", { textContent: speaker.name }), " ");
    const unstored = fresh.get(speaker.id);
    if (unstored) item.append(element("small", { textContent: say.new }), " ", choice(KINDS, unstored.kind, filled(say.kind, speaker.name), (kind) => (unstored.kind = kind)));
    item.append(" ", choice(CAPACITIES, speaker.capacity, filled(say.capacity, speaker.name), (capacity) => (speaker.capacity = capacity)), " ");
    item.append(this.remover(speaker.name, () => (this.speakers = this.speakers.filter((each) => each !== speaker))));
    return item;
  }

  relatedItem(related) {
    const label = `${say.kinds[related.kind]}: ${related.label}`;
    return element("li", {}, element("bdi", { textContent: label }), " ", this.remover(label, () => (this.related = this.related.filter((each) => each !== related))));
  }

  remover(label, remove) {
    const button = element("button", { type: "button", className: "remove", textContent: "×" });
    button.setAttribute("aria-label", filled(say.remove, label));
    button.addEventListener("click", () => (remove(), this.render(), this.box.focus()));
    button.disabled = !isLive(this) && this.state !== "rejected";
    return button;
  }

  // Everybody whom the statement refers to, some of whom are not stored yet
  people() {
    const others = this.related.filter(({ kind }) => SEARCHED[kind] === "speakers");
    return [...this.speakers.map(({ id }) => id), ...others.map(({ value }) => value.id)];
  }

  // The document as the service takes it

  async finished() {
    const ids = this.speakers.map((speaker) => speaker.id);
    const publisher = byId("publisher").dataset.id;
    const chain = ids.map((id) => ({ agent: { id }, role: "spoke" }));
    if (publisher && !ids.includes(publisher)) chain.push({ agent: { id: publisher }, role: "published" });
    const evidence = await Promise.all(this.spans.map(async (span) => ({ ...span, sha256: await digest(points.slice(span.start, span.end).join("")) })));
    const summary = this.field("summary").value.trim();
    const claimant = (figure) => (ids.includes(figure.claimant.id) || !ids.length ? figure : { ...figure, claimant: { id: ids[0] } });
    const values = (kind) => unique(this.related.filter((each) => each.kind === kind).map((each) => each.value));
    return {
      ...this.document,
      ...Object.fromEntries(RELATED.map((kind) => [kind, values(kind)])),
      figures: values("figures").map(claimant),
      targets: values("targets").filter(({ id }) => !ids.includes(id)),
      addressees: values("addressees").filter(({ id }) => !ids.includes(id)),
      links: values("links").map(({ relation, statement }) => ({ relation, statement: { id: statement.id || cards.find(({ mark }) => mark === statement.mark).identity() } })),
      id: this.identity(),
      speakers: this.speakers.map(({ id, capacity }) => ({ speaker: { id }, capacity })),
      act: this.field("act").value,
      date: latinDigits(this.field("date").value.trim()),
      date_basis: this.field("date_basis").value,
      summary: summary === this.drafted ? this.document.summary : { [LANGUAGE]: summary },
      reports: [{ ...this.document.reports[0], article: { id: article.id }, chain, mode: this.field("mode").value, evidence }],
    };
  }

  identity() {
    return `${(this.speakers[0]?.id || "speaker").slice(0, 60).replace(/-$/, "")}-${this.field("act").value}-${this.mark}`;
  }

  showErrors(errors) {
    showErrors(this.errors, errors.map((error) => issue({ ...error, pointer: error.pointer.replace("/document", "") })));
    for (const { pointer } of errors) {
      const name = pointer.split("/").findLast((part) => /^[a-z_]+$/.test(part) && this.field(part));
      if (name) this.field(name).setAttribute("aria-invalid", "true");
    }
  }

  clearErrors() {
    this.errors.replaceChildren();
    this.node.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  }
}

function named(id, hints) {
  const entry = hints?.speakers.find((each) => each.speaker.id === id);
  const unstored = fresh.get(id);
  return { id, name: entry?.speaker.name || (unstored ? Object.values(unstored.name)[0] : id) };
}

// What a statement is about, with its place in the text, so that it goes along with its passage when a statement is split.
function related(kind, value, place, hints) {
  if (kind === "figures") return { kind, value, start: hints?.figures[place]?.start, label: `${MEASURES[value.measure]} ${value.value}` };
  const mentions = hints?.[{ about_events: "events" }[kind] || kind] || [];
  const mention = mentions.find((each) => each.records.some((record) => record.id === value.id));
  return { kind, value, start: mention?.start, label: mention?.label || value.id };
}

const unique = (values) => [...new Map(values.map((each) => [JSON.stringify(each), each])).values()];

function choice(terms, chosen, label, change) {
  const select = element("select", {}, ...Object.entries(terms).map(([term, text]) => new Option(text, term, false, term === chosen)));
  select.setAttribute("aria-label", label);
  select.addEventListener("change", () => change(select.value));
  return select;
}

const LETTERS = Object.fromEntries(Array.from("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءآأإؤئ", (letter, place) => [letter, "a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h w y a a a a a i w y".split(" ")[place]]));

function newSpeaker(name) {
  const existing = [...fresh.values()].find((speaker) => Object.values(speaker.name).includes(name));
  if (existing) return existing.id;
  const latin = Array.from(name.toLowerCase(), (letter) => LETTERS[letter] ?? letter).join("").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const slug = latin.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60).replace(/-$/, "");
  const id = `${slug || "speaker"}-${crypto.getRandomValues(new Uint32Array(1))[0].toString(16)}`;
  fresh.set(id, { id, kind: "person", name: { [page.lang || LANGUAGE]: name } });
  return id;
}

// What can be done with a statement

const ACTIONS = {
  accept: (card) => decide(card, "accepted"),
  reject: (card) => decide(card, "rejected"),
  next: (card) => cards[cards.indexOf(card) + 1]?.focus(),
  previous: (card) => cards[cards.indexOf(card) - 1]?.focus(),
  text: (card) => {
    page.focus();
    if (card.spans.length) select(card.spans[0].start, card.spans[0].end);
  },

  merge(card) {
    const before = cards[cards.indexOf(card) - 1];
    if (!before || !isLive(before) || !isLive(card)) return showErrors(card.errors, [say.first]);
    before.spans = joined([...before.spans, ...card.spans]);
    before.related = unique([...before.related, ...card.related]);
    cards = cards.filter((each) => each !== card);
    before.state = "open";
    arrange();
    before.focus();
  },

  split(card) {
    const place = selected?.start;
    const isWithin = card.spans[0]?.start < place && place < card.spans.at(-1).end;
    if (!isLive(card) || !(isWithin || card.spans.length > 1)) return showErrors(card.errors, [say.divide]);
    const at = isWithin ? place : card.spans[1].start;
    const after = new Card(structuredClone(card.document), null, "open");
    after.speakers = structuredClone(card.speakers);
    after.candidates = card.candidates;
    for (const name of ["act", "mode", "date", "date_basis"]) after.field(name).value = card.field(name).value;
    after.spans = card.spans.filter(({ end }) => end > at).map(({ start, end }) => trimmed(Math.max(start, at), end));
    card.spans = card.spans.filter(({ start }) => start < at).map(({ start, end }) => trimmed(start, Math.min(end, at)));
    after.related = card.related.filter((each) => !(each.start < at));
    card.related = card.related.filter((each) => !(each.start >= at));
    card.state = "open";
    cards.splice(cards.indexOf(card) + 1, 0, after);
    arrange();
    after.focus();
  },

  replace: (card) => withSelection(card, (span) => (card.spans = [span])),
  extend: (card) => withSelection(card, (span) => (card.spans = joined([...card.spans, span]))),

  add() {
    const span = selected && trimmed(selected.start, selected.end);
    if (!span || span.start >= span.end) return note(say.select);
    const model = (current || cards.find((card) => card.spans[0]?.start < span.start) || cards[0])?.document;
    const card = new Card(blank(span, model), null, "open");
    const place = cards.findIndex((each) => each.spans[0]?.start > span.start);
    cards.splice(place < 0 ? cards.length : place, 0, card);
    arrange();
    card.field("act").focus();
  },
};

// A statement of nobody yet, dated as the article is.
function blank(span, model) {
  const date = model?.date || value("published");
  const report = { article: { id: article.id }, chain: [], mode: "indirect", evidence: [span] };
  return { speakers: [], act: "report", summary: { [LANGUAGE]: "" }, date, date_basis: model?.date_basis || "dateline", reports: [report] };
}

function withSelection(card, change) {
  const span = selected && trimmed(selected.start, selected.end);
  if (!span || span.start >= span.end) return note(say.select);
  if (!card || !isLive(card)) return;
  change(span);
  arrange();
  card.focus();
}

function decide(card, state) {
  if (!isLive(card) && card.state !== "rejected") return;
  card.state = state;
  card.clearErrors();
  arrange();
  const place = cards.indexOf(card);
  (cards.slice(place + 1).find((each) => each.state === "open") || card).focus();
}

function joined(spans) {
  const ordered = [...spans].sort((a, b) => a.start - b.start);
  return ordered.reduce((done, span) => {
    const last = done.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else done.push({ ...span });
    return done;
  }, []);
}

function trimmed(start, end) {
  while (start < end && /\s/.test(points[start])) start += 1;
  while (start < end && /\s/.test(points[end - 1])) end -= 1;
  return { start, end };
}

const note = (sentence) => (byId("summary").textContent = sentence);

// The page as a whole

function arrange() {
  byId("cards").replaceChildren(...cards.map((card) => card.node));
  cards.forEach((card) => card.render());
  byId("save").textContent = filled(say.save, cards.filter((card) => card.state === "accepted").length);
  paint();
}

function choose(card) {
  if (current === card) return;
  current = card;
  paint();
  page.querySelector("mark.current")?.scrollIntoView({ block: "nearest" });
}

function paint() {
  const shown = cards.filter((card) => card.state !== "rejected");
  const cuts = new Set([0, points.length, ...shown.flatMap((card) => card.spans.flatMap(({ start, end }) => [start, end]))]);
  const ordered = [...cuts].sort((a, b) => a - b);
  page.replaceChildren(...ordered.slice(1).map((end, place) => piece(ordered[place], end, shown)));
  if (document.activeElement === page && selected) select(selected.start, selected.end);
}

function piece(start, end, shown) {
  const text = points.slice(start, end).join("");
  const owners = shown.filter((card) => card.spans.some((span) => span.start <= start && end <= span.end));
  if (!owners.length) return document.createTextNode(text);
  const isCurrent = owners.includes(current);
  const mark = element("mark", { textContent: text, className: isCurrent ? "current" : (isLive(owners[0]) && owners[0].state) || "done" });
  mark.addEventListener("click", () => getSelection().isCollapsed && owners[0].focus());
  return mark;
}

// Selecting in the text: positions of the document are turned into code points and back.

function placeOf(node, offset) {
  const range = document.createRange();
  range.setStart(page, 0);
  range.setEnd(node, offset);
  return [...range.toString()].length;
}

function nodeAt(place) {
  const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  let left = points.slice(0, place).join("").length;
  while (walker.nextNode()) {
    if (left <= walker.currentNode.length) return [walker.currentNode, left];
    left -= walker.currentNode.length;
  }
  return [page, page.childNodes.length];
}

function select(start, end) {
  getSelection().setBaseAndExtent(...nodeAt(start), ...nodeAt(end));
}

function noteSelection() {
  const selection = getSelection();
  if (!selection.rangeCount || !page.contains(selection.anchorNode) || !page.contains(selection.focusNode)) return;
  const range = selection.getRangeAt(0);
  selected = { start: placeOf(range.startContainer, range.startOffset), end: placeOf(range.endContainer, range.endOffset) };
}

document.addEventListener("selectionchange", noteSelection);

page.addEventListener("beforeinput", (event) => event.preventDefault()); // it is editable only so that it has a caret
page.addEventListener("input", paint); // what an input method could not be kept from writing goes away
page.addEventListener("keydown", (event) => {
  noteSelection(); // the browser tells of a change only after the keys that follow it at once
  if (event.key === "Enter") ACTIONS.add();
  else if (event.key === "Escape") (cards.find((card) => card.spans.some(({ start, end }) => start <= selected?.start && selected.start < end)) || current || cards[0])?.focus();
  else return;
  event.preventDefault();
});
for (const button of document.querySelectorAll(".text-side [data-do]")) {
  button.addEventListener("mousedown", (event) => event.preventDefault()); // which would move the focus from the text
  button.addEventListener("click", () => {
    noteSelection();
    if (button.dataset.do === "add" || current) ACTIONS[button.dataset.do](current);
  });
}

// Type-ahead (ARIA's combobox with a list): `find` gives the choices for what was typed, `before` those before anything is.

// What a list of the service has; nothing where it does not answer: a name that nobody is found by can still be added.
async function found(path) {
  try {
    return JSON.parse(await call("GET", path)).data;
  } catch {
    return [];
  }
}

async function suggested(type, typed) {
  const names = await found(`/v1/suggest?type=${type}&limit=${PAUSE}&q=${encodeURIComponent(typed)}`);
  const known = names.map(({ id, name, matched }) => ({ id, name: name[LANGUAGE] || Object.values(name)[0], matched }));
  return type === "speakers" ? [...known, { name: typed, isNew: true }] : known;
}

let boxes = 0;

function combobox(input, chosen, before = () => [], find = (typed) => suggested("speakers", typed)) {
  const list = input.parentElement.querySelector("[role=listbox]");
  if (!input.dataset.ready) {
    const id = `combobox-${(boxes += 1)}`;
    input.previousElementSibling.htmlFor = input.id = id + (input.name ? `-${input.name}` : "");
    list.id = `${id}-list`;
    input.setAttribute("aria-controls", list.id);
  }
  let timer = 0;
  let asked = 0;
  const close = () => ((list.hidden = true), input.setAttribute("aria-expanded", "false"), input.removeAttribute("aria-activedescendant"));
  const active = () => list.querySelector("[aria-selected=true]");

  function activate(option) {
    active()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
  }

  function offer(choices) {
    list.replaceChildren(...choices.map((each, place) => option(each, place)));
    list.hidden = !choices.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  function option(each, place) {
    const made = element("li", { id: `${list.id}-${place}`, textContent: each.isNew ? filled(say.add, each.name) : each.matched && each.matched !== each.name ? `${each.name} (${each.matched})` : each.name, dir: "auto" });
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.addEventListener("mousedown", (event) => (event.preventDefault(), take(each)));
    made.choice = each;
    return made;
  }

  function take(each) {
    close();
    input.value = "";
    chosen(each);
  }

  async function ask() {
    const typed = input.value.trim();
    const question = (asked += 1);
    if (!typed) return before().length ? offer(before()) : close();
    const choices = await find(typed);
    if (question === asked && document.activeElement === input) offer(choices);
  }

  input.addEventListener("input", () => (clearTimeout(timer), (timer = setTimeout(ask, TYPING))));
  input.addEventListener("focus", () => input.value || (before().length && offer(before())));
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const options = [...list.children];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !list.hidden) activate(options.at((options.indexOf(active()) + (active() ? step : Math.max(step, 0))) % options.length));
    else if (event.key === "Enter" && active()) take(active().choice);
    else if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "Enter" && !list.hidden) activate(options[0]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

const publisher = byId("publisher");
publisher.dataset.ready = "true";
publisher.addEventListener("input", () => delete publisher.dataset.id);
combobox(publisher, ({ id, name }) => {
  publisher.value = name;
  if (id) publisher.dataset.id = id;
});

// Saving: one import, which stores all or nothing and replaces nothing

async function save(event) {
  event.preventDefault();
  cards.forEach((card) => card.clearErrors());
  const outcome = byId("outcome");
  const accepted = cards.filter((card) => card.state === "accepted");
  if (!accepted.length) return (outcome.textContent = say.none);
  const unlinked = accepted.filter((card) => !card.isLinked());
  if (unlinked.length) {
    outcome.textContent = say.refused;
    unlinked.forEach((card) => showErrors(card.errors, [say.unlinked]));
    return unlinked[0].focus();
  }
  byId("save").disabled = true;
  const lines = await gather(accepted);
  try {
    await send(lines.map(({ type, document }) => JSON.stringify({ type, document })).join("\n") + "\n");
    keep(accepted);
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    refuse(refusal, lines);
  } finally {
    byId("save").disabled = false;
  }
}

// The lines of an import, each with the card beside which its errors are shown (the article's stand at the top).
async function gather(accepted) {
  const lines = [];
  for (const card of accepted)
    for (const id of card.people()) {
      const speaker = fresh.get(id);
      if (speaker && !lines.some((line) => line.document === speaker)) lines.push({ type: "speakers", document: speaker, card });
    }
  if (!article.known) lines.push({ type: "articles", document: articleDocument() });
  for (const card of accepted) lines.push({ type: "statements", document: await card.finished(), card });
  return lines;
}

function articleDocument() {
  const publisher = byId("publisher").dataset.id;
  const title = value("title") || null;
  return {
    ...article.document,
    title,
    ...(title ? { supplied_title: undefined } : {}),
    published: value("published"),
    ...(publisher ? { publisher: { id: publisher }, publisher_basis: "stated" } : {}),
  };
}

function send(body) {
  if (sent.body !== body) sent = { body, key: crypto.randomUUID() };
  return call("POST", "/v1/import", body, { "Content-Type": "application/x-ndjson", "If-None-Match": "*", "Idempotency-Key": `"${sent.key}"` });
}

function keep(accepted) {
  article.known = true;
  accepted.forEach((card) => card.people().forEach((id) => fresh.delete(id)));
  accepted.forEach((card) => (card.state = "saved"));
  arrange();
  const link = element("a", { href: `${desk.dataset.root}/${LANGUAGE}/articles/${article.id}`, textContent: byId("title").value || article.id, dir: "auto" });
  byId("outcome").replaceChildren(`${say.saved} `, link);
}

function refuse(refusal, lines) {
  const outcome = byId("outcome");
  outcome.replaceChildren(`${say.refused} `, ...explained(refusal));
  const places = Map.groupBy(refusal.errors, (error) => lines[error.line - 1]?.card);
  for (const [card, errors] of places)
    if (card) card.showErrors(errors);
    else showErrors(byId("source-errors"), errors.map(issue));
  cards.find((card) => places.has(card))?.focus();
}

byId("source").addEventListener("submit", draft);
byId("saving").addEventListener("submit", save);
addEventListener("beforeunload", (event) => cards.some((card) => card.state === "accepted") && event.preventDefault());
