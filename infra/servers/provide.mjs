import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { ROOT } from "../run.mjs";
import { mysql } from "./mysql.mjs";
import { pgbouncer } from "./pgbouncer.mjs";
import { postgres } from "./postgres.mjs";
import { redis } from "./redis.mjs";
import { sqlserver } from "./sqlserver.mjs";

/** Kinds of servers that there are ways to get. */
export const KINDS = [postgres, mysql, sqlserver, redis, pgbouncer];
/** Where tests get their servers' addresses from. */
const SUPPORT = join(ROOT, "test", "support");

/** Those kinds whose address a helper of the tests reads: a server that no test uses is not started. */
export function usedKinds() {
  const code = readdirSync(SUPPORT)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(SUPPORT, name), "utf8"))
    .join("\n");
  return KINDS.filter((kind) => code.includes(kind.variable));
}

/**
 * Gives every kind of server that tests use: the one whose URL is in the environment, else the first way that works.
 * @returns `env` for the tests, `lines` that say what is used, `missing` with the reason for each that could not be had,
 * and `stop`.
 */
export async function provideServers(kinds = usedKinds()) {
  const env = {};
  const lines = [];
  const missing = [];
  const stops = [];
  for (const kind of kinds) {
    const given = process.env[kind.variable];
    if (given !== undefined && given !== "") {
      lines.push(`${kind.name}: ${kind.variable} of the environment`);
      continue;
    }
    const server = await firstThatWorks(kind);
    if ("reason" in server) {
      missing.push({ name: kind.name, variable: kind.variable, reason: server.reason });
      lines.push(`${kind.name}: not to be had, its suites are skipped (${server.reason})`);
      continue;
    }
    env[kind.variable] = server.url;
    lines.push(`${kind.name}: ${server.from}`);
    stops.push(server.stop);
  }
  return { env, lines, missing, stop: () => Promise.all(stops.map((stop) => stop())) };
}

async function firstThatWorks(kind) {
  const reasons = [];
  for (const way of kind.ways) {
    try {
      const server = await way();
      if (server !== null) return server;
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  const otherwise = kind.otherwise ?? `no ${kind.variable}, no Docker engine, no package for this system`;
  return { reason: reasons.join("; ") || otherwise };
}
