import { isIPv4, isIPv6 } from 'node:net'

/**
 * From where an address can be reached: everywhere, a company's network, this machine, its cloud's own services,
 * nowhere.
 */
export type Zone = 'public' | 'private' | 'loopback' | 'link-local' | 'reserved'

/** IPv4 (RFC 6890 and its registry), first match counts; everything else is public. */
const V4: readonly (readonly [network: string, bits: number, zone: Zone])[] = [
  ['127.0.0.0', 8, 'loopback'],
  ['0.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['10.0.0.0', 8, 'private'],
  ['172.16.0.0', 12, 'private'],
  ['192.168.0.0', 16, 'private'],
  ['100.64.0.0', 10, 'private'],
  ['192.0.0.0', 24, 'private'],
  ['198.18.0.0', 15, 'private'],
  ['224.0.0.0', 3, 'reserved'],
]

/** The zone of an IP address as a socket or the resolver gives it. What isn't one is `reserved`. */
export function zoneOf(address: string): Zone {
  if (isIPv4(address)) return zoneOfV4(numberOf(address))
  const plain = address.split('%', 1)[0] ?? ''
  if (!isIPv6(plain)) return 'reserved'
  const words = wordsOf(plain)
  const last = (words[6] ?? 0) * 65_536 + (words[7] ?? 0)
  const leading = words.slice(0, 5).every((word) => word === 0)
  if (leading && words[5] === 0 && last <= 1) return 'loopback'
  // Addresses that hold an IPv4 one: mapped, compatible, NAT64 (RFC 6052), 6to4 (RFC 3056).
  if (leading && (words[5] === 0xffff || words[5] === 0)) return zoneOfV4(last)
  if (words[0] === 0x64 && words[1] === 0xff9b) return words[2] === 1 ? 'private' : zoneOfV4(last)
  if (words[0] === 0x2002) return zoneOfV4((words[1] ?? 0) * 65_536 + (words[2] ?? 0))
  const first = words[0] ?? 0
  if ((first & 0xfe00) === 0xfc00) return 'private'
  if ((first & 0xffc0) === 0xfe80) return 'link-local'
  if ((first & 0xffc0) === 0xfec0) return 'private'
  return (first & 0xe000) === 0x2000 ? 'public' : 'reserved'
}

function zoneOfV4(address: number): Zone {
  const found = V4.find(([network, bits]) => {
    const size = 2 ** (32 - bits)
    return Math.floor(address / size) === Math.floor(numberOf(network) / size)
  })
  return found?.[2] ?? 'public'
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0)
}

/** The eight 16-bit words; a dotted end counts for two. */
function wordsOf(address: string): number[] {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address)
  const v4 = numberOf(dotted?.[2] ?? '0.0.0.0')
  const text = dotted ? `${dotted[1]}${Math.floor(v4 / 65_536).toString(16)}:${(v4 % 65_536).toString(16)}` : address
  const [head = '', tail] = text.split('::')
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)))
  const [start, end] = [parse(head), parse(tail ?? '')]
  return tail === undefined ? start : [...start, ...new Array<number>(8 - start.length - end.length).fill(0), ...end]
}
