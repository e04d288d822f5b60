import { mysql } from "./mysql.mjs";
import { pgbouncer } from "./pgbouncer.mjs";
import { postgres } from "./postgres.mjs";

/** Kinds of servers that tests use. */
const KINDS = [postgres, mysql, pgbouncer];

/**
 * Gives every kind of server: the one whose URL is in the environment, else the first way that works.
 * @returns `env` for the tests, `lines` that say what is used, `missing` with the reason for each that could not be had,
 * and `stop`.
 */
export async function provideServers() {
  const env = {};
  const lines = [];
  const missing = [];
  const stops = [];
  for (const kind of KINDS) {
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
  return { reason: reasons.join("; ") || `no ${kind.variable}, no Docker engine, no package for this system` };
}
