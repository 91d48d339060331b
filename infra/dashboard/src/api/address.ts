// Addresses that an answer names: the browser goes to them only if they are https, or http on this machine.

export function trusted(address: string | null | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined;
  const { protocol, hostname, username, password } = new URL(address);
  if (username || password) return undefined;
  const loopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return protocol === "https:" || (protocol === "http:" && loopback) ? address : undefined;
}
