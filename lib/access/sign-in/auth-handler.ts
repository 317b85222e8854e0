import 'server-only'
import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { authOptions } from './auth-options.ts'
import { OIDC } from './oidc-provider.ts'
import { startSignIn } from './start-sign-in.ts'

interface RouteContext {
  readonly params: Promise<{ readonly nextauth: string[] }>
}

/** The next-auth functions that Lading uses. Others are left out, such as `_log`, which lets anyone write to the log. */
const FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  GET: ['csrf', 'session', 'providers', 'signin', 'callback', 'error'],
  POST: ['signin', 'signout', 'callback'],
}

export async function handleAuth(request: NextRequest, context: RouteContext): Promise<Response> {
  const { nextauth } = await context.params
  if (!FUNCTIONS[request.method]?.includes(nextauth[0] ?? '')) return new Response('Not found', { status: 404 })
  try {
    const options = authOptions(request.headers)
    if (request.method === 'GET' && nextauth[0] === 'signin' && nextauth[1] === OIDC)
      return await startSignIn(request, options)
    return await NextAuth(request, context, options)
  } catch {
    // next-auth throws on a malformed Host, body or cookie.
    return new Response('Bad request', { status: 400 })
  }
}
