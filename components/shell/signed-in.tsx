'use client'

import { useEffect, useState } from 'react'
import { SignInLink } from '@/components/ui/sign-in-link'
import { subscribeToSessionEnd } from '@/lib/query/session-end'

/** What is shown of the signed-in user, until an answer says that their session has ended. */
export function SignedIn({ children }: { children: React.ReactNode }) {
  const [hasEnded, setEnded] = useState(false)
  useEffect(() => subscribeToSessionEnd(() => setEnded(true)), [])
  return hasEnded ? <SignInLink isCompact /> : children
}
