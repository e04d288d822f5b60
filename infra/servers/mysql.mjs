import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { run, tail } from "../run.mjs";
import { aptInstall, freePort, mayInstall } from "./debian.mjs";
import { dockerRuns, startService } from "./docker.mjs";

/** Durability is not what these servers are for; connections are. The same as in infra/compose. */
export const SETTINGS = ["--innodb-flush-log-at-trx-commit=0", "--max-connections=300", "--local-infile=1"];
const PROGRAM = "/usr/sbin/mariadbd";
const INSTALL = "/usr/bin/mariadb-install-db";
const READY_TIMEOUT_MS = 60_000;

/** MySQL or MariaDB for the tests: a container, or the distribution's. */
export const mysql = {
  name: "MySQL/MariaDB",
  variable: "TIDEMARK_TEST_MYSQL_URL",
  /** Ways to get one, tried in order; each gives a server, null (not for this machine) or throws. */
  ways: [fromDocker, fromDebian],
};

async function fromDocker() {
  if (!(await dockerRuns())) return null;
  const { port, ...service } = await startService("mysql", 3306);
  return { ...service, url: `mysql://root:tidemark@127.0.0.1:${port}` };
}

async function fromDebian() {
  if (!existsSync(PROGRAM)) {
    if (!mayInstall()) return null;
    // Without mariadb-server, which would start a server of its own on port 3306.
    await aptInstall("mariadb-server-core", "mariadb-client-core");
  }
  const folder = mkdtempSync(join(tmpdir(), "tidemark-mariadb-"));
  try {
    const server = await startMariadb(folder);
    const version = (await run([PROGRAM, "--version"])).output.trim();
    return { ...server, from: version };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The account that the server runs as when we are root, which it refuses to run as. */
function account() {
  return /^mysql:/m.test(readFileSync("/etc/passwd", "utf8")) ? "mysql" : "nobody";
}

/** A server on a free loopback port with its data in `folder`. */
async function startMariadb(folder) {
  const isRoot = process.getuid?.() === 0;
  const asUser = isRoot ? [`--user=${account()}`] : [];
  if (isRoot) await run(["chown", account(), folder]);
  chmodSync(folder, 0o755);
  const data = join(folder, "data");
  const made = await run([
    INSTALL,
    "--no-defaults",
    ...asUser,
    `--datadir=${data}`,
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
  ]);
  if (made.code !== 0) throw new Error(`mariadb-install-db: ${tail(made.output, 3)}`);
  const port = await freePort();
  const socket = join(folder, "socket");
  const log = join(folder, "log");
  const child = spawn(
    PROGRAM,
    [
      "--no-defaults",
      ...asUser,
      `--datadir=${data}`,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      `--socket=${socket}`,
      `--log-error=${log}`,
      `--pid-file=${join(folder, "pid")}`,
      ...SETTINGS,
    ],
    { stdio: "ignore" },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  await untilReady({ socket, child, log });
  return { url: `mysql://tidemark:tidemark@127.0.0.1:${port}`, stop };
}

async function untilReady({ socket, child, log }) {
  const giveUpAt = Date.now() + READY_TIMEOUT_MS;
  const user = "'tidemark'@'127.0.0.1'";
  const sql = `create user if not exists ${user} identified by 'tidemark'; grant all on *.* to ${user} with grant option`;
  for (;;) {
    const answer = await run(["mariadb", "--no-defaults", `--socket=${socket}`, "-uroot", "-e", sql]);
    if (answer.code === 0) return;
    if (child.exitCode !== null || Date.now() > giveUpAt) {
      child.kill("SIGKILL");
      const said = existsSync(log) ? readFileSync(log, "utf8") : answer.output;
      throw new Error(`MariaDB did not start: ${tail(said, 3)}`);
    }
    await sleep(200);
  }
}
