/** True for `unknown/unknown` and the like, which builders write for content that isn’t runnable, such as attestations. */
export function isUnknownPlatform(platform: string | undefined): boolean {
  return platform !== undefined && /(?:^|\/)unknown(?:\/|$)/.test(platform)
}
