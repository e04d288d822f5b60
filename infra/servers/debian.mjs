import { existsSync } from "node:fs";
import { createServer } from "node:net";

import { run, tail } from "../run.mjs";

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? [] : ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"];
const POLICY = "/usr/sbin/policy-rc.d";

/** True on Debian and Ubuntu as root, or with sudo when TIDEMARK_TEST_INSTALL=1 allows it. */
export function mayInstall() {
  return existsSync("/usr/bin/apt-get") && (isRoot || process.env.TIDEMARK_TEST_INSTALL === "1");
}

/** Installs packages of the distribution. Throws with apt's own words. */
export async function aptInstall(...packages) {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const install = () => run([...asRoot, "apt-get", "install", "-y", "--no-install-recommends", ...packages], { env });
  let result = await install();
  if (result.code !== 0) {
    await run([...asRoot, "apt-get", "update"], { env });
    result = await install();
  }
  if (result.code !== 0) throw new Error(`apt-get install ${packages.join(" ")}: ${tail(result.output, 3)}`);
}

/**
 * Installs with the word that no service may start (101 of Debian policy's invoke-rc.d): packages of servers would start
 * one on the port of its kind.
 */
export async function withoutStarting(install) {
  const ours = !existsSync(POLICY);
  if (ours) await run([...asRoot, "sh", "-c", `printf '#!/bin/sh\\nexit 101\\n' > ${POLICY}; chmod 755 ${POLICY}`]);
  try {
    await install();
  } finally {
    if (ours) await run([...asRoot, "rm", "-f", POLICY]);
  }
}

/** A port of the loopback address that nobody listens on. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
