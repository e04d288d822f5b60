import { messageOf, RetryableError, TerminalError } from "@tidemark/kernel";
import { redact } from "./redact.js";

const TLS_CODES = /^(?:CERT_|ERR_TLS_|ERR_SSL_|EPROTO$|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/** What was tried. */
export interface Attempted {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly orgUrl: string;
}

/** No answer came: what to make of it. A certificate that is not trusted will not be so a second later. */
export function networkError(error: unknown, attempted: Attempted): RetryableError | TerminalError {
  if (error instanceof RetryableError || error instanceof TerminalError) return error;
  const code = errorCode(error);
  const reason = redact(messageOf(error) || code);
  const message = `${attempted.method} ${attempted.path}: no answer from ${attempted.orgUrl}: ${reason}`;
  const where = attempted.orgUrl;
  if (TLS_CODES.test(code)) {
    const remedy = "If a proxy or gateway opens TLS here, give its certificate authority as caFile";
    return new TerminalError("OKTA_UNREACHABLE", `${message} (${code})`, { where, remedy, cause: error });
  }
  const remedy =
    code === "ENOTFOUND" || code === "EAI_AGAIN"
      ? "Check orgUrl and this machine's DNS; behind a proxy set proxy or HTTPS_PROXY"
      : "Check network, firewall and proxy; see status.okta.com";
  return new RetryableError("OKTA_UNREACHABLE", message, { where, remedy, cause: error });
}

/** True when waiting is unlikely to help: the name does not exist or nobody listens. */
export function looksMisaddressed(error: unknown): boolean {
  const code = errorCode(error instanceof RetryableError ? error.cause : error);
  return code === "ENOTFOUND" || code === "ECONNREFUSED" || code === "EHOSTUNREACH";
}

function errorCode(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  const code = typeof error === "object" && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "";
}
