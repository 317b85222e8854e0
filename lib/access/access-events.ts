import { processWide } from '../config/process-wide.ts'

/** Reports events of sessions and tokens before there is an actor, so that the audit log can record them. */
export interface AccessEvent {
  readonly kind: 'sign-in' | 'sign-in-failed' | 'sign-out' | 'token-used'
  /** As typed for a sign-in that failed: it may be anything, a password too. */
  readonly username: string
  readonly address: string
  /** Of a sign-in: `password`, or what the provider is called. Of a token: its name. */
  readonly by: string
  /** Of a failure: a code. */
  readonly reason?: string
}

type Listener = (event: AccessEvent) => Promise<void>

const listeners = () => processWide('access-events', (): { current?: Listener } => ({}))

/** `lib/data` records them: it can't be imported from here. */
export function onAccessEvent(listener: Listener): void {
  listeners().current = listener
}

/** Resolves when the event is recorded, or could not be. Never rejects: people must get in when the log is full. */
export async function tellAccessEvent(event: AccessEvent): Promise<void> {
  try {
    await listeners().current?.(event)
  } catch (error) {
    console.error(`The audit log can’t be written: ${event.kind} of ${event.username}`, error)
  }
}
