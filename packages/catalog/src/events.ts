import { OBJECTS } from "./registry.js";

/**
 * Event types, or their beginnings (ending in `.` or `_`), that change nothing a table holds: sign-ins, decisions,
 * messages, reports and views (Okta docs, event types).
 */
export const IRRELEVANT_EVENTS: readonly string[] = [
  "user.session.",
  "user.authentication.",
  "policy.evaluate_sign_on",
];

/** The event types of the catalog's rules. */
function mappedTypes(): ReadonlySet<string> {
  return new Set(OBJECTS.flatMap(({ events }) => events.flatMap(({ types }) => types)));
}

let mapped: ReadonlySet<string> | undefined;

/** False for an event type that nobody declared, neither as a change of an object nor as irrelevant: Okta adds some every month. */
export function isKnownEvent(type: string): boolean {
  mapped ??= mappedTypes();
  return (
    mapped.has(type) ||
    IRRELEVANT_EVENTS.some((known) => type === known || (/[._]$/.test(known) && type.startsWith(known)))
  );
}
