/** What a person reads when something failed: what happened, why, and what to do. Plain, so that it can cross to the client. */
export interface Problem {
  /** Stable: `registry.timeout`, `format.tag`, `access.denied`, `internal`. */
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly advice?: string
  /** For `conflict` and `exists`: digests. */
  readonly expected?: string
  readonly found?: string
}

/** For non-admins: settings and addresses of the server are for admins only. */
export const ASK_ADMIN = 'Ask your administrator.'
