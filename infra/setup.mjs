// Installs the dependencies and builds everything. Needs Node and npm alone; says nothing when all is up to date.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { PNPM, ROOT, run, tail } from "./run.mjs";

const NEEDED = [20, 19];
const STAMP = join(ROOT, "node_modules", ".tidemark-installed");

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  fail(`Tidemark needs Node ${NEEDED.join(".")} or later; this is ${process.versions.node}. See https://nodejs.org.`);
}

const wanted = fingerprint();
if (!existsSync(STAMP) || readFileSync(STAMP, "utf8") !== wanted) {
  console.error("Installing dependencies (the first time takes a minute) …");
  // CI=true keeps pnpm from asking anything.
  const install = await run([...PNPM, "install", "--frozen-lockfile"], { env: { CI: "true" } });
  if (install.code !== 0) fail(explainInstall(install.output));
  writeFileSync(STAMP, wanted);
}

const build = await run([...PNPM, "exec", "turbo", "run", "build", "--output-logs=errors-only"], {
  env: { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
});
if (build.code !== 0) fail(`The build failed:\n${build.output.trim()}`);

/** Changes with the lock file and with every manifest. */
function fingerprint() {
  const hash = createHash("sha256")
    .update(process.version)
    .update(process.platform + process.arch);
  const manifests = ["packages", "apps"].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((name) => join(folder, name, "package.json")),
  );
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json", ...manifests.toSorted()]) {
    const path = join(ROOT, file);
    if (existsSync(path)) hash.update(file).update(readFileSync(path));
  }
  return hash.digest("hex");
}

function explainInstall(output) {
  const hints = [
    [
      /ERR_PNPM_OUTDATED_LOCKFILE/,
      "A package.json was changed without the lock file. Run: npx -y pnpm@10.34.8 install",
    ],
    [
      /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ECONNRESET/,
      "The npm registry was not reached. Behind a proxy, set HTTPS_PROXY or npm's own proxy and registry settings.",
    ],
    [/ENOSPC/, "The disk is full."],
    [/EACCES|EPERM/, "Files here may not be written by this user."],
  ];
  const hint = hints.find(([pattern]) => pattern.test(output))?.[1];
  return `The dependencies could not be installed:\n${tail(output, 15)}${hint === undefined ? "" : `\n${hint}`}`;
}

function fail(message) {
  console.error(`error: ${message}`);
  process.exit(1);
}
