import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { run, tail } from "../run.mjs";
import { aptInstall, freePort, mayInstall, withoutStarting } from "./debian.mjs";
import { dockerRuns, startService } from "./docker.mjs";

const PROGRAM = "/usr/bin/redis-server";
const READY_TIMEOUT_MS = 20_000;

/** Redis for the tests: a container, or the distribution's. */
export const redis = {
  name: "Redis",
  variable: "TIDEMARK_TEST_REDIS_URL",
  ways: [fromDocker, fromDebian],
};

async function fromDocker() {
  if (!(await dockerRuns())) return null;
  const { port, ...service } = await startService("redis", 6379);
  return { ...service, url: `redis://127.0.0.1:${port}` };
}

async function fromDebian() {
  if (!existsSync(PROGRAM)) {
    if (!mayInstall()) return null;
    await withoutStarting(() => aptInstall("redis-server"));
  }
  const folder = mkdtempSync(join(tmpdir(), "tidemark-redis-"));
  chmodSync(folder, 0o755);
  try {
    const version = (await run([PROGRAM, "--version"])).output.trim();
    return { ...(await start(folder)), from: version };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A server on a free loopback port that keeps nothing. */
async function start(folder) {
  const port = await freePort();
  const settings = ["--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"];
  const child = spawn(PROGRAM, ["--port", String(port), ...settings], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said = tail(said + chunk, 20)));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (const giveUpAt = Date.now() + READY_TIMEOUT_MS; ; await sleep(50)) {
    const ping = await run(["redis-cli", "-h", "127.0.0.1", "-p", String(port), "ping"]);
    if (ping.output.trim() === "PONG") return { url: `redis://127.0.0.1:${port}`, stop };
    if (child.exitCode === null && Date.now() < giveUpAt) continue;
    child.kill("SIGKILL");
    throw new Error(`Redis did not start: ${tail(said || ping.output, 3)}`);
  }
}
