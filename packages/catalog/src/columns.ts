import type { ColumnDefinition } from "./definition.js";
import type { ColumnType } from "./table.js";

/** What a column may say besides path and type. */
type ColumnOptions = Omit<ColumnDefinition, "path" | "type">;

function columnOf(type: ColumnType): (path: string, options?: ColumnOptions) => ColumnDefinition {
  return (path, options) => ({ path: path.split("."), type, ...options });
}

/** Short forms for object files: `text("profile.login")`. Steps of the path are separated by dots. */
export const text = columnOf("text");
export const boolean = columnOf("boolean");
export const integer = columnOf("integer");
export const double = columnOf("double");
export const instant = columnOf("instant");
export const json = columnOf("json");

/** The id at the end of a link, where the link is the only carrier of the fact. */
export function linkedId(path: string, name: string): ColumnDefinition {
  return text(path, { name, lastSegment: true });
}

/** `"credentials.password.*"` → path. */
export function paths(...dotted: readonly string[]): readonly (readonly string[])[] {
  return dotted.map((path) => path.split("."));
}

/**
 * Private members of a JSON Web Key, or of the keys at `at` (RFC 7518, sections 6.2.2, 6.3.2 and 6.4.1). Okta's answers are
 * to have public keys alone; who registers a private one by mistake must not find it in the warehouse.
 */
export function privateKeyMembers(at?: string): readonly (readonly string[])[] {
  const members = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
  return paths(...members.map((member) => (at === undefined ? member : `${at}.${member}`)));
}
