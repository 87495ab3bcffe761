/** A client of Tasrih: pages, typed records, conditional writes, problems as exceptions, retries, and a mirror. */

import createClient, { type Client } from "openapi-fetch";
import type { paths } from "./contract.js";
import { Problem } from "./problem.js";
import type { Feed, Filters, Name, Records } from "./records.js";
import { pause, retryAfter, retrying, type Fetch } from "./retrying.js";

export type { components, paths } from "./contract.js";
export { Mirror, type Store } from "./mirror.js";
export { Problem, type Mistake } from "./problem.js";
export type * from "./records.js";
export { retrying } from "./retrying.js";

export interface Options {
  /** To write, or where reads are closed. */
  token?: string;
  /** How often a request is repeated when the service is busy; 3 unless given. */
  retries?: number;
  fetch?: Fetch;
}

/** A record with its entity tag, by which a write says which version it means to change. */
export interface Stored<R> {
  document: R;
  etag: string;
}

/** A page of a collection. */
export interface Page<R> {
  data: R[];
  page: { next: string | null; total?: number };
}

interface Init {
  params?: { path?: object; query?: object; header?: object };
  body?: unknown;
  bodySerializer?: (body: string) => string;
  headers?: Record<string, string>;
}
type Call = (path: string, init: Init) => Promise<{ data?: unknown; response: Response }>;

/** A service at an address, such as `https://example.org`. */
export class Tasrih {
  /** Everything in the contract, typed; with the token, retries and exceptions of this client. */
  readonly api: Client<paths, "application/json" | "application/problem+json">;
  readonly #call: Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", Call>;

  constructor(url: string, options: Options = {}) {
    const fetch = retrying(options.fetch ?? ((request) => globalThis.fetch(request)), options.retries ?? 3);
    const headers = options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` };
    this.api = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: url.replace(/\/$/, ""), fetch, headers });
    this.api.use({
      onRequest({ request }) {
        if (request.method === "POST" && !request.headers.has("Idempotency-Key"))
          request.headers.set("Idempotency-Key", `"${crypto.randomUUID()}"`);
        return request;
      },
      async onResponse({ response }) {
        if (!response.ok && response.status !== 304) throw await Problem.of(response);
      },
    });
    this.#call = this.api as unknown as Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", Call>;
  }

  /** All records that these parameters of the collection find; further pages are read when they are needed. */
  async *list<N extends Name>(name: N, query: Partial<Filters<N>> = {}): AsyncGenerator<Records[N]["record"]> {
    for await (const page of this.pages(name, query)) yield* page.data;
  }

  /** The pages of a query. Without `limit` they have 200 records, the most there can be. */
  async *pages<N extends Name>(name: N, query: Partial<Filters<N>> = {}): AsyncGenerator<Page<Records[N]["record"]>> {
    let cursor: string | null = null;
    do {
      const paged: object = cursor === null ? { limit: 200, ...query } : { limit: 200, ...query, cursor };
      const { data } = await this.#call.GET(`/v1/${name}`, { params: { query: paged } });
      const page = data as Page<Records[N]["record"]>;
      yield page;
      cursor = page.page.next === null ? null : new URL(page.page.next).searchParams.get("cursor");
    } while (cursor !== null);
  }

  /** A record. One that was merged is followed to the record that stands for it. */
  async get<N extends Name>(name: N, id: string, query: object = {}): Promise<Stored<Records[N]["record"]>> {
    return stored(await this.#call.GET(`/v1/${name}/{id}`, { params: { path: { id }, query } }));
  }

  /** Store a new record. `key` is an `Idempotency-Key` for programs that may themselves be repeated. */
  async create<N extends Name>(name: N, body: Records[N]["body"], key?: string): Promise<Stored<Records[N]["record"]>> {
    const headers: Record<string, string> = key === undefined ? {} : { "Idempotency-Key": `"${key}"` };
    return stored(await this.#call.POST(`/v1/${name}`, { body, headers }));
  }

  /** Replace the version with this entity tag; without one, create the record. */
  async put<N extends Name>(
    name: N,
    id: string,
    body: Records[N]["body"],
    etag?: string,
  ): Promise<Stored<Records[N]["record"]>> {
    const header = etag === undefined ? { "If-None-Match": "*" } : { "If-Match": etag };
    return stored(await this.#call.PUT(`/v1/${name}/{id}`, { params: { path: { id }, header }, body }));
  }

  /** Change some keys (RFC 7396: null removes one) of the version with this entity tag. */
  async patch<N extends Name>(
    name: N,
    id: string,
    body: Records[N]["patch"],
    etag: string,
  ): Promise<Stored<Records[N]["record"]>> {
    const init = { params: { path: { id }, header: { "If-Match": etag } }, body };
    return stored(await this.#call.PATCH(`/v1/${name}/{id}`, init));
  }

  /** Delete the version with this entity tag. */
  async delete(name: Name, id: string, etag: string): Promise<void> {
    await this.#call.DELETE(`/v1/${name}/{id}`, { params: { path: { id }, header: { "If-Match": etag } } });
  }

  /** Store documents, each with its record type, all or none. */
  async import(lines: Iterable<{ type: Name; document: object }>): Promise<Record<"created" | "changed" | "unchanged", number>> {
    const body = [...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
    const headers = { "Content-Type": "application/x-ndjson" };
    const { data } = await this.#call.POST("/v1/import", { body, headers, bodySerializer: (text) => text });
    return data as Record<"created" | "changed" | "unchanged", number>;
  }

  /**
   * Pages of the feed of changes after a position, until its end. With `wait` the end never comes: the service holds back
   * an answer for so many seconds, at most 30, until something changes.
   */
  async *changes(since = 0, seen = 0, wait = 0): AsyncGenerator<Feed> {
    for (;;) {
      const query = { since, ...(seen ? { seen } : {}), ...(wait ? { wait } : {}), limit: 200 };
      const { data, response } = await this.#call.GET("/v1/changes", { params: { query } });
      const feed = data as Feed;
      yield feed;
      if (!feed.page.more && !wait) return;
      [since, seen] = [feed.page.position, seenIn(feed)];
      await pause(retryAfter(response.headers.get("Retry-After")));
    }
  }
}

/** Where the feed ended when a page was read, by its link to the next one; 0 at the end. */
export function seenIn(feed: Feed): number {
  return Number(new URL(feed.page.next).searchParams.get("seen") ?? 0);
}

function stored<R>({ data, response }: { data?: unknown; response: Response }): Stored<R> {
  return { document: data as R, etag: response.headers.get("ETag") ?? "" };
}
