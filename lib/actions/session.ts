'use server'

import { redirect } from 'next/navigation'
import { type SignInResult, signIn, signInWithAccount, signOut } from '@/lib/access/sessions/session'
import { verifyAccount } from '@/lib/data/registries/verify-account'
import { homeHref } from '@/lib/routes/href'

export interface SignInState {
  readonly username: string
  readonly message?: string
}

/** The sign-in form. Works without JavaScript too. */
export async function startSession(_: SignInState, form: FormData): Promise<SignInState> {
  const username = String(form.get('username') ?? '')
  const input = { username, password: form.get('password'), returnTo: form.get('returnTo') ?? undefined }
  return endOf(username, await signIn(input))
}

/** The form for people who sign in with their own account of a registry. */
export async function startAccountSession(_: SignInState, form: FormData): Promise<SignInState> {
  const username = String(form.get('username') ?? '').trim()
  const [registry, password] = [form.get('registry'), form.get('password')]
  const input = { registry, username, password, returnTo: form.get('returnTo') ?? undefined }
  return endOf(username, await signInWithAccount(input, verifyAccount))
}

function endOf(username: string, result: SignInResult): SignInState {
  if (result.outcome === 'signed-in') redirect(result.returnTo)
  return { username, message: result.message }
}

export async function endSession(): Promise<void> {
  await signOut()
  redirect(homeHref)
}
