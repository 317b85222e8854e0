import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { Logo } from '@/components/shell/logo'
import { SignInForm } from '@/components/shell/sign-in-form'
import { buttonStyles } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { safeReturnPath } from '@/lib/access/return-path'
import { currentActor } from '@/lib/access/sessions/session'
import { startSession } from '@/lib/actions/session'
import { config } from '@/lib/config/config'
import { signInRejection } from '@/lib/problem/sign-in-rejection'
import { homeHref, providerSignInHref } from '@/lib/routes/href'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { returnTo: wanted, error } = await searchParams
  const returnTo = safeReturnPath(wanted)
  const { oidc } = config()
  const actor = await currentActor()
  if (actor.kind === 'user') redirect(returnTo)
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-12">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex items-center justify-center gap-2 text-lg font-semibold tracking-tight">
          <Logo className="size-6" />
          Lading
        </div>
        <div className="rounded-xl border bg-surface p-6 shadow-xs">
          <h1 className="mb-4 text-base font-semibold">Sign in</h1>
          {oidc && (
            <>
              {typeof error === 'string' && (
                <Notice tone="danger" role="alert" title="Not signed in" className="mb-4">
                  {signInRejection(error, oidc.name)}
                </Notice>
              )}
              <a href={providerSignInHref(returnTo)} className={buttonStyles({ className: 'w-full' })}>
                Sign in with {oidc.name}
              </a>
              <p className="my-4 text-center text-xs text-muted">or with a password</p>
            </>
          )}
          <SignInForm action={startSession} returnTo={returnTo} />
        </div>
        {actor.role !== 'none' && (
          <p className="mt-4 text-center text-sm text-muted">
            <Link href={homeHref} className="underline underline-offset-2 hover:text-ink">
              Browse without signing in
            </Link>
          </p>
        )}
      </div>
    </main>
  )
}
