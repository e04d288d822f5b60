import { existsSync, rmSync, writeFileSync } from "node:fs";

import { run } from "../run.mjs";
import { aptInstall, mayInstall } from "./debian.mjs";

const PROGRAM = "/usr/sbin/pgbouncer";
const POLICY = "/usr/sbin/policy-rc.d";

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

/** The package would start a pooler of its own on port 6432; 101 forbids that (Debian policy, invoke-rc.d). */
async function withoutStarting(install) {
  const ours = !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await install();
  } finally {
    if (ours) rmSync(POLICY, { force: true });
  }
}
