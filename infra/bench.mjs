// Runs the benchmarks of test/bench, or those named: `npm run bench -- users limits`. Numbers of a benchmark are options
// (`--users=10000`); `--save` keeps what they found in test/bench/results.md.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";

import { ROOT } from "./run.mjs";

const FOLDER = join(ROOT, "test", "bench");
const RESULTS = join(FOLDER, "results.md");
const SUFFIX = ".bench.mjs";
const there = readdirSync(FOLDER).filter((file) => file.endsWith(SUFFIX));
const names = there.map((file) => file.slice(0, -SUFFIX.length));
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const options = process.argv.slice(2).filter((argument) => argument.startsWith("-") && argument !== "--save");
const save = process.argv.includes("--save");
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`error: there is no benchmark ${unknown.join(", ")}. There are: ${names.join(", ")}.`);
  process.exit(2);
}

let failed = 0;
for (const name of wanted.length > 0 ? wanted : names) {
  console.log(`\n=== ${name}`);
  const before = load();
  const { code, output } = await runBench(name);
  if (code !== 0) failed += 1;
  // What broke is no result; a target that was missed is one.
  if (save && output.includes("\n- ")) keep(name, `${describeMachine(before)}\n\n${output.trim()}`);
}
process.exit(failed > 0 ? 1 : 0);

async function runBench(name) {
  const child = spawn(process.execPath, [join(FOLDER, name + SUFFIX), ...options], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
    process.stdout.write(chunk);
  });
  const [code] = await once(child, "close");
  return { code, output };
}

/** Other work on the machine is part of a measurement: the load over a minute, before and after. */
function load() {
  return os.loadavg()[0].toFixed(1);
}

function describeMachine(before) {
  const cpus = os.cpus();
  const memory = Math.round(os.totalmem() / 2 ** 30);
  const command = ["npm run bench --", ...process.argv.slice(2).filter((argument) => argument !== "--save")].join(" ");
  return [
    `${new Date().toISOString().slice(0, 10)}, ${cpus.length} × ${cpus[0]?.model.trim() ?? "?"}, ${memory} GB, `,
    `${os.type()} ${os.release()}, Node ${process.versions.node}; load of the machine ${before} before, ${load()} after. `,
    `\`${command}\``,
  ].join("");
}

/** Replaces the section of that name, or adds it. */
function keep(name, text) {
  const before = existsSync(RESULTS) ? readFileSync(RESULTS, "utf8") : "";
  const [head = "", ...sections] = before.split(/^(?=## )/m);
  const section = `## ${name}\n\n${text}\n\n`;
  const others = sections.filter((one) => !one.startsWith(`## ${name}\n`));
  const all = [...others, section].toSorted((left, right) => (left < right ? -1 : 1));
  writeFileSync(RESULTS, `${head.trim()}\n\n${all.map((one) => one.trim()).join("\n\n")}\n`);
}
