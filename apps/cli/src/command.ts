import type { Io } from "./io.js";

/** What a command is given: its arguments in order and its options (global ones included). */
export interface Invocation {
  readonly args: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** A command's module: loaded only when it is called, because most of them pull in heavy libraries. */
export interface CommandModule {
  run(io: Io, invocation: Invocation): Promise<number>;
}

/** Says which module to run, with what. */
export interface Choice extends Invocation {
  readonly load: () => Promise<CommandModule>;
}
