export { bucketOf } from "./buckets.js";
export { createOktaClient } from "./client.js";
export { type OktaAnswer, oktaAnswer } from "./errors.js";
export { parseJson } from "./json.js";
export { createMemoryLedger, type LedgerOptions, type MemoryLedger } from "./ledger.js";
export { type Link, nextLink, parseLinks } from "./links.js";
export { normalizeOrgUrl } from "./orgUrl.js";
export { redact } from "./redact.js";
export type {
  Admission,
  AdmissionRequest,
  BucketState,
  HttpMethod,
  OktaAuth,
  OktaClient,
  OktaClientOptions,
  OktaGrants,
  OktaOrganization,
  OktaPage,
  OktaResponse,
  OktaRole,
  OktaStats,
  PageOptions,
  Query,
  RateAnswer,
  RateLedger,
  RequestOptions,
  ScopeOptions,
} from "./types.js";
export { type OktaSettings, type ResolvedOktaSettings, resolveOktaSettings, type SettingsPlaces } from "./settings.js";
