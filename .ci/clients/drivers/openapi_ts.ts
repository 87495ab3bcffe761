// Drives the client that @hey-api/openapi-ts made.

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
} from "../generated/openapi-ts";
import { client } from "../generated/openapi-ts/client.gen";
import { base, cursorOf, expect, firstType, lines, token } from "./expecting.js";

client.setConfig({ baseUrl: base, auth: token });
const id = "by-openapi-ts";

const places = new Set<string>();
for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
  const { data } = await listPlaces({ query: cursor ? { limit: 7, cursor } : { limit: 7 } });
  expect(data, "a page");
  for (const place of data.data) places.add(place.id);
  cursor = cursorOf(data.page.next);
}
expect(places.size > 7, "more than a page of places");

const sochi = await getPlace({ path: { id: "sochi" } });
expect(sochi.data?.name?.["en"] === "Sochi", "the name of the place");
const missing = await getPlace({ path: { id: "nowhere" } });
expect(missing.error?.type === "urn:tasrih:problem:no-such-record", "to be told that there is none");
const summaries = await listStatements({ query: { fields: ["summary"], limit: 1 } });
const first = summaries.data?.data[0];
expect(first?.summary && first.act === undefined, "a part of a statement");
const whole = await getStatement({ path: { id: first.id }, query: { expand: ["speakers"] } });
expect(whole.data?.speakers?.[0]?.speaker.kind, "a whole speaker");

const put = { path: { id }, headers: { "If-None-Match": "*" }, body: { name: { en: "Gyumri" }, kind: "city" } } as const;
const created = await replacePlace(put);
expect(created.response?.status === 201, "a new place");
const again = await replacePlace(put);
expect(again.error?.type === "urn:tasrih:problem:precondition-failed", "that nothing is created twice");
const changed = await changePlace({
  path: { id },
  headers: { "If-Match": created.response.headers.get("ETag") ?? "" },
  body: { iso_3166: "AM-SH" },
});
expect(changed.data?.iso_3166 === "AM-SH", "the change");

const imported = await importRecords({ body: new Blob([lines(`a-${id}`, `b-${id}`)]) });
expect(imported.data?.created === 2, "two new places");
const exported = await exportStatements();
expect(exported.data && firstType(await exported.data.text()) === "statements", "lines of statements");

const seen = new Set<string>();
for (let since = 0, more = true; more; ) {
  const { data } = await listChanges({ query: { since, limit: 200 } });
  expect(data, "changes");
  for (const change of data.data) seen.add(change.id);
  ({ position: since, more } = data.page);
}
expect(seen.has(id) && seen.has(`b-${id}`), "what was just stored among the changes");
