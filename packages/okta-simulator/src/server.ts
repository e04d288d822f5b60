import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Authenticator, Principal } from "./auth/authenticator.js";
import { control } from "./control.js";
import { OktaError, oktaError } from "./errors.js";
import type { FaultAction, Faults, RawReply } from "./faults.js";
import { type Context, encodeRows, type Reply } from "./http.js";
import type { Actor } from "./org/log-events.js";
import type { Org } from "./org/org.js";
import type { SimulatedOrg } from "./org/simulated-org.js";
import type { Admission, RateLimiter } from "./rate-limits.js";
import type { RequestLog } from "./requests.js";
import type { ResourceStore } from "./resources/store.js";
import { allRoutes } from "./routes/all.js";
import { authenticate } from "./routes/authn.js";
import { wellKnown } from "./routes/org.js";

const AUTHN = "/api/v1/authn";
/** Certificates and pictures (OpenAPI spec). */
const BINARY = /^(?:multipart\/form-data|application\/(?:x-pem-file|x-x509-ca-cert|pkix-cert))/;
const BODIES = new RegExp(`json|${BINARY.source}`);
/** Where callers have no credentials yet. */
const OPEN: ReadonlySet<string> = new Set(["/oauth2/v1/token", AUTHN]);

/** What the server is made of. */
export interface ServerParts {
  readonly org: Org;
  readonly simulated: SimulatedOrg;
  readonly authenticator: Authenticator;
  readonly resources: ResourceStore;
  readonly limiter: RateLimiter;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly latencyMs: number;
}

/** The org behind HTTP. */
export class OktaServer {
  readonly #parts: ServerParts;
  readonly #router = allRoutes();
  readonly #http: Server;
  #requestNumber = 0;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#http = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        // A bug of the simulator must be seen in the test that met it, not as a hanging socket.
        if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
        response.end(error instanceof Error ? (error.stack ?? error.message) : String(error));
      });
    });
    this.#http.keepAliveTimeout = 65_000;
  }

  /** Listens on the loopback address; resolves to the port. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#http.once("error", reject);
      this.#http.listen(port, "127.0.0.1", () => {
        const address = this.#http.address();
        resolve(typeof address === "object" && address ? address.port : port);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    const base = `http://${request.headers.host ?? "127.0.0.1"}`;
    const url = new URL(request.url ?? "/", base);
    const method = request.method ?? "GET";
    if (url.pathname.startsWith("/_simulator/")) {
      control(this.#parts, { method, url, body }, response);
      return;
    }
    const { requests, faults } = this.#parts;
    requests.add(method, url.pathname);
    const action = faults.before({ method, path: url.pathname, query: url.searchParams });
    if (action?.connection === "stall") return;
    if (action?.connection === "dropBefore") {
      response.destroy();
      return;
    }
    this.#send(response, await this.#reply({ request, url, base, method, body }, action), action);
  }

  /** Admits the request, waits as long as Okta would take, answers. What waits counts as in flight. */
  async #reply(asked: Asked, action: FaultAction | null): Promise<RawReply | Reply> {
    const { org, latencyMs } = this.#parts;
    const wait = async (): Promise<void> => {
      const delay = latencyMs + (action?.delayMs ?? 0);
      if (delay > 0) await org.clock.sleep(delay);
      org.tick();
    };
    if (asked.url.pathname === "/.well-known/okta-organization") {
      await wait();
      return action?.answer ?? { status: 200, json: JSON.stringify(wellKnown(org, asked.base)) };
    }
    let headers: Record<string, string> = {};
    let leave = (): void => undefined;
    try {
      const entered = this.#admit(asked);
      ({ headers, leave } = entered.admission);
      await wait();
      const reply = action?.answer ?? this.#handle(asked, entered.principal);
      return { ...reply, headers: { ...headers, ...reply.headers } };
    } catch (error) {
      if (!(error instanceof OktaError)) throw error;
      return { status: error.status, json: JSON.stringify(error.body), headers: { ...headers, ...error.headers } };
    } finally {
      leave();
    }
  }

  /** Who calls (nobody yet at the token endpoint), and the place in the rate bucket; throws 401, 403 and 429. */
  #admit(asked: Asked): { principal: Principal | undefined; admission: Admission } {
    const { authenticator, limiter } = this.#parts;
    const { method, url } = asked;
    const open = method === "POST" && OPEN.has(url.pathname);
    const principal = open ? undefined : authenticator.authenticate(callOf(asked));
    return { principal, admission: limiter.enter(method, url.pathname, principal?.id ?? "token") };
  }

  #handle(asked: Asked, principal: Principal | undefined): RawReply | Reply {
    if (principal) return this.#route(asked, principal);
    if (asked.url.pathname === AUTHN)
      return { status: 200, json: JSON.stringify(authenticate(this.#parts.org, asked.body)) };
    return this.#parts.authenticator.handleToken(callOf(asked), asked.body);
  }

  #route(asked: Asked, principal: Principal): Reply {
    const { org, resources, faults } = this.#parts;
    const { url, method } = asked;
    const { handler, params } = this.#router.find(method, url.pathname);
    const context: Context = {
      org,
      resources,
      base: asked.base,
      method,
      params,
      path: url.pathname,
      query: url.searchParams,
      headers: asked.request.headers,
      bodyText: asked.body,
      principal,
      role: faults.role(),
      sees: (id) => faults.visible(url.pathname, id),
    };
    if (method === "GET") return handler(context);
    if (asked.body !== "" && !BODIES.test(asked.request.headers["content-type"] ?? "application/json"))
      throw oktaError("E0000019");
    return org.as(actorOf(org, principal), () => handler(context));
  }

  #send(response: ServerResponse, reply: RawReply | Reply, action: FaultAction | null): void {
    const { org } = this.#parts;
    let { status } = reply;
    let body = bytesOf(reply);
    let headers: Record<string, string | string[]> = {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...reply.headers,
    };
    if (action?.rewrite) {
      const rewritten = action.rewrite({ status, headers, body: body?.toString() });
      status = rewritten.status;
      headers = { ...rewritten.headers };
      body = rewritten.body === undefined ? undefined : Buffer.from(rewritten.body);
    }
    if (action?.connection === "dropAfter") {
      response.destroy();
      return;
    }
    response.writeHead(status, {
      ...(body ? { "content-length": body.length } : {}),
      date: new Date(org.now() + (action?.clockSkewMs ?? 0)).toUTCString(),
      "x-okta-request-id": `sim${(++this.#requestNumber).toString(36).padStart(12, "0")}`,
      ...headers,
    });
    if (action?.connection === "dropAfterHeaders" || action?.connection === "truncate") {
      response.flushHeaders();
      if (action.connection === "truncate" && body) response.write(body.subarray(0, Math.floor(body.length / 2)));
      // The socket must have taken the bytes before it goes away.
      setImmediate(() => response.destroy());
      return;
    }
    response.end(body);
  }
}

interface Asked {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly base: string;
  readonly method: string;
  readonly body: string;
}

function callOf(asked: Asked) {
  return { method: asked.method, url: asked.url.href, headers: asked.request.headers };
}

function bytesOf(reply: RawReply | Reply): Buffer | undefined {
  if ("body" in reply) return reply.body === undefined ? undefined : Buffer.from(reply.body);
  if (reply.rows) return encodeRows(reply.rows);
  return reply.json === undefined ? undefined : Buffer.from(reply.json);
}

async function textOf(request: IncomingMessage): Promise<string> {
  if (request.method === "GET") return "";
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  // Of what is no text, the bytes are kept: one character for each.
  const encoding = BINARY.test(request.headers["content-type"] ?? "") ? "latin1" : "utf8";
  return Buffer.concat(chunks).toString(encoding);
}

/** How the log names the caller: the token's owner, or the service app (Okta docs). */
function actorOf(org: Org, principal: Principal): Actor {
  if (principal.clientId !== undefined)
    return {
      id: principal.clientId,
      type: "PublicClientApp",
      alternateId: principal.clientId,
      displayName: "Service app",
      tokenId: principal.tokenId,
    };
  const owner = org.users.get(org.users.find(principal.userId ?? ""));
  const login = String(owner?.profile["login"] ?? "unknown");
  return {
    id: principal.userId ?? "unknown",
    type: "User",
    alternateId: login,
    displayName: login,
    tokenId: principal.tokenId,
  };
}
