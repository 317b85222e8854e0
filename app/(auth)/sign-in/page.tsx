import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import type { PageProps } from '@/app/page-props'
import { Logo } from '@/components/shell/logo'
import { SignInForm } from '@/components/shell/sign-in-form'
import { buttonStyles } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { Notice } from '@/components/ui/notice'
import { safeReturnPath } from '@/lib/access/return-path'
import { attemptedPath, currentActor } from '@/lib/access/sessions/session'
import { startAccountSession, startSession } from '@/lib/actions/session'
import { config } from '@/lib/config/config'
import { signInOffers, whyNoSignIn } from '@/lib/data/registries/verify-account'
import { signInRejection } from '@/lib/problem/sign-in-rejection'
import { accountSignInHref, homeHref, providerSignInHref, signInHref } from '@/lib/routes/href'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: PageProps) {
  const { returnTo: wanted, error, account } = await searchParams
  const returnTo = wanted === undefined && error !== undefined ? await attemptedPath() : safeReturnPath(wanted)
  const { oidc } = config()
  const actor = await currentActor()
  if (actor.kind === 'user') redirect(returnTo)
  const offers = signInOffers()
  const registry = offers.find((name) => name === account)
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-12">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex items-center justify-center gap-2 text-lg font-semibold tracking-tight">
          <Logo className="size-6" />
          Lading
        </div>
        <div className="rounded-xl border bg-surface p-6 shadow-xs">
          <h1 className="mb-4 text-base font-semibold">
            {registry ? `Sign in with your account of ${registry}` : 'Sign in'}
          </h1>
          {registry ? (
            <AccountSignIn registry={registry} returnTo={returnTo} />
          ) : (
            <>
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
              {offers.length > 0 && (
                <ul className="mt-4 space-y-2 border-t pt-4">
                  {offers.map((name) => (
                    <li key={name}>
                      <Link href={accountSignInHref(name, returnTo)} className={buttonStyles({ className: 'w-full' })}>
                        Sign in with your account of {name}
                      </Link>
                    </li>
                  ))}
                </ul>
              )}
            </>
          )}
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

async function AccountSignIn({ registry, returnTo }: { registry: string; returnTo: string }) {
  const reason = await whyNoSignIn(registry)
  return (
    <>
      {reason ? (
        <Notice tone="warn" title="You can’t sign in this way">
          {reason}
        </Notice>
      ) : (
        <>
          <p className="mb-4 text-sm text-muted">
            {registry} checks your password and decides what you may do there. Lading keeps it encrypted in your session
            only.
          </p>
          <SignInForm action={startAccountSession} returnTo={returnTo} registry={registry} />
        </>
      )}
      <p className="mt-4 text-center text-sm">
        <Link href={signInHref(returnTo)} className="underline underline-offset-2 hover:text-ink">
          Sign in another way
        </Link>
      </p>
    </>
  )
}
