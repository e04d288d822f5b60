import { silentLogger, noMetrics, systemClock, TerminalError, type Clock } from "@tidemark/kernel";
import { createAuthorizer } from "./auth.js";
import { type Connections, openConnections } from "./connections.js";
import { exchange } from "./exchange.js";
import { readGrants } from "./grants.js";
import { createMemoryLedger, type LedgerOptions, type MemoryLedger } from "./ledger.js";
import { readOrganization } from "./org.js";
import { normalizeOrgUrl } from "./orgUrl.js";
import type { SdkHttp } from "./sdk.js";
import { Sender } from "./sender.js";
import { Counters } from "./stats.js";
import { serverClock } from "./time.js";
import type { OktaClient, OktaClientOptions, RateLedger } from "./types.js";
import { View, type Shared } from "./view.js";

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_CONCURRENCY = 10;
const PRODUCT = "tidemark/0.1.0";

/**
 * A client for one org and principal. Nothing is sent or loaded before its first request. Throws CONFIG_INVALID when the
 * address or the credentials cannot be right.
 */
export function createOktaClient(options: OktaClientOptions): OktaClient {
  const orgUrl = normalizeOrgUrl(options.orgUrl);
  checkNumbers(options);
  const clock = options.clock ?? systemClock;
  const time = serverClock(clock);
  const connection = connect(options, orgUrl);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const userAgent = [options.userAgent, `${PRODUCT} node/${process.versions.node}`].filter(Boolean).join(" ");
  const authorizer = createAuthorizer(options.auth, {
    orgUrl,
    clock,
    logger: options.logger ?? silentLogger,
    now: time.now,
    learnDate: time.learn,
    send: async (request) => {
      const headers = { "User-Agent": userAgent, "Accept-Encoding": "gzip", ...request.headers };
      return exchange({ ...request, headers }, { connections: await connection.open(), timeoutMs });
    },
  });
  const ledger = options.ledger ?? processLedger(clock, `${orgUrl} ${authorizer.principal}`, ledgerOptions(options));

  let transport: Promise<SdkHttp> | undefined;
  const open = async (): Promise<SdkHttp> => {
    const [{ createSdkTransport }, connections] = await Promise.all([import("./sdk.js"), connection.open()]);
    const defaultHeaders = { Accept: "application/json", "Accept-Encoding": "gzip", "User-Agent": userAgent };
    return createSdkTransport({
      connections,
      timeoutMs,
      defaultHeaders,
      authorize: (request) => authorizer.authorize(request),
    });
  };
  const sender = new Sender({
    orgUrl,
    clock,
    logger: options.logger ?? silentLogger,
    metrics: options.metrics ?? noMetrics,
    ledger,
    serverClock: time,
    authorizer,
    transport: () => (transport ??= open()),
  });
  const shared: Shared = {
    sender,
    organization: undefined,
    grants: (client) => readGrants(client, authorizer),
    readOrganization,
    close: connection.close,
  };
  return new View(shared, { label: "okta" }, new Counters());
}

interface Connection {
  open(): Promise<Connections>;
  close(): Promise<void>;
}

function connect(options: OktaClientOptions, orgUrl: string): Connection {
  let opened: Promise<Connections> | undefined;
  const maxConcurrency = options.maxConcurrency ?? DEFAULT_CONCURRENCY;
  const env = options.env ?? process.env;
  return {
    open: () =>
      (opened ??= openConnections({ orgUrl, proxy: options.proxy, caFile: options.caFile, maxConcurrency, env })),
    async close() {
      const connections = await opened?.catch(() => undefined);
      connections?.agent.destroy();
    },
  };
}

function ledgerOptions(options: OktaClientOptions): LedgerOptions {
  const { share, reserve, maxConcurrency, metrics } = options;
  return {
    ...(share === undefined ? {} : { share }),
    ...(reserve === undefined ? {} : { reserve }),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    ...(metrics === undefined ? {} : { metrics }),
  };
}

/** Ledgers of this process, by clock, org and principal: the share holds however many clients there are, or were. */
const ledgers = new WeakMap<Clock, Map<string, MemoryLedger>>();

function processLedger(clock: Clock, key: string, options: LedgerOptions): RateLedger {
  let ofClock = ledgers.get(clock);
  if (!ofClock) ledgers.set(clock, (ofClock = new Map()));
  let ledger = ofClock.get(key);
  if (ledger) ledger.tighten(options);
  else ofClock.set(key, (ledger = createMemoryLedger({ ...options, clock })));
  return ledger;
}

function checkNumbers(options: OktaClientOptions): void {
  const within = (
    name: "share" | "reserve" | "timeoutMs" | "maxConcurrency",
    ok: (value: number) => boolean,
    allowed: string,
  ): void => {
    const value = options[name];
    if (value === undefined || ok(value)) return;
    throw new TerminalError("CONFIG_INVALID", `${name} ${value} is not ${allowed}`, { where: name });
  };
  within("share", (value) => value > 0 && value <= 1, "above 0 and at most 1");
  within("reserve", (value) => value >= 0 && value < 1, "at least 0 and below 1");
  within("timeoutMs", (value) => value >= 1 && value <= 2 ** 31 - 1, "a time in milliseconds");
  within("maxConcurrency", (value) => Number.isInteger(value) && value >= 1, "a whole number of at least 1");
}
