/** 127.0.0.0/8, ::1 and localhost: what is sent there does not leave this machine. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase();
  return (
    host === "localhost" || host.endsWith(".localhost") || /^\[?::1\]?$/.test(host) || /^127(\.\d{1,3}){3}$/.test(host)
  );
}
