import { type ErrorCode, RetryableError, TerminalError, TidemarkError } from "@tidemark/kernel";
import { parseJson } from "./json.js";
import { readRateHeaders } from "./rateHeaders.js";
import { redact } from "./redact.js";

/** An answer of Okta's that is not 2xx. */
export interface OktaAnswer {
  readonly status: number;
  /** `E0000047`, or an OAuth error such as `invalid_token`; null when the body is not Okta's. */
  readonly errorCode: string | null;
  readonly errorSummary: string;
  /** Texts of the form `field: what is wrong`. */
  readonly errorCauses: readonly string[];
  readonly requestId: string | null;
  readonly method: string;
  /** Without query; a person's login is not shown. */
  readonly path: string;
}

const answers = new WeakMap<TidemarkError, OktaAnswer>();

/** The answer behind an error of this client; undefined when there was none (network, malformed page, configuration). */
export function oktaAnswer(error: unknown): OktaAnswer | undefined {
  return error instanceof TidemarkError ? answers.get(error) : undefined;
}

/** The raw parts of an answer. */
export interface FailedExchange {
  readonly method: string;
  readonly url: URL;
  readonly status: number;
  readonly text: string;
  readonly headers: { get(name: string): string | null };
  readonly authKind: "ssws" | "privateKey";
  readonly secrets: readonly string[];
}

/** Turns an answer that is not 2xx into the error that says what it means (Okta docs and recorded traffic). */
export function errorFor(exchange: FailedExchange): RetryableError | TerminalError {
  const answer = readAnswer(exchange);
  const verdict = judge(answer, exchange);
  const message = redact(describe(answer, exchange), exchange.secrets);
  const details = { where: exchange.url.origin, ...(verdict.remedy === undefined ? {} : { remedy: verdict.remedy }) };
  const error = verdict.retry
    ? new RetryableError(verdict.code, message, { ...details, ...retryAfter(exchange) })
    : new TerminalError(verdict.code, message, details);
  answers.set(error, answer);
  return error;
}

function retryAfter({ status, headers }: FailedExchange): { retryAfterMs?: number } {
  const { retryAfterMs } = readRateHeaders(status, headers);
  return retryAfterMs === null ? {} : { retryAfterMs };
}

/** Path as it may be shown: logins are persons' data. */
export function shownPath(url: URL): string {
  return url.pathname.replace(/[^/]*(?:@|%40)[^/]*/gi, "{login}");
}

/** True for an answer that Okta could not make in time or at all (500, 504, time-out): a smaller page may work. */
export function isTooBig(error: unknown): boolean {
  if (!(error instanceof RetryableError)) return false;
  const status = oktaAnswer(error)?.status;
  if (status !== undefined) return status === 500 || status === 504;
  return error.code === "OKTA_UNREACHABLE" && error.cause instanceof Error && error.cause.name === "TimeoutError";
}

function readAnswer(exchange: FailedExchange): OktaAnswer {
  const body = readBody(exchange.text);
  const text = (key: string): string => (typeof body[key] === "string" ? body[key] : "");
  const causes = Array.isArray(body["errorCauses"]) ? (body["errorCauses"] as unknown[]) : [];
  const challenge = /error="([^"]+)"(?:.*?error_description="([^"]*)")?/.exec(
    exchange.headers.get("www-authenticate") ?? "",
  );
  const clean = (value: string): string => redact(value, exchange.secrets);
  return {
    status: exchange.status,
    errorCode: text("errorCode") || text("error") || challenge?.[1] || null,
    errorSummary: clean(text("errorSummary") || text("error_description") || challenge?.[2] || ""),
    errorCauses: causes.flatMap((cause) => {
      const summary = (cause as { errorSummary?: unknown } | null)?.errorSummary;
      return typeof summary === "string" ? [clean(summary)] : [];
    }),
    requestId: exchange.headers.get("x-okta-request-id"),
    method: exchange.method,
    path: shownPath(exchange.url),
  };
}

function readBody(text: string): Record<string, unknown> {
  try {
    const body = parseJson(text);
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function describe(answer: OktaAnswer, exchange: FailedExchange): string {
  const said = [answer.errorCode, answer.errorSummary].filter(Boolean).join(" ");
  const causes = answer.errorCauses.length > 0 ? ` [${answer.errorCauses.join("; ")}]` : "";
  const location = exchange.headers.get("location");
  const elsewhere = exchange.status >= 300 && exchange.status < 400 && location ? ` (to ${hostOf(location)})` : "";
  const id = answer.requestId ? ` (request ${answer.requestId})` : "";
  return `${answer.method} ${answer.path} answered ${answer.status}${said ? ` ${said}` : " without an Okta error"}${causes}${elsewhere}${id}`;
}

function hostOf(location: string): string {
  return URL.canParse(location) ? new URL(location).host : "another path";
}

interface Verdict {
  readonly code: ErrorCode;
  readonly retry: boolean;
  readonly remedy?: string | undefined;
}

/** Codes that mean something else than their status (Okta docs, error codes). */
const BY_CODE: Readonly<Record<string, Verdict>> = {
  E0000015: unavailable("The org lacks this feature; Okta support or your licence decides"),
  E0000008: unavailable(undefined),
  E0000022: unavailable(undefined),
  E0000163: { code: "OKTA_NOT_FOUND", retry: false },
  E0000198: { code: "OKTA_NOT_FOUND", retry: false },
  ...Object.fromEntries(
    ["E0000016", "E0000038", "E0000107", "E0000056"].map((code) => [
      code,
      { code: "OKTA_CONFLICT" as const, retry: false },
    ]),
  ),
  ...Object.fromEntries(
    ["E0000023", "E0000075", "E0000076", "E0000077", "E0000078", "E0000081", "E0000111"].map((code) => [
      code,
      {
        code: "OKTA_BAD_REQUEST" as const,
        retry: false,
        remedy: "The attribute or object is read-only or mastered elsewhere",
      },
    ]),
  ),
  // Okta is still busy with the object or its surroundings.
  ...Object.fromEntries(
    ["E0000112", "E0000249", "E0000253", "E0000254", "E0000268", "E0000239"].map((code) => [
      code,
      { code: "OKTA_CONFLICT" as const, retry: true },
    ]),
  ),
};

const TOKEN_REMEDY: Readonly<Record<"ssws" | "privateKey", string>> = {
  ssws: "Make a new API token (Security > API > Tokens) as a service admin. Tokens die after 30 days without use and with their owner",
  privateKey: "Check that the service app is active and its key still registered",
};

function judge(answer: OktaAnswer, exchange: FailedExchange): Verdict {
  const { status, errorCode } = answer;
  if (status === 400 && isCursorRefusal(answer, exchange.url)) return { code: "OKTA_CURSOR_EXPIRED", retry: true };
  if (status === 429)
    return {
      code: "OKTA_RATE_LIMITED",
      retry: true,
      remedy: "Lower rateLimit.share, or see who else uses this org's limits (Reports > Rate limits)",
    };
  if (status >= 500) return { code: "OKTA_SERVER", retry: true, remedy: "See status.okta.com" };
  const known = errorCode === null ? undefined : BY_CODE[errorCode];
  if (known) return known;
  if (status === 407)
    return {
      code: "OKTA_UNREACHABLE",
      retry: false,
      remedy: "The proxy asks for a user and password: http://user:password@proxy:3128",
    };
  if (status === 401) return { code: "OKTA_TOKEN_INVALID", retry: false, remedy: TOKEN_REMEDY[exchange.authKind] };
  if (status === 403) return denial(answer, exchange);
  if (errorCode === null && (status < 400 || status === 404)) {
    // Never "not found": that can be evidence of a deletion, and whoever answered here is not Okta's API.
    return {
      code: "OKTA_NOT_AN_ORG",
      retry: false,
      remedy: "Check orgUrl: it is the address of your Okta dashboard without -admin and without a path",
    };
  }
  if (status === 404 || status === 410) return { code: "OKTA_NOT_FOUND", retry: false };
  if (status === 405) return unavailable(undefined);
  if (status === 409 || status === 412 || status === 423) return { code: "OKTA_CONFLICT", retry: status === 423 };
  return { code: "OKTA_BAD_REQUEST", retry: false };
}

function denial(answer: OktaAnswer, exchange: FailedExchange): Verdict {
  if (answer.errorCode === "E0000005") {
    return exchange.authKind === "ssws"
      ? { code: "OKTA_TOKEN_INVALID", retry: false, remedy: TOKEN_REMEDY.ssws }
      : {
          code: "OKTA_DENIED",
          retry: false,
          remedy: "This endpoint may not accept OAuth tokens; an API token reaches it",
        };
  }
  const challenge = exchange.headers.get("www-authenticate") ?? "";
  const scope = /\bscope="([^"]+)"/.exec(challenge)?.[1] ?? scopeFor(exchange);
  const remedy =
    answer.errorCode === "insufficient_scope" || challenge.includes("insufficient_scope")
      ? `Grant the app the scope ${scope} and list it under scopes`
      : exchange.authKind === "ssws"
        ? "Give the token's owner an admin role that covers this (Read-only Administrator reads most)"
        : `Give the service app an admin role that covers this, besides the scope ${scope}`;
  return { code: "OKTA_DENIED", retry: false, remedy };
}

/** Scopes follow the path's first word in all but few cases (Okta docs); the names that differ are here. */
function scopeFor(exchange: FailedExchange): string {
  const [, , , area = "", , under = ""] = exchange.url.pathname.split("/");
  const names: Readonly<Record<string, string>> = {
    iam: "roles",
    meta: under === "" ? "userTypes" : "schemas",
    zones: "networkZones",
    org: "orgs",
    clients: "apps",
  };
  const access = exchange.method === "GET" || exchange.method === "HEAD" ? "read" : "manage";
  return `okta.${names[area] ?? area}.${access}`;
}

function isCursorRefusal(answer: OktaAnswer, url: URL): boolean {
  if (!url.searchParams.has("after")) return false;
  // The System Log answers an unusable cursor like an unusable filter; its own next links repeat a filter that worked.
  const codes =
    url.pathname === "/api/v1/logs" ? ["E0000029", "E0000054", "E0000053", "E0000031"] : ["E0000029", "E0000054"];
  return answer.errorCode !== null && codes.includes(answer.errorCode);
}

function unavailable(remedy: string | undefined): Verdict {
  return { code: "OKTA_UNAVAILABLE", retry: false, remedy };
}
