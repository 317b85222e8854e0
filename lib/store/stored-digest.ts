/** A digest in half the bytes of its text: its length says the algorithm. Anything else stays as it is written. */
export function storedDigest(digest: string): Buffer {
  return HEX.test(digest) ? Buffer.from(digest.slice('sha256:'.length), 'hex') : Buffer.from(digest)
}

const HEX = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/

/** The bytes that stored digests with some first hexadecimal digits lie between: from the first, up to before the other. */
export function storedDigestRange(hex: string): readonly [from: Buffer, to: Buffer] {
  const bytes = (digits: string, fill: string) =>
    Buffer.from(digits.padEnd(digits.length + (digits.length % 2), fill), 'hex')
  return [bytes(hex, '0'), Buffer.concat([bytes(hex, 'f'), Buffer.alloc(64, 0xff)])]
}
