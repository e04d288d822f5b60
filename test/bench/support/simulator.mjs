// A simulated org in a process of its own: `node simulator.mjs '{"users":1000}'`. Says on one line of JSON where it
// listens, and when its input ends on another how many answers it gave, by status.
import { subscribe } from "node:diagnostics_channel";

import { createSimulator } from "@tidemark/okta-simulator";

const statuses = {};
subscribe("http.server.response.finish", ({ response }) => {
  statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1;
});
const simulator = await createSimulator(JSON.parse(process.argv[2] ?? "{}"));
process.stdout.write(`${JSON.stringify({ url: simulator.url, token: simulator.token })}\n`);
process.stdin.resume();
process.stdin.once("end", () => process.stdout.write(`${JSON.stringify(statuses)}\n`, () => process.exit()));
