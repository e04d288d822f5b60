import { TerminalError } from "@tidemark/kernel";

/** One fault of a configuration file. */
export interface ConfigProblem {
  /** `tidemark.yaml:12:5 connections.acme.token`. */
  readonly where: string;
  /** What is wrong and what is allowed, as a sentence. */
  readonly message: string;
}

/** The file was read and is not right; carries every fault that was found, in the order of the file. */
export class ConfigError extends TerminalError {
  readonly problems: readonly ConfigProblem[];

  constructor(code: "CONFIG_SYNTAX" | "CONFIG_INVALID" | "CONFIG_SECRET", problems: readonly ConfigProblem[]) {
    const [first] = problems;
    const single = problems.length === 1 && first !== undefined;
    super(
      code,
      single ? first.message : problems.map((problem) => `${problem.where}: ${problem.message}`).join("\n"),
      single ? { where: first.where } : {},
    );
    this.problems = problems;
  }
}

/** `a`, `a or b`, `a, b or c`. */
export function orList(words: Iterable<string>): string {
  const all = [...words];
  const last = all.pop();
  if (last === undefined) return "";
  return all.length === 0 ? last : `${all.join(", ")} or ${last}`;
}
