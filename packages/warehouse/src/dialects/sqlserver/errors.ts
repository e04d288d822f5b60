import { messageOf, RetryableError, TerminalError, TidemarkError } from "@tidemark/kernel";

import { ConnectError } from "../../driver.js";
import { BY_CODE, BY_NUMBER, LOST, NO_DATABASE, OTHER, POOL, type Rule, UNREACHABLE } from "./error-rules.js";

interface DriverError {
  readonly code?: unknown;
  /** The server's error number. */
  readonly number?: unknown;
  /** Numbers of the errors that refused a login. */
  readonly numbers?: readonly number[];
  /** The server's own words, without what others put before them. */
  readonly words?: unknown;
  readonly errors?: readonly unknown[];
  readonly name?: unknown;
}

/** What an error and those inside of it say, the most telling first. */
function all(error: Error & DriverError): (Error & DriverError)[] {
  const inner = error instanceof AggregateError ? error.errors : [error.cause];
  return [error, ...inner.filter((one): one is Error => one instanceof Error).flatMap(all)];
}

function byNumber(error: Error & DriverError): Rule | undefined {
  const found = [...(error.numbers ?? []), error.number].map((number) => BY_NUMBER.get(Number(number)));
  return found.find((rule) => rule !== undefined);
}

/** The error that tells most, and what it means. */
function tell(error: Error & DriverError): { rule: Rule; told: Error & DriverError } | undefined {
  const errors = all(error);
  const numbered = errors.find((one) => byNumber(one) !== undefined);
  if (numbered) return { rule: byNumber(numbered) ?? OTHER, told: numbered };
  // Innermost first: why a socket failed says more than that it did.
  const coded = errors.toReversed().find((one) => typeof one.code === "string" && BY_CODE[one.code] !== undefined);
  if (coded) return { rule: BY_CODE[String(coded.code)] ?? OTHER, told: coded };
  const driver = errors.find((one) => typeof one.number === "number" || typeof one.code === "string");
  if (driver) return { rule: OTHER, told: driver };
  // knex's pool gives up with this name when none of its connections became free in time.
  if (error.name === "KnexTimeoutError" || error.name === "TimeoutError") return { rule: POOL, told: error };
  // tedious reports a connection that the server closed in the middle of a request as a bare Error without a code
  // (message-io.js, readMessage); our own bugs have other classes.
  return error.constructor === Error ? { rule: LOST, told: error } : undefined;
}

function ruleOf(error: Error & DriverError): { rule: Rule; told: Error & DriverError } | undefined {
  const found = tell(error);
  if (!(error instanceof ConnectError)) return found;
  const { rule, told } = found ?? { rule: UNREACHABLE, told: error };
  // The driver's time-out, and whatever cuts a connection, mean another thing before it stands.
  const cut = rule === LOST || rule === OTHER || told.code === "ETIMEOUT";
  return { rule: cut ? UNREACHABLE : rule, told };
}

/** The server's words without the values that it quotes in them. */
function wordsOf(error: Error & DriverError): string {
  const words = typeof error.words === "string" ? error.words : (messageOf(error).split(" - ").at(-1) ?? "");
  return words
    .replaceAll(/(key value is) \(.*?\)(?=\.?\s*$|\.\s)/gs, "$1 (…)")
    .replaceAll(/(value:?|syntax for type [\w ]+:) (['"]).*?\2(?=[.]?$| to | of | is |,)/gs, "$1 '…'");
}

/** Translates what tedious or knex threw, by number or code, never by the text. Values and passwords stay out of it. */
export function mapError(error: unknown, doing: string): TidemarkError {
  if (error instanceof TidemarkError) return error;
  const driver: Error & DriverError = error instanceof Error ? error : new Error(messageOf(error));
  const found = ruleOf(driver);
  if (!found) return new TerminalError("INTERNAL", `${doing}: ${messageOf(error)}`, { cause: error });
  const { rule, told } = found;
  const message = `${rule.says} (${doing}): ${wordsOf(told)}`;
  const details = { remedy: rule.remedy, cause: error };
  return rule.retryable
    ? new RetryableError(rule.code, message, details)
    : new TerminalError(rule.code, message, details);
}

/** 2627, a key or unique constraint; 2601, a unique index. */
export function isDuplicate(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return all(error as Error & DriverError).some((one) => one.number === 2627 || one.number === 2601);
}

/** The login was refused because of the database that it named. */
export function isUnknownDatabase(error: unknown): boolean {
  return error instanceof Error && tell(error)?.rule === NO_DATABASE;
}

/** A value that the bulk path cannot write. */
export function badValue(message: string): Error {
  return Object.assign(new Error(message), { code: "EVALUE" });
}
