import { setTimeout as sleep } from "node:timers/promises";

import { run, tail } from "../run.mjs";

const READY_TIMEOUT_MS = 120_000;
let running;

/** True when there is a Docker engine that answers. */
export function dockerRuns() {
  running ??= run(["docker", "info", "--format", "{{.ServerVersion}}"], { timeoutMs: 10_000 }).then(
    ({ code }) => code === 0,
  );
  return running;
}

/** Starts a container on a free loopback port, and waits until `ready` succeeds inside it. */
export async function startContainer({ image, port, env = {}, args = [], ready }) {
  const variables = Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const started = await run(["docker", "run", "--rm", "-d", "-p", `127.0.0.1::${port}`, ...variables, image, ...args]);
  if (started.code !== 0) throw new Error(`docker run ${image}: ${tail(started.output, 3)}`);
  const id = started.output.trim().split("\n").at(-1);
  const stop = async () => void (await run(["docker", "rm", "-f", "-v", id]));
  const giveUpAt = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const probe = await run(["docker", "exec", id, ...ready]);
    if (probe.code === 0) break;
    if (Date.now() > giveUpAt) {
      await stop();
      throw new Error(`${image} was not ready after ${READY_TIMEOUT_MS / 1000} s: ${tail(probe.output, 3)}`);
    }
    await sleep(500);
  }
  const mapped = await run(["docker", "port", id, String(port)]);
  return { port: Number(mapped.output.trim().split("\n")[0]?.split(":").at(-1)), stop };
}
