/** True for `unknown/unknown`, which BuildKit writes for attestations. A platform that is only half known is shown. */
export function isUnknownPlatform(platform: string | undefined): boolean {
  return platform === 'unknown/unknown'
}
