// What every driver in TypeScript needs: where the service is, and the records that it makes there.

export const base = process.env.TASRIH_URL ?? "";
export const token = process.env.TASRIH_TOKEN ?? "";

export function expect(condition: unknown, expectation: string): asserts condition {
  if (!condition) throw new Error(`Expected ${expectation}.`);
}

export function cursorOf(next: string | null): string | undefined {
  return next === null ? undefined : (new URL(next).searchParams.get("cursor") ?? undefined);
}

export function lines(...ids: string[]): string {
  return ids
    .map((id) => JSON.stringify({ type: "places", document: { id, name: { en: id }, kind: "city" } }) + "\n")
    .join("");
}

export function firstType(exported: string): unknown {
  return JSON.parse(exported.split("\n")[0] ?? "").type;
}
