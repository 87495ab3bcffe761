/** A copy of all records, kept in step by the feed of changes. */

import { Problem } from "./problem.js";
import { seenIn, type Tasrih } from "./index.js";
import type { Change, Feed, Name, Records } from "./records.js";

/** Where a mirror keeps its records and how far it has come. `apply` stores a page and the position after it, both or neither. */
export interface Store {
  position(): Promise<{ since: number; seen: number }>;
  apply(changes: Change[], after: { since: number; seen: number }): Promise<void>;
  /** Forget every record: the service does not know the position any more. */
  clear(): Promise<void>;
}

/** A store in memory. */
class Memory implements Store {
  readonly records = new Map<string, unknown>();
  #position = { since: 0, seen: 0 };

  async position(): Promise<{ since: number; seen: number }> {
    return this.#position;
  }

  async apply(changes: Change[], after: { since: number; seen: number }): Promise<void> {
    for (const { type, id, document } of changes) {
      if (document === null) this.records.delete(`${type}/${id}`);
      else this.records.set(`${type}/${id}`, document);
    }
    this.#position = after;
  }

  async clear(): Promise<void> {
    this.records.clear();
    this.#position = { since: 0, seen: 0 };
  }
}

/** The records of a service. After `update` they are exactly those that it had at that moment. */
export class Mirror {
  readonly #memory = new Memory();

  constructor(
    private readonly tasrih: Tasrih,
    private readonly store: Store = new Memory(),
  ) {
    if (this.store instanceof Memory) this.#memory = this.store;
  }

  /** Bring the copy up to date; the number of changes that were applied. */
  async update(): Promise<number> {
    try {
      return await this.#readOn();
    } catch (error) {
      if (!(error instanceof Problem && error.status === 410)) throw error;
      await this.store.clear();
      return this.#readOn();
    }
  }

  async #readOn(): Promise<number> {
    const { since, seen } = await this.store.position();
    let count = 0;
    for await (const feed of this.tasrih.changes(since, seen)) {
      await this.store.apply(feed.data, after(feed));
      count += feed.data.length;
    }
    return count;
  }

  /** A record in memory as it was at the last update. */
  get<N extends Name>(name: N, id: string): Records[N]["record"] | undefined {
    return this.#memory.records.get(`${name}/${id}`) as Records[N]["record"] | undefined;
  }
}

function after(feed: Feed): { since: number; seen: number } {
  return { since: feed.page.position, seen: seenIn(feed) };
}
