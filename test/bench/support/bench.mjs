// What the benchmarks share: servers in processes of their own, contestants in fresh processes, medians and the report.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import pg from "pg";

const HERE = import.meta.dirname;
/** Linux counts processor time in hundredths of a second. */
const TICK_MS = 10;
/** The repository's root. */
export const ROOT = join(HERE, "..", "..", "..");
/** The command as people start it. */
export const BIN = join(ROOT, "apps", "cli", "bin", "tidemark.js");

/** Numbers of a benchmark, each of which the command line may change: `--users=1000`. */
export function settings(defaults) {
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: "string" }]));
  const { values } = parseArgs({ options, strict: false });
  return Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, Number(values[name] ?? value)]));
}

/** A simulated org in its own process, so that it does not share the event loop with what is measured. */
export async function startSimulator(options) {
  const child = spawn(process.execPath, [join(HERE, "simulator.mjs"), JSON.stringify(options)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { url, token } = JSON.parse(await firstLine(child));
  const control = async (method, path, body) => {
    const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(`${url}/_simulator/${path}`, init);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  /** Ends it; resolves to how many answers it gave, by status. */
  const stop = async () => {
    const counts = firstLine(child);
    child.stdin.end();
    return JSON.parse(await counts);
  };
  return { url, token, control, stop };
}

/**
 * A PostgreSQL with its ordinary durability (a commit waits for the disk). TIDEMARK_BENCH_POSTGRES_URL names another.
 */
export async function startPostgres() {
  const given = process.env.TIDEMARK_BENCH_POSTGRES_URL;
  if (given) return { url: given, version: await versionOf(given), stop: async () => undefined };
  const { startEmbeddedPostgres } = await import(join(ROOT, "apps/cli/dist/postgres/embedded.js"));
  const server = await startEmbeddedPostgres();
  return { url: server.url, version: await versionOf(server.url), stop: () => server.stop() };
}

async function versionOf(url) {
  const [row] = await query(url, "show server_version");
  return `PostgreSQL ${row.server_version}`;
}

/** Rows of one statement on a connection of its own. */
export async function query(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Between two runs: nothing of the last one's is left for the server to tidy up while the next is measured. */
export async function clearSchemas(url, schemas) {
  for (const schema of schemas) await query(url, `drop schema if exists "${schema}" cascade`);
  await query(url, "checkpoint");
}

/** `tidemark.yaml` with one pipeline `bench`, in a folder of its own. */
export async function configFolder({ simulator, databaseUrl, schema, objects = "core" }) {
  const folder = await mkdtemp(join(os.tmpdir(), "tidemark-bench-"));
  const yaml = `connections:
  org: { type: okta, orgUrl: "${simulator.url}", token: "${simulator.token}" }
  warehouse: { type: postgres, url: "${databaseUrl}", schema: ${schema} }
pipelines:
  bench: { source: org, destination: warehouse, objects: ${objects} }
`;
  await writeFile(join(folder, "tidemark.yaml"), yaml);
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * Runs a Node program and measures it from start to end: `wallMs`, and by Linux's own count, looked at every 20 ms,
 * `cpuMs` and `peakRssMb` (VmHWM).
 */
export async function runMeasured(args, options = {}) {
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  let peakRssMb = 0;
  let cpuMs = 0;
  const sample = async () => {
    const [status, stat] = await Promise.all(
      ["status", "stat"].map((file) => readFile(`/proc/${child.pid}/${file}`, "utf8").catch(() => "")),
    );
    peakRssMb = Math.max(peakRssMb, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
    // The name, in brackets, may hold spaces; user and system time are the 12th and 13th field behind it.
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    cpuMs = Math.max(cpuMs, (Number(ticks[11] ?? 0) + Number(ticks[12] ?? 0)) * TICK_MS);
  };
  const sampler = setInterval(sample, 20);
  const [code] = await once(child, "close");
  const wallMs = performance.now() - started;
  clearInterval(sampler);
  return { code, stdout, stderr, wallMs, cpuMs, peakRssMb };
}

/** Runs a contestant, a script of this folder that prints one JSON document, in a fresh process. */
export async function runContestant(script, input) {
  const run = await runMeasured([join(HERE, "..", "contestants", script), JSON.stringify(input)]);
  if (run.code !== 0) throw new Error(`${script} ended with ${run.code}\n${run.stderr}`);
  return { ...run, ...JSON.parse(run.stdout) };
}

/** Runs `tidemark replicate bench`; its report, wall time and peak of resident memory. */
export async function runReplicate(config, more = []) {
  const run = await runMeasured([BIN, "replicate", "bench", "--json", ...more], {
    cwd: config.folder,
    env: { ...process.env, CI: "true" },
  });
  const report = run.stdout === "" ? null : JSON.parse(run.stdout);
  if (run.code !== 0) throw new Error(`replicate ended with ${run.code}\n${run.stdout}\n${run.stderr}`);
  return { ...run, report };
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
export const ratio = (value) => `${value.toFixed(2)} ×`;
export const megabytes = (value) => `${Math.round(value)} MB`;

/** Says what a benchmark found; `npm run bench -- --save` keeps it in results.md. A missed target ends with code 1. */
export function report({ lines, targets }) {
  print("");
  for (const line of lines) print(line);
  print("");
  for (const { name, value, text, most, least } of targets) {
    const held = (most === undefined || value <= most) && (least === undefined || value >= least);
    if (!held) process.exitCode = 1;
    print(
      `- ${name}: **${text}** (target ${most === undefined ? `at least ${least}` : `at most ${most}`}; ${held ? "held" : "MISSED"})`,
    );
  }
}

/** One line of the report or of the progress. */
export function print(line) {
  process.stdout.write(`${line}\n`);
}

/** What is going on, on stderr: not part of the result. */
export function progress(line) {
  process.stderr.write(`  ${line}\n`);
}

function firstLine(child) {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
    child.once("exit", (code) => reject(new Error(`the process ended with ${code}`)));
  });
}
