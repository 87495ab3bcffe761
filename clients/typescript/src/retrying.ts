/** A `fetch` that repeats requests where that is safe. */

/** The statuses after which nothing has been changed and the same request may succeed. */
const RETRIED = new Set([429, 502, 503, 504, 507]);
const IN_PROGRESS = "urn:tasrih:problem:request-in-progress";
const LONGEST_PAUSE = 300; // seconds, whatever `Retry-After` says

export type Fetch = (request: Request) => Promise<Response>;

/** A fetch that repeats a request at most `retries` times, after `Retry-After` or 1, 2, 4 ... seconds. */
export function retrying(fetch: Fetch, retries: number, sleep: (seconds: number) => Promise<void> = pause): Fetch {
  return async (request) => {
    const repeatable = request.method === "GET" || request.headers.has("Idempotency-Key");
    for (let attempt = 0; ; attempt++) {
      let seconds = 2 ** attempt;
      try {
        const response = await fetch(request.clone());
        if (attempt >= retries || !(await mayBeRepeated(response))) return response;
        seconds = retryAfter(response.headers.get("Retry-After")) || seconds;
      } catch (error) {
        if (attempt >= retries || !repeatable || request.signal.aborted) throw error;
      }
      await sleep(seconds);
    }
  };
}

async function mayBeRepeated(response: Response): Promise<boolean> {
  if (RETRIED.has(response.status)) return true;
  if (response.status !== 409) return false;
  return (await response.clone().text()).includes(IN_PROGRESS);
}

/** The seconds that `Retry-After` asks to wait (RFC 9110, 10.2.3); 0 if it does not. */
export function retryAfter(value: string | null): number {
  if (value === null) return 0;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? 0 : Math.min(LONGEST_PAUSE, Math.max(0, seconds));
}

export const pause = (seconds: number): Promise<void> => new Promise((done) => setTimeout(done, 1000 * seconds));
