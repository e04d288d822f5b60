import { run, tail } from "../run.mjs";

/** Relative to the repository's root, where programs are run: a shell of Windows would split a path at its blanks. */
const FILE = "infra/compose/compose.yaml";
/** Besides the time that fetching an image takes. */
const READY_TIMEOUT_S = 240;
let running;

/** True when there is a Docker engine that answers. */
export function dockerRuns() {
  running ??= run(["docker", "info", "--format", "{{.ServerVersion}}"], { timeoutMs: 10_000 }).then(
    ({ code }) => code === 0,
  );
  return running;
}

/**
 * Starts a service of infra/compose under a project of its own, and waits until it is healthy.
 * @param {string} service its name in the file
 * @param {number} port the one that it listens on inside
 * @returns {Promise<{ port: number, from: string, stop: () => Promise<void> }>} `port` of the loopback address
 */
export async function startService(service, port) {
  const compose = (...args) =>
    run(["docker", "compose", "-p", `tidemark-test-${process.pid}-${service}`, "-f", FILE, ...args]);
  if ((await run(["docker", "compose", "version"])).code !== 0) {
    throw new Error("the Docker engine runs, but `docker compose` (version 2) is not installed");
  }
  const stop = async () => void (await compose("down", "-v", "--timeout", "5"));
  const up = await compose("up", "-d", "--quiet-pull", "--wait", "--wait-timeout", String(READY_TIMEOUT_S), service);
  if (up.code !== 0) {
    await stop();
    throw new Error(`docker compose up ${service}: ${tail(up.output, 3)}`);
  }
  const mapped = await compose("port", service, String(port));
  const found = /:(\d+)\s*$/.exec(mapped.output)?.[1];
  if (mapped.code !== 0 || found === undefined) {
    await stop();
    throw new Error(`docker compose port ${service} ${port}: ${tail(mapped.output, 3)}`);
  }
  return { port: Number(found), from: `Docker, ${service} of ${FILE}`, stop };
}
