export type { Emission, Items, NotFound, Removed, ScopeMissed, ScopeRead } from "./emission.js";
export {
  type FeedChain,
  type FeedCursor,
  type FeedEntry,
  feedChains,
  feedPair,
  type FeedOptions,
  type FeedPage,
  LOG_RETENTION_MS,
  type ObjectEventRule,
  readFeed,
} from "./feed.js";
export { fetchOne, type FetchOptions, fetchRows } from "./fetch.js";
export { isScopeError, type ListOptions, readList } from "./list.js";
export { fillPath } from "./path.js";
export { readScopes, sameKey, type Scope, scopeAfter, type ScopesOptions } from "./scopes.js";
export { cutSlices, readSlices, type Slice, slicesOf } from "./slices.js";
