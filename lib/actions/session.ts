'use server'

import { redirect } from 'next/navigation'
import { signIn, signOut } from '@/lib/access/sessions/session'
import { homeHref } from '@/lib/routes/href'

export interface SignInState {
  readonly username: string
  readonly message?: string
}

/** The sign-in form. Works without JavaScript too. */
export async function startSession(_: SignInState, form: FormData): Promise<SignInState> {
  const username = String(form.get('username') ?? '')
  const result = await signIn({ username, password: form.get('password'), returnTo: form.get('returnTo') ?? undefined })
  if (result.outcome === 'signed-in') redirect(result.returnTo)
  return { username, message: result.message }
}

export async function endSession(): Promise<void> {
  await signOut()
  redirect(homeHref)
}
