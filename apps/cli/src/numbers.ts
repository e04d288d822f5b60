import { TerminalError } from "@tidemark/kernel";

/** A whole number of an option, within limits. Throws USAGE with the option's name and the limits. */
export function wholeNumber(
  option: string,
  text: unknown,
  limits: { readonly min: number; readonly max: number },
): number {
  const value = typeof text === "string" && /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= limits.min && value <= limits.max) return value;
  throw new TerminalError(
    "USAGE",
    `${option} must be a whole number from ${limits.min} to ${limits.max}, not "${String(text)}".`,
  );
}
