'use client'

import { useActionState, useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/input'
import { Notice } from '@/components/ui/notice'

interface State {
  readonly username: string
  readonly message?: string
}

interface SignInFormProps {
  action: (state: State, form: FormData) => Promise<State>
  returnTo: string
  /** The registry whose account it asks for. Absent: a user of Lading. */
  registry?: string
}

export function SignInForm({ action, returnTo, registry }: SignInFormProps) {
  const [state, submit, pending] = useActionState(action, { username: '' })
  const password = useRef<HTMLInputElement>(null)
  useEffect(() => {
    // The name is kept: what has to be typed again is the password.
    if (state.message) password.current?.focus()
  }, [state])
  return (
    <form action={submit} className="space-y-4">
      <input type="hidden" name="returnTo" value={returnTo} />
      {registry && <input type="hidden" name="registry" value={registry} />}
      {state.message && (
        <Notice tone="danger" role="alert" title="Not signed in">
          {state.message}
        </Notice>
      )}
      <Field label="User name">
        <Input
          name="username"
          autoFocus={!state.username}
          required
          autoComplete="username"
          autoCapitalize="none"
          defaultValue={state.username}
        />
      </Field>
      <Field label={registry ? 'Password or token' : 'Password'}>
        <Input ref={password} name="password" type="password" required autoComplete="current-password" />
      </Field>
      <Button type="submit" variant="primary" className="w-full" disabled={pending}>
        {pending ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  )
}
