import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { createConnection } from "mysql2/promise";

const PROGRAM = "/usr/sbin/mariadbd";
const READY_TIMEOUT_MS = 60_000;

/** True where the distribution's server is installed. */
export const hasMariadb = existsSync(PROGRAM);

/** A MariaDB of a test's own. */
export interface OwnMariadb {
  readonly port: number;
  /** Path of the Unix socket, where root has no password. */
  readonly socket: string;
  /** Ends it and starts it again, with further flags; resolves when it has ended. */
  restart(signal: "SIGTERM" | "SIGKILL", flags?: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export interface OwnMariadbOptions {
  readonly flags?: readonly string[];
  /** Statements that root runs once the server is up. */
  readonly setup?: readonly string[];
  /** PEM texts; turns TLS on. */
  readonly tls?: { readonly ca: string; readonly certificate: string; readonly key: string };
}

/** Starts a server on a free port of all loopback addresses with a private data folder; works as root. */
export async function startMariadb(options: OwnMariadbOptions = {}): Promise<OwnMariadb> {
  const folder = await mkdtemp(join(tmpdir(), "tidemark-own-mariadb-"));
  const { asUser, uid } = account();
  const path = (name: string): string => join(folder, name);
  const give = async (file: string): Promise<void> => (uid === null ? undefined : chown(file, uid, -1));
  await chmod(folder, 0o755);
  await give(folder);
  for (const [name, text] of Object.entries(options.tls ?? {})) {
    await writeFile(path(name), text, { mode: 0o600 });
    await give(path(name));
  }
  const tls = options.tls
    ? [`--ssl-ca=${path("ca")}`, `--ssl-cert=${path("certificate")}`, `--ssl-key=${path("key")}`]
    : [];
  const port = await freePort();
  const common = ["--no-defaults", ...asUser, `--datadir=${path("data")}`, `--tmpdir=${folder}`];
  await promisify(execFile)("mariadb-install-db", [
    ...common,
    "--auth-root-authentication-method=normal",
    "--skip-test-db",
  ]);
  const flags = [
    ...common,
    `--port=${port}`,
    "--bind-address=0.0.0.0",
    `--socket=${path("socket")}`,
    `--log-error=${path("log")}`,
    `--pid-file=${path("pid")}`,
    "--innodb-flush-log-at-trx-commit=0",
    ...tls,
    ...(options.flags ?? []),
  ];
  let server = startProgram(flags);
  const restart: OwnMariadb["restart"] = async (signal, more = []) => {
    server.child.kill(signal);
    await server.ended;
    server = startProgram([...flags, ...more]);
  };
  const stop = async (): Promise<void> => {
    server.child.kill("SIGTERM");
    await server.ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (const giveUpAt = Date.now() + READY_TIMEOUT_MS; ; await sleep(100)) {
    try {
      const root = await createConnection({ socketPath: path("socket"), user: "root" });
      for (const statement of options.setup ?? []) await root.query(statement);
      await root.end();
      return { port, socket: path("socket"), restart, stop };
    } catch (error) {
      const refused = ["ENOENT", "ECONNREFUSED"].includes(String((error as { code?: unknown }).code));
      if (refused && server.child.exitCode === null && Date.now() < giveUpAt) continue;
      const said = existsSync(path("log")) ? readFileSync(path("log"), "utf8").slice(-2_000) : "";
      await stop();
      throw new Error(`MariaDB did not start: ${String(error)}\n${said}`, { cause: error });
    }
  }
}

function startProgram(flags: readonly string[]): { child: ChildProcess; ended: Promise<unknown> } {
  const child = spawn(PROGRAM, flags, { stdio: "ignore" });
  return { child, ended: new Promise((resolve) => child.once("exit", resolve)) };
}

/** The server refuses to run as root; it gets the account of its package, or nobody's. */
function account(): { asUser: string[]; uid: number | null } {
  if (process.getuid?.() !== 0) return { asUser: [], uid: null };
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const user = users.find(([name]) => name === "mysql") ?? users.find(([name]) => name === "nobody");
  return { asUser: [`--user=${user?.[0] ?? "nobody"}`], uid: Number(user?.[2]) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
