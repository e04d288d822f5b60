import { randomBytes } from "node:crypto";

/** Okta's error body; the five keys stand in this order in the recorded traffic. */
export interface OktaErrorBody {
  readonly errorCode: string;
  readonly errorSummary: string;
  /** Missing, with `errorCauses`, in the System Log's errors (Okta docs). */
  readonly errorLink?: string;
  readonly errorId: string;
  readonly errorCauses?: readonly { readonly errorSummary: string }[];
}

/** An answer that is not a success, as Okta words it. Thrown anywhere below the HTTP server, which sends it. */
export class OktaError extends Error {
  readonly status: number;
  readonly body: OktaErrorBody;
  headers?: Record<string, string>;

  constructor(status: number, body: OktaErrorBody, headers?: Record<string, string>) {
    super(`${status} ${body.errorCode}: ${body.errorSummary}`);
    this.name = "OktaError";
    this.status = status;
    this.body = body;
    if (headers) this.headers = headers;
  }
}

/** What differs between two errors of one code. */
export interface OktaErrorOptions {
  /** What `{0}` in the summary stands for. */
  readonly arg?: string;
  /** Texts of `errorCauses`, written `field: what is wrong` by Okta. */
  readonly causes?: readonly string[];
  /** Where this path answers with another HTTP status than the code's own. */
  readonly status?: number;
  readonly headers?: Record<string, string>;
}

/**
 * HTTP status and summary by code (Okta docs, error codes of 2026-08): those that the simulated paths answer, and those
 * of Okta's other moods, which a fault of kind `status` can give (read-only mode, reconciling, a busy org).
 * `{0}` is replaced by {@link OktaErrorOptions.arg}.
 */
const CODES: Readonly<Record<string, readonly [status: number, summary: string]>> = {
  E0000001: [400, "Api validation failed: {0}"],
  E0000002: [400, "The request was not valid: {0}"],
  E0000003: [400, "The request body was not well-formed."],
  E0000004: [401, "Authentication failed"],
  E0000005: [403, "Invalid session"],
  E0000006: [403, "You do not have permission to perform the requested action"],
  E0000007: [404, "Not found: {0}"],
  E0000008: [404, "The requested path was not found"],
  E0000009: [500, "Internal Server Error"],
  E0000010: [503, "Service is in read only mode"],
  E0000011: [401, "Invalid token provided"],
  E0000012: [404, "Unsupported media type"],
  E0000014: [403, "Update of credentials failed"],
  E0000015: [401, "You do not have permission to access the feature you are requesting"],
  E0000016: [403, "Activation failed because the user is already active"],
  E0000017: [403, "Password reset failed"],
  E0000018: [400, "Bad request. Accept and/or Content-Type headers are likely not set."],
  E0000019: [400, "Bad request. Accept and/or Content-Type headers likely do not match supported values."],
  E0000020: [400, "Bad request."],
  E0000021: [400, "Bad request. Accept and/or Content-Type headers likely do not match supported values."],
  E0000022: [405, "The endpoint does not support the provided HTTP method"],
  E0000023: [403, "Operation failed because user profile is mastered under another system"],
  E0000024: [400, "Bad request. This operation on app metadata is not yet supported."],
  E0000025: [400, "App version assignment failed."],
  E0000026: [404, "This endpoint has been deprecated."],
  E0000028: [400, "The request is missing a required parameter."],
  E0000029: [400, "Invalid paging request."],
  E0000030: [
    400,
    "Bad request. Invalid date. Dates must be of the form yyyy-MM-dd'T'HH:mm:ss.SSSZZ, e.g. 2013-01-01T12:00:00.000-07:00.",
  ],
  E0000031: [400, "Invalid search criteria."],
  E0000032: [403, "Unlock is not allowed for this user."],
  E0000033: [400, "Bad request. Can't specify a search query and filter in the same request."],
  E0000034: [403, "Forgot password not allowed on specified user."],
  E0000035: [403, "Change password not allowed on specified user."],
  E0000036: [403, "Change recovery question not allowed on specified user."],
  E0000037: [400, "Type mismatch exception. {0}"],
  E0000038: [403, "This operation is not allowed in the user's current status."],
  E0000039: [403, "Operation on application settings failed."],
  E0000040: [400, "Application label must not be the same as an existing application label."],
  E0000041: [400, "Credentials should not be set on this resource based on the scheme."],
  E0000042: [403, "Setting the error page redirect URL failed."],
  E0000043: [403, "Self service application assignment is not enabled."],
  E0000044: [403, "Self service application assignment is not supported."],
  E0000045: [400, "Field mapping bad request."],
  E0000046: [403, "Deactivate application for user forbidden."],
  E0000047: [429, "API call exceeded rate limit due to too many requests."],
  E0000048: [404, "Entity not found exception."],
  E0000052: [501, "Endpoint not implemented."],
  E0000053: [400, "Invalid SCIM filter."],
  E0000054: [400, "Invalid pagination properties."],
  E0000055: [409, "Duplicate group."],
  E0000056: [403, "Delete application forbidden."],
  E0000060: [501, "Unsupported operation."],
  E0000062: [409, "The specified user is already assigned to the application."],
  E0000063: [400, "Invalid combination of parameters specified."],
  E0000068: [403, "Invalid Passcode/Answer"],
  E0000075: [403, "Cannot modify the {0} attribute because it has a field mapping and profile push is enabled."],
  E0000076: [405, "Cannot modify the app user because it is mastered by an external app."],
  E0000077: [403, "Cannot modify the {0} attribute because it is read-only."],
  E0000078: [403, "Cannot modify the {0} attribute because it is immutable."],
  E0000079: [403, "This operation is not allowed in the current authentication state."],
  E0000080: [403, "The password does not meet the complexity requirements of the current password policy."],
  E0000081: [403, "Cannot modify the {0} attribute because it is a reserved attribute for this application."],
  E0000087: [403, "The recovery question answer did not match our records."],
  E0000090: [409, "The role specified is already assigned to the user."],
  E0000091: [400, "The provided role type was not the same as required role type."],
  E0000094: [400, "The provided filter is unsupported."],
  E0000095: [403, "Recovery not allowed for unknown user."],
  E0000100: [503, "Unable to perform search query."],
  E0000102: [
    403,
    "YubiKey cannot be deleted while assigned to an user. Please deactivate YubiKey using reset MFA and try again",
  ],
  E0000107: [403, "The entity is not in the expected state for the requested transition."],
  E0000108: [409, "OEM generic duplicate resource."],
  E0000111: [403, "Cannot modify the {0} object because it is read-only."],
  E0000112: [409, "Cannot update this user because they are still being activated. Please try again in a few minutes."],
  E0000113: [409, "{0}."],
  E0000116: [400, "{0}"],
  E0000117: [403, "Cannot assign apps or update app profiles for an inactive user."],
  E0000122: [406, "Accept Header did not contain supported media type 'application/json'"],
  E0000123: [400, "Array specified in enum field must match const values specified in oneOf field."],
  E0000124: [
    400,
    "Could not create user. To create a user and expire their password immediately, a password must be specified",
  ],
  E0000125: [
    400,
    'Could not create user. To create a user and expire their password immediately, "activate" must be true',
  ],
  E0000127: [409, "Invalid linked objection definition. {0}"],
  E0000131: [400, "{0}"],
  E0000142: [403, "This User Type cannot be deleted."],
  E0000143: [403, "App instance operation not allowed."],
  E0000145: [
    409,
    "Some users returned by the search cannot be parsed because the user schema has been changed to be inconsistent with their stale profile data.",
  ],
  E0000148: [403, "Cannot modify/disable this authenticator because it is enabled in one or more policies. {0}"],
  E0000152: [403, "Illegal device status, cannot perform action."],
  E0000153: [410, "Invalid device id, it no longer exists."],
  E0000154: [410, "Invalid factor id, it is not currently active."],
  E0000155: [423, "User is not currently active."],
  E0000156: [410, "Invalid user id; the user either does not exist or has been deleted."],
  E0000163: [404, "Domain ID not found."],
  E0000178: [400, "This realm cannot be deleted. {0}"],
  E0000179: [400, "There is a required attribute that is externally sourced."],
  E0000181: [503, "Service temporarily unavailable."],
  E0000182: [409, "A default email template customization already exists."],
  E0000183: [409, "An email template customization for that language already exists."],
  E0000184: [409, "A default email template customization can't be deleted."],
  E0000192: [400, "Roles cannot be granted to groups with group membership rules. {0}"],
  E0000193: [400, "Roles can only be granted to groups with 5000 or less users. {0}"],
  E0000194: [400, "Roles can only be granted to Okta groups, AD groups and LDAP groups. {0}"],
  E0000195: [409, "Api validation failed due to conflict: {0}"],
  E0000198: [404, "Email domain not found."],
  E0000200: [409, "A default brand cannot be deleted."],
  E0000201: [409, "A brand associated with a custom domain or email doamin cannot be deleted."],
  E0000211: [400, "Roles cannot be granted to built-in groups: {0}"],
  E0000213: [403, "Cannot update page content for the default brand."],
  E0000231: [412, "ETag value doesn't match."],
  E0000239: [423, "Policy priorities are being reconciled. Please try again later."],
  E0000242: [400, "ETag syntax is invalid."],
  E0000243: [400, "Bad request."],
  E0000249: [409, "Group rules are still being set up. Please try again later."],
  E0000253: [409, "The User type is still being initialized. Please try again later."],
  E0000254: [
    409,
    "Another request has already been received for the settings for this email template. Please try again later.",
  ],
  E0000256: [414, "This request produced a response with a header too large to be processed."],
  E0000263: [409, "Attempted to assign a duplicate standard role assignment to an admin"],
  E0000268: [409, "Another request is making changes to the role assignments. Please try again."],
};

/** A new error id: `oae` and 22 base64url characters (recorded traffic). */
function errorId(): string {
  return `oae${randomBytes(16).toString("base64url")}`;
}

/** Whether {@link oktaError} knows the code. */
export function isErrorCode(code: unknown): boolean {
  return typeof code === "string" && Object.hasOwn(CODES, code);
}

/** The error of that code as the System Log words it: its own summary, without link and causes (Okta docs). */
export function logError(code: string, summary: string): OktaError {
  const { status } = oktaError(code);
  return new OktaError(status, { errorCode: code, errorSummary: summary, errorId: errorId() });
}

/** Makes (does not throw) the error of that code; throws a RangeError for a code this org never answers. */
export function oktaError(code: string, options: OktaErrorOptions = {}): OktaError {
  const entry = CODES[code];
  if (entry === undefined) throw new RangeError(`no such Okta error code: ${code}`);
  const [status, summary] = entry;
  const body: OktaErrorBody = {
    errorCode: code,
    errorSummary: summary.replace("{0}", () => options.arg ?? ""),
    errorLink: code,
    errorId: errorId(),
    errorCauses: (options.causes ?? []).map((errorSummary) => ({ errorSummary })),
  };
  return new OktaError(options.status ?? status, body, options.headers);
}
