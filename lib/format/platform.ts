/** True for `unknown/unknown` and the like, which builders write for what runs nowhere: attestations and their kind. */
export function isUnknownPlatform(platform: string | undefined): boolean {
  return platform !== undefined && /(?:^|\/)unknown(?:\/|$)/.test(platform)
}
