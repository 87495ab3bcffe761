// Drives openapi-fetch with the types that openapi-typescript made.

import createClient from "openapi-fetch";
import type { paths } from "../generated/openapi-typescript/api.js";
import { base, cursorOf, expect, firstType, lines, token } from "./expecting.js";

const api = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: base, headers: { Authorization: `Bearer ${token}` } });
const id = "by-openapi-typescript";

const places = new Set<string>();
for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
  const { data } = await api.GET("/v1/places", { params: { query: cursor ? { limit: 7, cursor } : { limit: 7 } } });
  expect(data, "a page");
  for (const place of data.data) places.add(place.id);
  cursor = cursorOf(data.page.next);
}
expect(places.size > 7, "more than a page of places");

const sochi = await api.GET("/v1/places/{id}", { params: { path: { id: "sochi" } } });
expect(sochi.data?.name?.["en"] === "Sochi", "the name of the place");
const missing = await api.GET("/v1/places/{id}", { params: { path: { id: "nowhere" } } });
expect(missing.error?.type === "urn:tasrih:problem:no-such-record", "to be told that there is none");
const summaries = await api.GET("/v1/statements", { params: { query: { fields: ["summary"], limit: 1 } } });
const first = summaries.data?.data[0];
expect(first?.summary && first.act === undefined, "a part of a statement");
const whole = await api.GET("/v1/statements/{id}", { params: { path: { id: first.id }, query: { expand: ["speakers"] } } });
expect(whole.data?.speakers?.[0]?.speaker.kind, "a whole speaker");

const put = { params: { path: { id }, header: { "If-None-Match": "*" } }, body: { name: { en: "Gyumri" }, kind: "city" } } as const;
const created = await api.PUT("/v1/places/{id}", put);
expect(created.response.status === 201, "a new place");
const again = await api.PUT("/v1/places/{id}", put);
expect(again.error?.type === "urn:tasrih:problem:precondition-failed", "that nothing is created twice");
const changed = await api.PATCH("/v1/places/{id}", {
  params: { path: { id }, header: { "If-Match": created.response.headers.get("ETag") ?? "" } },
  body: { iso_3166: "AM-SH" },
});
expect(changed.data?.iso_3166 === "AM-SH", "the change");

const imported = await api.POST("/v1/import", {
  headers: { "Content-Type": "application/x-ndjson" },
  body: lines(`a-${id}`, `b-${id}`),
  bodySerializer: (body) => body, // the lines as they are: it would write a string as JSON
});
expect(imported.data?.created === 2, "two new places");
const exported = await api.GET("/v1/statements/export", { parseAs: "text" });
expect(firstType(exported.data ?? "") === "statements", "lines of statements");

const seen = new Set<string>();
for (let since = 0, more = true; more; ) {
  const { data } = await api.GET("/v1/changes", { params: { query: { since, limit: 200 } } });
  expect(data, "changes");
  for (const change of data.data) seen.add(change.id);
  ({ position: since, more } = data.page);
}
expect(seen.has(id) && seen.has(`b-${id}`), "what was just stored among the changes");
