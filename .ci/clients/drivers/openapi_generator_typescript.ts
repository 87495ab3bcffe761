// Drives the client in TypeScript that openapi-generator made.

import { BulkApi, ChangesApi, Configuration, PlacesApi, ResponseError, StatementsApi } from "../generated/openapi-generator-typescript";
import { base, cursorOf, expect, firstType, lines, token } from "./expecting.js";

const configuration = new Configuration({ basePath: base, accessToken: token });
const api = new PlacesApi(configuration);
const id = "by-openapi-generator-typescript";

async function problemOf(request: Promise<unknown>): Promise<string> {
  try {
    await request;
  } catch (error) {
    if (error instanceof ResponseError) return (await error.response.json()).type;
  }
  throw new Error("Expected a problem.");
}

const places = new Set<string>();
for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
  const page = await api.listPlaces(cursor ? { limit: 7, cursor } : { limit: 7 });
  for (const place of page.data) places.add(place.id);
  cursor = cursorOf(page.page.next);
}
expect(places.size > 7, "more than a page of places");

const sochi = await api.getPlace({ id: "sochi" });
expect(sochi.name?.["en"] === "Sochi", "the name of the place");
const missing = await problemOf(api.getPlace({ id: "nowhere" }));
expect(missing === "urn:tasrih:problem:no-such-record", "to be told that there is none");
const statements = new StatementsApi(configuration);
const [first] = (await statements.listStatements({ fields: ["summary"], limit: 1 })).data;
expect(first?.summary && first.act === undefined, "a part of a statement");
const whole = await statements.getStatement({ id: first.id, expand: ["speakers"] });
expect(whole.speakers?.[0]?.speaker.kind, "a whole speaker");

const put = { id, ifNoneMatch: "*", placeBody: { name: { en: "Gyumri" }, kind: "city" } } as const;
const created = await api.replacePlaceRaw(put);
expect(created.raw.status === 201, "a new place");
const again = await problemOf(api.replacePlace(put));
expect(again === "urn:tasrih:problem:precondition-failed", "that nothing is created twice");
const tag = created.raw.headers.get("ETag") ?? "";
const changed = await api.changePlace({ id, ifMatch: tag, placePatch: { iso3166: "AM-SH" } });
expect(changed.iso3166 === "AM-SH", "the change");

const bulk = new BulkApi(configuration);
const imported = await bulk.importRecords({ body: new Blob([lines(`a-${id}`, `b-${id}`)]) });
expect(imported.created === 2, "two new places");
const exported = await bulk.exportStatements();
expect(firstType(await exported.text()) === "statements", "lines of statements");

const seen = new Set<string>();
for (let since = 0, more = true; more; ) {
  const feed = await new ChangesApi(configuration).listChanges({ since, limit: 200 });
  for (const change of feed.data) seen.add(change.id);
  ({ position: since, more } = feed.page);
}
expect(seen.has(id) && seen.has(`b-${id}`), "what was just stored among the changes");
