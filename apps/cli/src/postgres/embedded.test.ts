import { connect } from "node:net";
import { expect, test } from "vitest";

import { startEmbeddedPostgres } from "./embedded.js";

test("a private server comes up, answers, and is gone after stop", async () => {
  const server = await startEmbeddedPostgres();
  expect(await answers(server.port)).toBe(true);
  await server.stop();
  expect(await answers(server.port)).toBe(false);
});

/** Sends an SSLRequest, to which every PostgreSQL answers with S or N. */
async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("data", (data) => {
      socket.destroy();
      resolve(["S", "N"].includes(data.toString("latin1")));
    });
    socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
  });
}
