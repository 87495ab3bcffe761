/** The client against a running service: TASRIH_URL and TASRIH_TOKEN say which. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Mirror, Problem, Tasrih, retrying } from "tasrih-client";

const url = process.env["TASRIH_URL"] ?? "";
const tasrih = new Tasrih(url, { token: process.env["TASRIH_TOKEN"] ?? "" });

const problem = (status: number, name: string) => (error: unknown) =>
  error instanceof Problem && error.status === status && error.type === `urn:tasrih:problem:${name}`;

test("all pages are read", async () => {
  const ids: string[] = [];
  for await (const statement of tasrih.list("statements", { limit: 7 })) ids.push(statement.id);
  const { data } = await tasrih.api.GET("/v1/statements", { params: { query: { limit: 1, total: "exact" } } });
  assert.equal(ids.length, data?.page.total);
  assert.equal(new Set(ids).size, ids.length);
  for await (const statement of tasrih.list("statements", { speaker: ["antonio-guterres"], act: ["welcome"] }))
    assert.equal(statement.act, "welcome");
});

test("records are written under conditions", async () => {
  const created = await tasrih.put("places", "by-typescript", { kind: "city", name: { en: "Gyumri" } });
  const again = tasrih.put("places", "by-typescript", { kind: "city", name: { en: "Gyumri" } });
  await assert.rejects(again, problem(412, "precondition-failed"));
  const changed = await tasrih.patch("places", "by-typescript", { iso_3166: "AM-SH" }, created.etag);
  assert.equal(changed.document.iso_3166, "AM-SH");
  assert.deepEqual(await tasrih.get("places", "by-typescript"), changed);
  await tasrih.delete("places", "by-typescript", changed.etag);
  await assert.rejects(tasrih.get("places", "by-typescript"), problem(410, "gone"));
});

test("a repeated POST creates one record", async () => {
  const body = { kind: "person", name: { en: "Posted once" } } as const;
  assert.deepEqual(await tasrih.create("speakers", body, "ts-1"), await tasrih.create("speakers", body, "ts-1"));
  const outcome = await tasrih.import([{ type: "places", document: { id: "ts", kind: "city", name: { en: "Ts" } } }]);
  assert.deepEqual(outcome, { created: 1, changed: 0, unchanged: 0 });
});

test("problems have every error", async () => {
  const wrong = tasrih.pages("statements", { since: "2021-13-45", limit: 0 }).next();
  await assert.rejects(wrong, (error) => {
    assert(error instanceof Problem);
    assert.deepEqual(error.errors.map((mistake) => mistake.parameter).sort(), ["limit", "since"]);
    return true;
  });
});

test("a mirror holds what the service holds", async () => {
  const mirror = new Mirror(tasrih);
  assert((await mirror.update()) > 200);
  const { document, etag } = await tasrih.put("places", "ts-mirrored", { kind: "city", name: { en: "Mirrored" } });
  assert.equal(await mirror.update(), 1);
  assert.deepEqual(mirror.get("places", "ts-mirrored"), document);
  await tasrih.delete("places", "ts-mirrored", etag);
  assert.equal(await mirror.update(), 1);
  assert.equal(mirror.get("places", "ts-mirrored"), undefined);
});

test("a busy service is asked again with the same key", async () => {
  const keys: (string | null)[] = [];
  const pauses: number[] = [];
  const busy = async (request: Request): Promise<Response> => {
    keys.push(request.headers.get("Idempotency-Key"));
    if (keys.length === 1) throw new TypeError("fetch failed");
    return keys.length === 2 ? new Response("", { status: 503, headers: { "Retry-After": "7" } }) : Response.json({});
  };
  const fetch = retrying(busy, 3, async (seconds) => void pauses.push(seconds));
  await new Tasrih(url, { fetch }).create("places", { kind: "city", name: { en: "Busy" } });
  assert.equal(new Set(keys).size, 1);
  assert.notEqual(keys[0], null);
  assert.deepEqual(pauses, [1, 7]);
});
