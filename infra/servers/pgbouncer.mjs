import { existsSync } from "node:fs";

import { run } from "../run.mjs";
import { aptInstall, mayInstall, withoutStarting } from "./debian.mjs";

const PROGRAM = "/usr/sbin/pgbouncer";

/** PgBouncer for the tests: the program alone, which they start in front of a server of their own. */
export const pgbouncer = {
  name: "PgBouncer",
  variable: "TIDEMARK_TEST_PGBOUNCER",
  ways: [fromDebian],
};

async function fromDebian() {
  if (!existsSync(PROGRAM)) {
    if (!mayInstall() || process.getuid?.() !== 0) return null;
    await withoutStarting(() => aptInstall("pgbouncer"));
  }
  const version = (await run([PROGRAM, "--version"])).output.trim().split("\n")[0];
  return { url: PROGRAM, from: version, stop: async () => undefined };
}
