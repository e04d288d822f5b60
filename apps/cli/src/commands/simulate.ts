import { once } from "node:events";

import { createSimulator } from "@tidemark/okta-simulator";

import type { Invocation } from "../command.js";
import { EXIT } from "../failure.js";
import { type Io, print } from "../io.js";
import { wholeNumber } from "../numbers.js";
import { formatCount } from "../text.js";

/** `tidemark simulate`: an Okta org over HTTP until a signal comes. */
export async function run(io: Io, { options }: Invocation): Promise<number> {
  const port = options["port"] === undefined ? 0 : wholeNumber("--port", options["port"], { min: 1, max: 65_535 });
  const users = wholeNumber("--users", options["users"], { min: 1, max: 5_000_000 });
  const simulator = await createSimulator({
    port,
    users,
    seed: wholeNumber("--seed", options["seed"], { min: 0, max: 2 ** 31 }),
    latencyMs: wholeNumber("--latency", options["latency"], { min: 0, max: 600_000 }),
    rateLimits: options["rateLimits"] === "off" ? "off" : "okta",
  });
  print(
    io.stdout,
    `A simulated Okta org with ${formatCount(users)} users listens on ${simulator.url}`,
    `API token: ${simulator.token}`,
    "",
    "In tidemark.yaml:",
    "  connections:",
    "    simulated:",
    "      type: okta",
    `      orgUrl: ${simulator.url}`,
    `      token: ${simulator.token}`,
    "",
    `Or by hand: curl -H 'Authorization: SSWS ${simulator.token}' '${simulator.url}/api/v1/users?limit=5'`,
    "Ctrl-C stops it.",
  );
  if (!io.signal.aborted) await once(io.signal, "abort");
  await simulator.close();
  return EXIT.done;
}
