import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";

const READY_TIMEOUT_MS = 20_000;

/** The program, or null where there is none. */
export const pgbouncer =
  [process.env["TIDEMARK_TEST_PGBOUNCER"], "/usr/sbin/pgbouncer"].find(
    (file): file is string => Boolean(file) && existsSync(file ?? ""),
  ) ?? null;

/** A pooler in transaction mode in front of a server. */
export interface RunningPooler {
  /** Like the server's URL, through the pooler. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts PgBouncer in transaction mode with this many connections to the server at most. */
export async function startPgbouncer(serverUrl: string, poolSize: number): Promise<RunningPooler> {
  if (pgbouncer === null) throw new Error("there is no PgBouncer");
  const folder = await mkdtemp(join(tmpdir(), "tidemark-pgbouncer-"));
  await chmod(folder, 0o755);
  const server = new URL(serverUrl);
  const port = await freePort();
  const path = (name: string): string => join(folder, name);
  await writeFile(path("users"), `"${server.username}" "${server.password}"\n`, { mode: 0o644 });
  await writeFile(
    path("ini"),
    `[databases]
* = host=${server.hostname} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${path("users")}
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 300
`,
    { mode: 0o644 },
  );
  // It refuses to run as root.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const child = spawn(pgbouncer, [path("ini")], { stdio: ["ignore", "pipe", "pipe"], ...nobody });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  child.stdout.resume();
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${port}`;
  for (const giveUpAt = Date.now() + READY_TIMEOUT_MS; ; await sleep(50)) {
    const client = new pg.Client({ connectionString: url.href });
    try {
      await client.connect();
      await client.end();
      return { url: url.href, stop };
    } catch (error) {
      await client.end().catch(() => undefined);
      if (child.exitCode === null && Date.now() < giveUpAt) continue;
      await stop();
      throw new Error(`PgBouncer did not start: ${String(error)}\n${said}`, { cause: error });
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
