const PREFIX = 'org.opencontainers.image.'

/** A key where there is little room: `…licenses` for what the OCI image spec defines, every other key whole. */
export function shortKey(key: string): string {
  return key.startsWith(PREFIX) && key.length > PREFIX.length ? `…${key.slice(PREFIX.length)}` : key
}
