'use client'

import { useActionState } from 'react'
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
}

export function SignInForm({ action, returnTo }: SignInFormProps) {
  const [state, submit, pending] = useActionState(action, { username: '' })
  return (
    <form action={submit} className="space-y-4">
      <input type="hidden" name="returnTo" value={returnTo} />
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
      <Field label="Password">
        <Input name="password" type="password" required autoComplete="current-password" />
      </Field>
      <Button type="submit" variant="primary" className="w-full" disabled={pending}>
        {pending ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  )
}
