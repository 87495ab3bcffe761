/** Problems (RFC 9457) as exceptions. */

/** A mistake in a request: where it is, and what is wrong. */
export interface Mistake {
  detail: string;
  pointer?: string;
  parameter?: string;
  line?: number;
  document?: string;
}

/** The service refused. Compare `type`, not the texts; a type that you do not know is a matter of its `status`. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(
    readonly status: number,
    readonly type: string,
    readonly detail: string,
    readonly errors: Mistake[],
    /** The address that the answer names, such as that of the record which another was merged into. */
    readonly location: string | null,
  ) {
    super(detail);
  }

  /** The problem in an answer that is no success, whoever between here and the service gave it. */
  static async of(response: Response): Promise<Problem> {
    const text = await response.text();
    let body: { type?: string; title?: string; detail?: string; errors?: Mistake[] } = {};
    try {
      body = Object(JSON.parse(text)) as typeof body;
    } catch {
      // not JSON: the status alone has to do
    }
    const detail = body.detail ?? body.title ?? `The answer is ${response.status}.`;
    const location = response.headers.get("Location");
    return new Problem(response.status, body.type ?? "about:blank", detail, body.errors ?? [], location);
  }
}
