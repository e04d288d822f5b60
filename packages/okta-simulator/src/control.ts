import type { ServerResponse } from "node:http";
import { OktaError } from "./errors.js";
import { parseFaultRule } from "./fault-rules.js";
import type { Faults } from "./faults.js";
import { isObject } from "./json.js";
import type { SimulatedOrg } from "./org/simulated-org.js";
import { TRUTH_OBJECTS, type TruthObject } from "./org/truth.js";
import type { RequestLog } from "./requests.js";

/** What the control paths act on. */
export interface Controlled {
  readonly simulated: SimulatedOrg;
  readonly faults: Faults;
  readonly requests: RequestLog;
}

interface Call {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body ?? null));
}

/**
 * `/_simulator/…`: not part of Okta; for tests that run the simulator in another process. No credentials: the server
 * listens on the loopback address alone. The package's README lists the paths.
 */
export function control(parts: Controlled, call: Call, response: ServerResponse): void {
  const [, , name = "", argument = ""] = call.url.pathname.split("/");
  try {
    switch (`${call.method} ${name}`) {
      case "GET faults":
        return send(response, 200, parts.faults.list());
      case "POST faults":
        return send(response, 200, { id: parts.faults.add(parseFaultRule(JSON.parse(call.body))) });
      case "DELETE faults":
        if (argument === "") parts.faults.clear();
        else parts.faults.remove(argument);
        return send(response, 200, parts.faults.list());
      case "GET requests":
        return send(response, 200, { count: parts.requests.count(), byPath: parts.requests.byPath() });
      case "DELETE requests":
        parts.requests.clear();
        return send(response, 200, { count: 0, byPath: {} });
      case "GET truth":
        return dump(parts, argument, response);
      case "POST org":
        return send(response, 200, mutate(parts.simulated, argument, call.body));
      default:
        return send(response, 404, { error: `no such control path: ${call.method} ${call.url.pathname}` });
    }
  } catch (error) {
    if (error instanceof OktaError) send(response, error.status, error.body);
    else send(response, 400, { error: error instanceof Error ? error.message : String(error) });
  }
}

/** One JSON object a line. */
function dump(parts: Controlled, object: string, response: ServerResponse): void {
  if (!(TRUTH_OBJECTS as readonly string[]).includes(object)) {
    send(response, 404, { error: `truth knows ${TRUTH_OBJECTS.join(", ")}` });
    return;
  }
  const rows = parts.simulated.truth(object as TruthObject)[Symbol.iterator]();
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  const more = (): void => {
    for (;;) {
      let chunk = "";
      let done = false;
      while (chunk.length < 262_144 && !done) {
        const row = rows.next();
        if (row.done === true) done = true;
        else chunk += `${JSON.stringify(row.value)}\n`;
      }
      if (done) {
        response.end(chunk);
        return;
      }
      if (!response.write(chunk)) {
        response.once("drain", more);
        return;
      }
    }
  };
  more();
}

/** `POST /_simulator/org/METHOD` with `{"args": […]}` calls that method of {@link SimulatedOrg}. */
function mutate(org: SimulatedOrg, method: string, body: string): unknown {
  const run: unknown = method in Object.prototype ? undefined : (org as unknown as Record<string, unknown>)[method];
  if (["truth", "truthOf", "itemsAt", "asAdmin"].includes(method) || typeof run !== "function")
    throw new TypeError(`the org has no method ${method}`);
  const parsed: unknown = body === "" ? {} : JSON.parse(body);
  const args: unknown = isObject(parsed) ? (parsed["args"] ?? []) : [];
  return (run as (...args: unknown[]) => unknown).apply(org, Array.isArray(args) ? args : [args]);
}
