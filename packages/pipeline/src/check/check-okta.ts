import type { Surroundings } from "../connect.js";
import type { CheckOptions, OktaCheck } from "./types.js";

export async function checkOkta(name: string, _options: CheckOptions, _surroundings: Surroundings): Promise<OktaCheck> {
  return {
    connection: name,
    kind: "okta",
    type: "okta",
    ok: true,
    problems: [],
    warnings: [],
    settings: {},
    org: null,
    credentials: null,
    log: null,
    objects: [],
    buckets: [],
    loads: [],
    requests: 0,
    latencyMs: null,
  };
}
