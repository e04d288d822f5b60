// Runs every check and every test, and closes with "N passed, N failed[, N skipped]". `--long` adds the long tests;
// other arguments narrow the test files, as vitest takes them.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

import { ROOT, run } from "./run.mjs";
import { provideServers } from "./servers/provide.mjs";
import { reasonFor } from "./skips.mjs";

const bin = (...path) => [process.execPath, join(ROOT, "node_modules", ...path)];
const CODE = ["packages", "apps", "test", "infra"];

/** Checks that need no server; each counts as one test. */
const CHECKS = [
  { name: "format", command: [...bin("oxfmt", "bin", "oxfmt"), "--check", ...CODE] },
  { name: "lint", command: [...bin("oxlint", "bin", "oxlint"), "--deny-warnings", ...CODE] },
  { name: "types", command: [...bin("typescript", "bin", "tsc"), "-p", "tsconfig.tests.json"] },
];

const long = process.argv.includes("--long");
const filters = process.argv.slice(2).filter((argument) => argument !== "--long");
const counts = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

for (const { name, command } of CHECKS) {
  const { code, output } = await run(command);
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${name}`);
  if (code === 0) counts.passed += 1;
  else {
    counts.failed += 1;
    failures.push(name);
    console.log(output.trim());
  }
}

const servers = await provideServers();
const stopAll = async (signal) => {
  await servers.stop();
  process.exit(signal === "SIGINT" ? 130 : 143);
};
process.once("SIGINT", stopAll);
process.once("SIGTERM", stopAll);
for (const line of servers.lines) console.log(`server ${line}`);

const skippedSuites = await runVitest();
await servers.stop();

for (const { name, reason } of servers.missing) console.log(`skipped: every ${name} suite: ${reason}`);
for (const suite of skippedSuites) console.log(`skipped: ${suite}`);
for (const name of failures) console.log(`failed: ${name}`);
console.log(
  `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ""}`,
);
process.exit(counts.failed > 0 ? 1 : 0);

/** Runs vitest, adds to the counts, and gives the skipped suites with their reasons. */
async function runVitest() {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-test-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { code } = await run([...bin("vitest", "vitest.mjs"), "run", ...reporters, ...filters], {
    show: true,
    env: { ...servers.env, ...(long ? { TIDEMARK_TEST_LONG: "1" } : {}) },
  });
  const files = readReport(report);
  rmSync(folder, { recursive: true, force: true });
  if (files === null) {
    counts.failed += 1;
    failures.push(`vitest ended with ${code} and without a report`);
    return [];
  }
  const suites = new Map();
  for (const file of files) countFile(file, suites);
  // An unhandled rejection fails the run without failing a test.
  if (code !== 0 && counts.failed === 0) {
    counts.failed += 1;
    failures.push(`vitest ended with ${code} (see its errors above)`);
  }
  return [...suites].map(
    ([suite, { count, reason }]) => `${suite} (${count} ${count === 1 ? "test" : "tests"}): ${reason}`,
  );
}

function countFile(file, suites) {
  const name = relative(ROOT, file.name);
  if (file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed")) {
    counts.failed += 1;
    failures.push(`${name}: ${file.message.split("\n")[0] || "could not be run"}`);
  }
  for (const test of file.assertionResults) {
    if (test.status === "passed") counts.passed += 1;
    else if (test.status === "failed") {
      counts.failed += 1;
      failures.push(`${name} > ${test.fullName}`);
    } else {
      counts.skipped += 1;
      const suite = [name, ...test.ancestorTitles.slice(0, 1)].join(" > ");
      const known = suites.get(suite);
      const reason = reasonFor(`${suite} ${test.fullName}`, { missing: servers.missing, long });
      suites.set(suite, { count: (known?.count ?? 0) + 1, reason });
    }
  }
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).testResults;
  } catch {
    return null;
  }
}
