import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { TerminalError } from "@tidemark/kernel";

import { type Account, type Binaries, findBinaries, serverAccount } from "./binaries.js";

/** A private PostgreSQL server on a loopback port. */
export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  readonly version: string;
  /** Stops the server and removes its data. */
  stop(): Promise<void>;
}

/** Options of {@link startEmbeddedPostgres}. */
export interface EmbeddedOptions {
  /** Server settings beyond the defaults, e.g. `{ fsync: "off" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Another PostgreSQL's programs instead of those from npm. */
  readonly binaries?: Binaries;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/**
 * Starts the PostgreSQL that comes from npm with a data folder of its own under the temporary folder. It dies with this
 * process, save for a kill -9. Throws INTERNAL with the server's own words when it does not start.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions = {}): Promise<EmbeddedPostgres> {
  const account = await serverAccount();
  const home = await mkdtemp(join(tmpdir(), "tidemark-postgres-"));
  try {
    const binaries = options.binaries ?? (await findBinaries(account, home));
    const password = randomBytes(9).toString("base64url");
    const data = await initialise(binaries, { home, account, password });
    const port = await freePort();
    const server = await start(binaries, { data, port, account, settings: options.settings ?? {} });
    return {
      url: `postgres://tidemark:${password}@127.0.0.1:${port}/postgres`,
      port,
      version: binaries.version,
      stop: async () => {
        await stop(server);
        await rm(home, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    throw error;
  }
}

async function initialise(
  binaries: Binaries,
  place: { readonly home: string; readonly account: Account | null; readonly password: string },
): Promise<string> {
  const { home, account, password } = place;
  const data = join(home, "data");
  const passwordFile = join(home, "password");
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) for (const path of [home, data, passwordFile]) await chown(path, account.uid, account.gid);
  const args = [
    "-D",
    data,
    "-U",
    "tidemark",
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
  ];
  const child = spawn(binaries.initdb, args, {
    ...account,
    cwd: home,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const output = collect(child);
  const code = await ended(child);
  if (code !== 0) throw failed("initdb", output());
  await rm(passwordFile);
  return data;
}

async function start(
  binaries: Binaries,
  options: {
    readonly data: string;
    readonly port: number;
    readonly account: Account | null;
    readonly settings: Readonly<Record<string, string>>;
  },
): Promise<ChildProcess> {
  const settings = { listen_addresses: "127.0.0.1", unix_socket_directories: "", ...options.settings };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn(binaries.postgres, ["-D", options.data, "-p", String(options.port), ...flags], {
    ...options.account,
    cwd: options.data,
    // Its own process group: Ctrl-C on the terminal reaches this process alone, which then stops the server in order.
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const killOnExit = (): void => void child.kill("SIGINT");
  process.once("exit", killOnExit);
  child.once("exit", () => process.off("exit", killOnExit));
  const output = collect(child);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(failed("postgres", `not ready after ${START_TIMEOUT_MS / 1000} s\n${output()}`));
    }, START_TIMEOUT_MS);
    child.stderr?.on("data", () => {
      if (!output().includes("ready to accept connections")) return;
      clearTimeout(timer);
      resolve();
    });
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(failed("postgres", error.message));
    });
    child.once("exit", () => {
      clearTimeout(timer);
      reject(failed("postgres", output()));
    });
  });
  return child;
}

/** Fast shutdown: open transactions are rolled back, nothing is waited for. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await gone;
  clearTimeout(timer);
}

/** The last 20 kB that the process said. */
function collect(child: ChildProcess): () => string {
  let text = "";
  const take = (chunk: Buffer): void => {
    text = (text + chunk.toString("utf8")).slice(-20_000);
  };
  child.stdout?.on("data", take);
  child.stderr?.on("data", take);
  return () => text;
}

async function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", resolve);
  });
}

function failed(program: string, output: string): TerminalError {
  const lines = output.trim().split("\n").slice(-5).join("\n  ");
  return new TerminalError(
    "INTERNAL",
    `The embedded PostgreSQL did not start: ${program} says\n  ${lines === "" ? "nothing" : lines}`,
    {
      remedy: "Use a PostgreSQL server of your own with `tidemark simulate` and `tidemark replicate`.",
    },
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new TerminalError("INTERNAL", "No free port was found.");
  return address.port;
}
