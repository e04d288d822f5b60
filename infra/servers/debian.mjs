import { existsSync } from "node:fs";

import { run, tail } from "../run.mjs";

const isRoot = process.getuid?.() === 0;

/** True on Debian and Ubuntu as root, or with sudo when TIDEMARK_TEST_INSTALL=1 allows it. */
export function mayInstall() {
  return existsSync("/usr/bin/apt-get") && (isRoot || process.env.TIDEMARK_TEST_INSTALL === "1");
}

/** Installs packages of the distribution. Throws with apt's own words. */
export async function aptInstall(...packages) {
  const prefix = isRoot ? [] : ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const install = () => run([...prefix, "apt-get", "install", "-y", "--no-install-recommends", ...packages], { env });
  let result = await install();
  if (result.code !== 0) {
    await run([...prefix, "apt-get", "update"], { env });
    result = await install();
  }
  if (result.code !== 0) throw new Error(`apt-get install ${packages.join(" ")}: ${tail(result.output, 3)}`);
}
