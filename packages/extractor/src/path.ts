import type { KeyValues } from "@tidemark/catalog";
import { TerminalError } from "@tidemark/kernel";

/**
 * Fills `{column}` places of a catalog path with percent-encoded values.
 * @throws TerminalError INTERNAL when a value is missing: the catalog and the caller disagree.
 */
export function fillPath(template: string, values: KeyValues): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined || value === "") {
      throw new TerminalError("INTERNAL", `No value for {${name}} in ${template}`);
    }
    return encodeURIComponent(value);
  });
}
