import { afterEach } from "vitest";

import { createSimulator, type Simulator, type SimulatorOptions } from "../simulator.js";

/** An answer whose body is JSON; null = no body. */
export interface Answer {
  readonly status: number;
  readonly json: unknown;
  readonly link: string | null;
}

/** Sends a request with the org's API token; a string is sent as it is, another body as JSON. */
export type Call = (method: string, path: string, body?: unknown) => Promise<Answer>;

/** Calls the org of the moment, at paths below `prefix` or at whole addresses (a next link). */
export function callerOf(sim: () => Simulator, prefix = ""): Call {
  return async (method, path, body) => {
    const { url, token } = sim();
    const answer = await fetch(path.startsWith("http") ? path : `${url}${prefix}${path}`, {
      method,
      headers: { authorization: `SSWS ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = text === "" ? null : (JSON.parse(text) as unknown);
    return { status: answer.status, json, link: answer.headers.get("link") };
  };
}

/** Types of the events in the log whose names begin so. */
export function eventTypes(sim: Simulator, prefix: string): string[] {
  return [...sim.org.truth("log_events")]
    .map(({ eventType }) => String(eventType))
    .filter((type) => type.startsWith(prefix));
}

/** A test file's org: each test starts one of its own (or a second, in place of the first), and it ends with the test. */
export function simulatedOrg(defaults: SimulatorOptions): {
  readonly start: (options?: SimulatorOptions) => Promise<Simulator>;
  readonly sim: () => Simulator;
} {
  let running: Simulator | undefined;
  const close = async (): Promise<void> => {
    await running?.close();
    running = undefined;
  };
  afterEach(close);
  return {
    start: async (options = {}) => {
      await close();
      running = await createSimulator({ ...defaults, ...options });
      return running;
    },
    sim: () => {
      if (!running) throw new Error("the test has not started an org");
      return running;
    },
  };
}
