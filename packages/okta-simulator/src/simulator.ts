import type { Clock } from "@tidemark/kernel";
import { Org, type Lag } from "./org/org.js";
import { SimulatedOrg } from "./org/simulated-org.js";
import type { RequestLog } from "./requests.js";
import { OktaServer } from "./server.js";

/** Everything has a default; the same options give the same org. */
export interface SimulatorOptions {
  /** Generated users; default 1000. */
  readonly users?: number;
  /** Generated groups beside Everyone; default by the number of users. */
  readonly groups?: number;
  /** Generated applications; default by the number of users. */
  readonly apps?: number;
  /** Custom user attributes of the default user type; default 15. */
  readonly customAttributes?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Added to every answer; default 0. */
  readonly latencyMs?: number;
  /** How far readers lie behind writers; default 0 everywhere. */
  readonly lag?: Partial<Lag>;
  /** The API token (SSWS); default one computed from the seed. */
  readonly token?: string;
  readonly clock?: Clock;
}

/** A running simulated org. */
export interface Simulator {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly token: string;
  readonly org: SimulatedOrg;
  readonly requests: RequestLog;
  close(): Promise<void>;
}

/** Starts an Okta org over HTTP on a loopback port. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const users = options.users ?? 1000;
  const org = new Org({
    users,
    groups: options.groups ?? Math.max(5, Math.min(2000, Math.round(users / 20))),
    apps: options.apps ?? Math.max(3, Math.min(400, Math.round(users / 50))),
    customAttributes: options.customAttributes ?? 15,
    seed: options.seed ?? 1,
    lag: { listMs: 0, searchMs: 0, membershipMs: 0, logMs: 0, ...options.lag },
    ...(options.clock ? { clock: options.clock } : {}),
  });
  const token = options.token ?? "00Qsimulated-token";
  const server = new OktaServer({ org, token, latencyMs: options.latencyMs ?? 0 });
  const port = await server.listen(options.port ?? 0);
  return { url: `http://127.0.0.1:${port}`, token, org: new SimulatedOrg(org), requests: server.requests, close: () => server.close() };
}
