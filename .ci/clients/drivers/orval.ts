// Drives the client that orval made.

import {
  changePlace,
  exportStatements,
  getPlace,
  getStatement,
  importRecords,
  listChanges,
  listPlaces,
  listStatements,
  replacePlace,
} from "../generated/orval/api";
import type { PlacePage, Statement, StatementPage } from "../generated/orval/api";
import { cursorOf, expect, firstType, lines, token } from "./expecting.js";

const authorized = (headers: Record<string, string> = {}) => ({ headers: { Authorization: `Bearer ${token}`, ...headers } });
const id = "by-orval";

const places = new Set<string>();
for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
  const page = await listPlaces(cursor ? { limit: 7, cursor } : { limit: 7 });
  expect(page.status === 200, "a page");
  const found = page.data as PlacePage;
  for (const place of found.data) places.add(place.id);
  cursor = cursorOf(found.page.next);
}
expect(places.size > 7, "more than a page of places");

const sochi = await getPlace("sochi");
expect(sochi.status === 200 && sochi.data.name?.["en"] === "Sochi", "the name of the place");
const missing = await getPlace("nowhere");
expect(missing.status === 404 && missing.data.type === "urn:tasrih:problem:no-such-record", "to be told that there is none");
const summaries = await listStatements({ fields: ["summary"], limit: 1 });
expect(summaries.status === 200, "a page");
const first = (summaries.data as StatementPage).data[0];
expect(first?.summary && first.act === undefined, "a part of a statement");
const whole = await getStatement(first.id, { expand: ["speakers"] });
expect(whole.status === 200 && (whole.data as Statement).speakers?.[0]?.speaker.kind, "a whole speaker");

const body = { name: { en: "Gyumri" }, kind: "city" } as const;
const created = await replacePlace(id, body, authorized({ "If-None-Match": "*" }));
expect(created.status === 201, "a new place");
const again = await replacePlace(id, body, authorized({ "If-None-Match": "*" }));
expect(again.status === 412 && again.data.type === "urn:tasrih:problem:precondition-failed", "that nothing is created twice");
const tag = created.headers.get("ETag") ?? "";
const changed = await changePlace(id, { iso_3166: "AM-SH" }, authorized({ "If-Match": tag }));
expect(changed.status === 200 && changed.data.iso_3166 === "AM-SH", "the change");

const imported = await importRecords(new Blob([lines(`a-${id}`, `b-${id}`)]), authorized());
expect(imported.status === 200 && imported.data.created === 2, "two new places");
const exported = await exportStatements();
expect(exported.status === 200 && firstType(await exported.stream.text()) === "statements", "lines of statements");

const seen = new Set<string>();
for (let since = 0, more = true; more; ) {
  const feed = await listChanges({ since, limit: 200 });
  expect(feed.status === 200, "changes");
  for (const change of feed.data.data) seen.add(change.id);
  ({ position: since, more } = feed.data.page);
}
expect(seen.has(id) && seen.has(`b-${id}`), "what was just stored among the changes");
