const listeners = new Set<() => void>()

/** An answer says that nobody is signed in: on a page that was rendered for a user, their session has ended. */
export function noteSessionEnd(): void {
  for (const listener of listeners) listener()
}

export function subscribeToSessionEnd(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
