// Checks openapi.yaml the way its users will: two linters, then the TypeScript compiler on a client generated from it.
// Says nothing unless something is wrong.

import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { delimiter, join } from "node:path";

const here = import.meta.dirname ?? new URL(".", import.meta.url).pathname;
const contract = join(here, "..", "..", "openapi.yaml");
const types = join(here, "generated", "api.d.ts");

const steps = [
  ["redocly", "lint", contract, "--config", "redocly.yaml"],
  ["spectral", "lint", contract, "--ruleset", ".spectral.yaml", "--fail-severity", "hint"],
  ["openapi-typescript", contract, "--output", types],
  ["tsc", "--project", "tsconfig.json"],
];

const env = {
  ...process.env,
  PATH: join(here, "node_modules", ".bin") + delimiter + process.env.PATH,
  REDOCLY_TELEMETRY: "off",
  REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
};

mkdirSync(join(here, "generated"), { recursive: true });
let failed = false;
for (const [tool, ...options] of steps) {
  const { status, stdout, stderr, error } = spawnSync(tool, options, { cwd: here, env, encoding: "utf8" });
  if (status === 0) continue;
  failed = true;
  console.error(`${tool} finds fault with openapi.yaml:\n${error ?? stdout + stderr}`);
}
process.exit(failed ? 1 : 0);
