import { isAbort, messageOf, TidemarkError } from "@tidemark/kernel";

import type { ObjectStatus } from "./report.js";

/** Faults that concern every object: going on with the others would only repeat them. */
const FATAL = new Set([
  "OKTA_TOKEN_INVALID",
  "OKTA_OAUTH",
  "OKTA_NOT_AN_ORG",
  "OKTA_OTHER_ORG",
  "WAREHOUSE_UNREACHABLE",
  "WAREHOUSE_AUTH",
  "WAREHOUSE_READ_ONLY",
  "WAREHOUSE_NO_DATABASE",
  "WAREHOUSE_TOO_OLD",
  "WAREHOUSE_FULL",
  "WAREHOUSE_SCHEMA_NEWER",
]);

/** True when the whole run has to stop. */
export function isFatal(error: unknown): boolean {
  if (isAbort(error)) return true;
  return error instanceof TidemarkError && FATAL.has(error.code);
}

/** What an object's error means for it: a refusal is a result (decision 10), anything else a failure. */
export function statusOfError(error: unknown): ObjectStatus {
  if (!(error instanceof TidemarkError)) return "failed";
  switch (error.code) {
    case "OKTA_DENIED":
      return "denied";
    case "OKTA_UNAVAILABLE":
    case "OKTA_NOT_FOUND":
      return "unavailable";
    case "LEASE_HELD":
      return "skipped";
    case "MASS_DELETE":
    case "LISTING_DOUBTFUL":
      return "guarded";
    default:
      return "failed";
  }
}

/** Code, message and remedy as the report shows them. */
export function describeError(error: unknown): { code: string; message: string; remedy?: string } {
  if (!(error instanceof TidemarkError))
    return { code: isAbort(error) ? "INTERRUPTED" : "INTERNAL", message: messageOf(error) };
  const where = error.where === undefined ? "" : ` (${error.where})`;
  return {
    code: error.code,
    message: `${error.message}${where}`,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
  };
}
