'use client'

import { Button } from '@/components/ui/button'
import { ProblemNotice } from '@/components/ui/problem-notice'
import { useMutation } from '@/lib/query/hooks'
import { endOtherSessionsMutation, endSessionMutation } from '@/lib/query/sessions'
import { problemFrom } from '@/lib/query/unwrap'

type EndSessionProps = { readonly id: string; readonly name: string } | { readonly others: number }

/**
 * Ends one session, or all of the user's own except this one. People who are signed out can sign in again, so it needs
 * no confirmation.
 */
export function EndSession(props: EndSessionProps) {
  const one = useMutation(endSessionMutation())
  const others = useMutation(endOtherSessionsMutation())
  const { isPending, error } = 'id' in props ? one : others
  return (
    <>
      {'id' in props ? (
        <Button size="sm" disabled={isPending} aria-label={`End ${props.name}`} onClick={() => one.mutate(props.id)}>
          {isPending ? 'Ending…' : 'End'}
        </Button>
      ) : (
        <Button disabled={isPending} onClick={() => others.mutate(undefined)}>
          {isPending ? 'Ending…' : `End ${props.others} other ${props.others === 1 ? 'session' : 'sessions'}`}
        </Button>
      )}
      {error && <ProblemNotice problem={problemFrom(error)} role="alert" className="mt-2" />}
    </>
  )
}
