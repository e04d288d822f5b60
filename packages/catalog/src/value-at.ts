/** The value at a declared path of an item of Okta's; undefined when it leads nowhere. */
export function valueAt(item: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, step) => (at as Record<string, unknown> | null | undefined)?.[step], item);
}
