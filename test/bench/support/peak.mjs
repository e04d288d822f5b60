import { readFileSync } from "node:fs";

/**
 * This process's peak of resident memory in MB. By VmHWM where there is one (proc_pid_status(5)): what getrusage(2) tells
 * begins with the parent's own peak, from before the program was executed.
 */
export function peakRssMb() {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    if (kilobytes !== undefined) return Number(kilobytes) / 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS / 1024;
}

/** Processor time of this process so far. */
export function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
