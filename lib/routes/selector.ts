/** A selector is a tag or a digest, and only a digest has a colon (OCI distribution, "Pulling manifests"). */
export function isDigestSelector(selector: string): boolean {
  return selector.includes(':')
}

/** What follows the repository in a reference: `:1.4.2` or `@sha256:…`. */
export function selectorSuffix(selector: string): string {
  return isDigestSelector(selector) ? `@${selector}` : `:${selector}`
}
